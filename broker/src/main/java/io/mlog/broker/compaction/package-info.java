/**
 * Which log is compacted when, how fast, and what came of it. Imports the partitions, the storage
 * room and metrics; what compaction does to a log is the storage room's.
 */
@NullMarked
package io.mlog.broker.compaction;

import org.jspecify.annotations.NullMarked;
