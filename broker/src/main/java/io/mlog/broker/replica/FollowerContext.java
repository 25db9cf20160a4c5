package io.mlog.broker.replica;

import io.mlog.broker.partition.Timer;
import io.mlog.services.ReplicaIdentity;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * What all fetchers of a broker share.
 *
 * @param self this broker, as its leaders know it
 * @param timer ends pauses; on none of the ways that acknowledgements take
 * @param random for the jitter of pauses; used by several threads
 * @param fatal told of a bug of ours; the broker then stops
 */
public record FollowerContext(
        ReplicaIdentity self,
        FetcherLimits limits,
        Timer timer,
        RandomGenerator random,
        ContactHints hints,
        ReplicationThrottle throttle,
        ReplicationStats stats,
        Consumer<Throwable> fatal) {}
