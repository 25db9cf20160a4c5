package io.mlog.broker;

import io.mlog.broker.config.BrokerConfig;
import io.mlog.broker.config.ReplicationConfig;
import io.mlog.broker.metrics.MetricSource;
import io.mlog.broker.metrics.Samples;
import io.mlog.broker.net.PeerLines;
import io.mlog.broker.partition.FollowerListener;
import io.mlog.broker.partition.HostedPartitions;
import io.mlog.broker.partition.ReplicaSessions;
import io.mlog.broker.partition.Timer;
import io.mlog.broker.replica.ContactHints;
import io.mlog.broker.replica.FetcherLimits;
import io.mlog.broker.replica.FollowerContext;
import io.mlog.broker.replica.KafkaReplicaTransport;
import io.mlog.broker.replica.ReplicaFetchers;
import io.mlog.broker.replica.ReplicationStats;
import io.mlog.broker.replica.ReplicationThrottle;
import io.mlog.core.metadata.MetadataImage;
import io.mlog.core.replication.IsrMember;
import io.mlog.services.ReplicaIdentity;
import io.mlog.services.ReplicaService;
import java.time.Clock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Both ends of replication on this broker: the fetchers that follow other leaders, and the sessions
 * of those who follow this one.
 */
final class Replication implements MetricSource, AutoCloseable {
    /** Appending what was fetched is bounded by the disk; one thread saturates it. */
    private static final int EVENT_LOOPS = 1;

    /** How much longer than a request's wait a leader may be silent. */
    private static final long GRACE_MS = 3_000;

    private final PeerLines lines;
    private final ReplicationStats stats = new ReplicationStats();
    private final ReplicaFetchers fetchers;
    private final ReplicaSessions sessions;

    /**
     * Follows nobody yet.
     *
     * @param metadata the newest image
     * @param random used by several threads
     * @param hints told of leaders that cannot be reached
     * @param fatal told of a bug of ours; the broker then stops
     */
    Replication(
            BrokerConfig config,
            IsrMember self,
            HostedPartitions hosted,
            Supplier<MetadataImage> metadata,
            Timer timer,
            RandomGenerator random,
            ContactHints hints,
            Consumer<Throwable> fatal) {
        ReplicationConfig replication = config.replication();
        FetcherLimits limits = FetcherLimits.forLagTime(replication.isrLagMs());
        lines =
                PeerLines.start(
                        EVENT_LOOPS,
                        "mlog-replica",
                        limits.maxBytes() + config.network().maxFrameBytes(),
                        System::nanoTime);
        fetchers =
                new ReplicaFetchers(
                        new KafkaReplicaTransport(lines, System::nanoTime, GRACE_MS),
                        new FollowerContext(
                                new ReplicaIdentity(self.brokerId(), self.bootEpoch()),
                                limits,
                                timer,
                                random,
                                hints,
                                throttle(replication),
                                stats,
                                fatal));
        sessions =
                new ReplicaSessions(
                        hosted,
                        metadata,
                        timer,
                        Clock.systemUTC(),
                        replication.batchSize(),
                        random,
                        fatal);
    }

    private static ReplicationThrottle throttle(ReplicationConfig replication) {
        long rate = replication.reassignmentBytesPerSecond();
        return new ReplicationThrottle(
                rate == 0 ? ReplicationThrottle.UNLIMITED : rate, System::nanoTime);
    }

    /** Told by partitions that they may fetch. */
    FollowerListener followers() {
        return fetchers;
    }

    /** Answers those who follow this broker. */
    ReplicaService sessions() {
        return sessions;
    }

    /** Takes a newer image in, before anybody acts on it; does not block. */
    void published(MetadataImage image) {
        fetchers.published(image);
    }

    /** The partitions have acted on the image. */
    void acted(MetadataImage image) {
        sessions.metadataActed();
    }

    @Override
    public void collect(Samples samples) {
        stats.collect(samples);
        sessions.collect(samples);
        lines.collect(samples);
    }

    /** Ends the fetchers and their connections. */
    @Override
    public void close() {
        fetchers.close();
        lines.close();
    }
}
