/**
 * Repeatable comparisons of whole brokers, by the clients that people use. Nothing depends on it.
 */
@NullMarked
package io.mlog.benchmarks;

import org.jspecify.annotations.NullMarked;
