/**
 * The cluster's metadata as a deterministic machine: commands in, records and an immutable image
 * out. Imports model and the ISR proposals of core.replication; no I/O, threads, clocks or
 * randomness.
 */
@NullMarked
package io.mlog.core.metadata;

import org.jspecify.annotations.NullMarked;
