/**
 * A cluster on one thread: real partitions, logs, fetchers and metadata decisions, with virtual
 * time, network, disks and clocks, and faults that a seed chooses. After every event it is checked
 * that nothing promised is broken. Imports the rooms it runs; nobody imports it.
 */
@NullMarked
package io.mlog.simulation;

import org.jspecify.annotations.NullMarked;
