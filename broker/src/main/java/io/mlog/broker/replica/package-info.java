/**
 * Followers at work: one fetcher for each leader broker, and the way its requests take to the
 * leader. What is fetched goes to the partitions; what a leader does with a fetch is in {@link
 * io.mlog.broker.partition}. Knows no Netty and starts no threads, so that a simulator can drive
 * it. Imported by the broker's wiring.
 */
@NullMarked
package io.mlog.broker.replica;

import org.jspecify.annotations.NullMarked;
