/**
 * What a partition may expose and whom it may answer, decided without I/O, threads or clocks.
 * Imports model only.
 */
@NullMarked
package io.mlog.core.replication;

import org.jspecify.annotations.NullMarked;
