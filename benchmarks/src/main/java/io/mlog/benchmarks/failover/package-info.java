/**
 * How long nothing is acknowledged after {@code kill -9} of a leader: clusters of three brokers of
 * mlog and of Apache Kafka, by the same client. Nothing depends on it.
 */
@NullMarked
package io.mlog.benchmarks.failover;

import org.jspecify.annotations.NullMarked;
