/**
 * Idempotent producers: which sequences a partition has seen and what that makes of the next batch.
 * Imports model only; no I/O, threads, clocks or randomness.
 */
@NullMarked
package io.mlog.core.producer;

import org.jspecify.annotations.NullMarked;
