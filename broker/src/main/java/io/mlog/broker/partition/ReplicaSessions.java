package io.mlog.broker.partition;

import io.mlog.broker.metrics.MetricSource;
import io.mlog.broker.metrics.Samples;
import io.mlog.core.metadata.BrokerImage;
import io.mlog.core.metadata.MetadataImage;
import io.mlog.model.ErrorCode;
import io.mlog.model.TopicIdPartition;
import io.mlog.services.ReplicaFetchCommand;
import io.mlog.services.ReplicaFetched;
import io.mlog.services.ReplicaIdentity;
import io.mlog.services.ReplicaService;
import io.mlog.services.WaitingFetch;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The fetch sessions of this broker's followers: one for each broker that is registered, since a
 * new one ends the one before. Any thread.
 */
public final class ReplicaSessions implements ReplicaService, MetricSource {
    private final Supplier<MetadataImage> metadata;
    private final RandomGenerator random;
    private final ReplicaSession.Context context;
    private final Map<Integer, ReplicaSession> sessions = new ConcurrentHashMap<>();
    private final LongAdder begun = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder bytesOut = new LongAdder();

    /**
     * Serves what is hosted.
     *
     * @param metadata the newest image: only the registered boot of a broker may fetch
     * @param maxRecords most records of one partition in one answer
     * @param random for the numbers of sessions; used by several threads
     * @param fatal told of a bug of ours; the broker then stops
     */
    public ReplicaSessions(
            HostedPartitions partitions,
            Supplier<MetadataImage> metadata,
            Timer timer,
            InstantSource clock,
            int maxRecords,
            RandomGenerator random,
            Consumer<Throwable> fatal) {
        this(partitions::find, metadata, timer, clock, maxRecords, random, fatal);
    }

    ReplicaSessions(
            Function<TopicIdPartition, @Nullable LedPartition> partitions,
            Supplier<MetadataImage> metadata,
            Timer timer,
            InstantSource clock,
            int maxRecords,
            RandomGenerator random,
            Consumer<Throwable> fatal) {
        this.metadata = metadata;
        this.random = random;
        this.context =
                new ReplicaSession.Context(partitions, timer, clock, maxRecords, bytesOut, fatal);
    }

    @Override
    public WaitingFetch fetch(ReplicaFetchCommand command, Consumer<ReplicaFetched> done) {
        ErrorCode error = refusal(command.replica());
        ReplicaSession session = error == ErrorCode.NONE ? session(command) : null;
        if (session != null) {
            return session.request(command, done);
        }
        refused.increment();
        done.accept(
                ReplicaFetched.refused(
                        error == ErrorCode.NONE ? ErrorCode.FETCH_SESSION_ID_NOT_FOUND : error));
        return WaitingFetch.NOT_WAITING;
    }

    private ErrorCode refusal(ReplicaIdentity replica) {
        BrokerImage registered = metadata.get().brokers().get(replica.brokerId());
        if (registered == null) {
            return ErrorCode.CLUSTER_AUTHORIZATION_FAILED;
        }
        return registered.bootEpoch() == replica.bootEpoch()
                ? ErrorCode.NONE
                : ErrorCode.STALE_BROKER_EPOCH;
    }

    private @Nullable ReplicaSession session(ReplicaFetchCommand command) {
        if (command.sessionEpoch() != ReplicaFetchCommand.FIRST_EPOCH) {
            ReplicaSession present = sessions.get(command.replica().brokerId());
            return present != null && present.isOf(command) ? present : null;
        }
        begun.increment();
        ReplicaSession fresh =
                new ReplicaSession(
                        command.replica(), random.nextInt(1, Integer.MAX_VALUE), context);
        ReplicaSession former = sessions.put(command.replica().brokerId(), fresh);
        if (former != null) {
            former.end(ErrorCode.FETCH_SESSION_ID_NOT_FOUND);
        }
        return fresh;
    }

    /** This broker has acted on newer metadata: asks that were ahead of it are looked at again. */
    public void metadataActed() {
        sessions.values().forEach(ReplicaSession::metadataActed);
    }

    @Override
    public void collect(Samples samples) {
        samples.counter(
                "mlog_replica_out_bytes",
                "Bytes of records that followers have fetched from this broker.",
                (double) bytesOut.sum());
        samples.counter(
                "mlog_replica_sessions",
                "Fetch sessions that followers have begun with this broker.",
                (double) begun.sum());
        samples.counter(
                "mlog_replica_refused",
                "Requests of followers that this broker has refused as a whole.",
                (double) refused.sum());
    }
}
