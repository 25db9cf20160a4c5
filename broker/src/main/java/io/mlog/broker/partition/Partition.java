package io.mlog.broker.partition;

import io.mlog.broker.flush.FlushTarget;
import io.mlog.broker.flush.FlushTicket;
import io.mlog.core.producer.ProducerStates;
import io.mlog.core.producer.SavedProducer;
import io.mlog.core.replication.PartitionView;
import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import io.mlog.model.OffsetAndEpoch;
import io.mlog.model.TopicId;
import io.mlog.model.TopicPartition;
import io.mlog.services.FetchCommand;
import io.mlog.services.PartitionFetched;
import io.mlog.services.PartitionStatus;
import io.mlog.services.ReplicaAsk;
import io.mlog.services.ReplicaIdentity;
import io.mlog.storage.CompactionRun;
import io.mlog.storage.Dirtiness;
import io.mlog.storage.LogConfig;
import io.mlog.storage.PartitionLog;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One replica that this broker hosts, as the rest of the broker sees it: the doors through which
 * metadata, producers, consumers, followers, the leader's answers and the flusher come in. What
 * happens behind them is the role's ({@link Leading}, {@link Following}, {@link Waiting}) and the
 * core's.
 *
 * <p>Everything mutable is the {@link Replica}'s and guarded by its lock, which is held for an
 * append to the page cache at most: never while waiting for fsync, network or another partition.
 * Replies and wake-ups are effects that run after it is released. Readers take no lock. While a
 * follower's log is being cut, which waits for the disk, the lock is not held either: until that is
 * done the role stays, and nobody else writes to the log.
 *
 * <p>Invariants: log start ≤ high watermark ≤ log end. It does not decide who leads: that comes
 * from the metadata.
 */
public final class Partition implements FlushTarget, FollowedPartition, LedPartition {
    private static final Logger LOG = LoggerFactory.getLogger(Partition.class);

    private final FlushTicket ticket = new FlushTicket();
    private final Replica replica;
    private final PartitionReads reads;
    private final ConsumerDoor consumers;
    private final FollowerDoor followers;
    private final LeaderDoor leader;
    private final DiskDoor disk;
    private final WriterDoor writer;

    /**
     * Takes over a recovered log, with the producer states that its recovery has rebuilt. It does
     * nothing before {@link #apply} gives it a role.
     *
     * @param storedHighWatermark the last one that was recorded, at most the log end counts
     */
    public Partition(
            TopicPartition name,
            TopicId topicId,
            PartitionLog log,
            ProducerStates producers,
            PartitionSettings settings,
            long storedHighWatermark,
            PartitionPorts ports) {
        this.replica =
                new Replica(
                        this, name, topicId, log, producers, settings, storedHighWatermark, ports);
        this.reads = new PartitionReads(replica);
        this.consumers = new ConsumerDoor(replica, reads);
        this.followers = new FollowerDoor(replica, reads);
        this.leader = new LeaderDoor(replica);
        this.disk = new DiskDoor(replica);
        this.writer = new WriterDoor(replica, this);
    }

    @Override
    public TopicPartition name() {
        return replica.name;
    }

    @Override
    public TopicId topicId() {
        return replica.topicId;
    }

    /** The log, for look-ups by time and for the store that opened it. */
    public PartitionLog log() {
        return replica.log;
    }

    /** First offset not known to be committed. Any thread. */
    public long highWatermark() {
        return replica.readableEnd();
    }

    /** The configuration in force. Any thread. */
    public PartitionSettings settings() {
        return replica.settings();
    }

    // ---- metadata

    /** Puts a changed configuration into force. Any thread. */
    public void update(PartitionSettings settings, LogConfig logConfig) {
        replica.locked(() -> {
            replica.settings(settings);
            replica.log.updateConfig(logConfig);
            if (!replica.isSafe()) {
                replica.flushSoon();
            }
            if (replica.role() instanceof Leading leading) {
                leading.logMoved();
            }
        });
    }

    /**
     * Takes on the role that the metadata gives to this replica; an image older than the last one
     * changes nothing. Waits for a cut of the log that is in progress. Called by one thread.
     */
    public void apply(PartitionView view) {
        replica.locked(() -> {
            replica.awaitCut();
            Role before = replica.role();
            boolean older =
                    view.leaderEpoch() < before.leaderEpoch()
                            || view.partitionEpoch() < before.partitionEpoch();
            if (older) {
                return;
            }
            replica.commits.endBefore(view.leaderEpoch());
            if (replica.stopped() == null) {
                take(before, view);
            } else if (before instanceof Leading leading) {
                takeOffline(leading, view);
            }
        });
    }

    /** A leader whose log went offline waits for its successor. */
    private void takeOffline(Leading leading, PartitionView view) {
        if (view.leader() != replica.ports.self().brokerId()) {
            replica.role(new Waiting(view.leaderEpoch(), view.partitionEpoch()));
        } else if (view.leaderEpoch() == leading.leaderEpoch()) {
            leading.changedOffline(view);
        }
    }

    private void take(Role before, PartitionView view) {
        boolean sameEpoch = view.leaderEpoch() == before.leaderEpoch();
        if (view.leader() == replica.ports.self().brokerId()) {
            if (sameEpoch && before instanceof Leading leading) {
                leading.changed(view);
            } else {
                become(new Leading(replica, view));
            }
        } else if (view.leader() == PartitionView.NO_LEADER) {
            stopLeading(before, new Waiting(view.leaderEpoch(), view.partitionEpoch()));
        } else if (sameEpoch && before instanceof Following following) {
            following.changed(view);
        } else {
            follow(before, new Following(replica, view), view);
        }
    }

    private void follow(Role before, Following next, PartitionView view) {
        stopLeading(before, next);
        if (!replica.isSafe()) {
            replica.flushSoon();
        }
        if (replica.log.isDamaged() && !view.isr().contains(replica.ports.self().brokerId())) {
            leader.beginAnew(next);
        }
        replica.fetchable();
    }

    private void stopLeading(Role before, Role next) {
        become(next);
        if (before instanceof Leading) {
            replica.parked.refuse(ErrorCode.NOT_LEADER, replica.notLeading());
        }
        replica.publish(replica.everTold());
    }

    private void become(Role next) {
        replica.role(next);
        replica.wakeAll();
        LOG.debug("{}: {}", replica.name, next);
    }

    /**
     * Lets time pass: a leader looks whether its followers keep up, and hands over when its log is
     * offline or damaged. Any thread.
     */
    public void tick() {
        if (replica.role() instanceof Leading leading && leading.hasFollowers()) {
            replica.locked(() -> {
                if (replica.role() instanceof Leading present) {
                    tick(present);
                }
            });
        }
    }

    private void tick(Leading leading) {
        if (replica.stopped() == null) {
            leading.tick();
            if (replica.log.isDamaged()) {
                leading.resign();
            }
        } else if (replica.log.offlineReason().isPresent()) {
            leading.resign();
        }
    }

    // ---- producers

    /**
     * Why nothing can be appended here, empty while it can: spares whoever asks the work on a
     * request that is refused anyway. Any thread.
     */
    Optional<AppendOutcome.Refused> refusal() {
        return replica.leads() ? Optional.empty() : Optional.of(replica.refused());
    }

    /**
     * Appends batches that {@link io.mlog.records.BatchCheck} has passed, assigning their offsets
     * in place. When they must reach the disk to count it also asks for a flush.
     *
     * @param whenCommitted told when the records are committed, null when nobody waits; not called
     *     when the outcome is a refusal or says that they are committed already
     * @param timeoutMs how long {@code whenCommitted} waits
     */
    AppendOutcome append(
            ByteBuffer batches, @Nullable CommitListener whenCommitted, long timeoutMs) {
        long now = replica.ports.clock().millis();
        return append(leading -> leading.append(batches, whenCommitted, timeoutMs, now));
    }

    /** The same for {@link WriterDoor}: only in that leader epoch, and nobody waits here. */
    AppendOutcome appendIn(int leaderEpoch, ByteBuffer batches) {
        long now = replica.ports.clock().millis();
        return append(leading ->
                leading.leaderEpoch() == leaderEpoch
                        ? leading.appendForAll(batches, now)
                        : replica.ledAnew(leaderEpoch));
    }

    private AppendOutcome append(Function<Leading, AppendOutcome> asLeader) {
        AppendOutcome outcome;
        replica.lock.lock();
        try {
            outcome =
                    replica.stopped() == null && replica.role() instanceof Leading leading
                            ? asLeader.apply(leading)
                            : replica.refused();
        } catch (MlogException failure) {
            outcome = new AppendOutcome.Refused(failure.code(), failure.reason());
            if (replica.log.offlineReason().isPresent()) {
                disk.goneOffline(failure);
            }
        } finally {
            replica.lock.unlock();
        }
        if (outcome instanceof AppendOutcome.Refused(ErrorCode error, String message)) {
            replica.refusals.note(error, message, replica.ports.clock().millis());
        }
        replica.effects.drain();
        return outcome;
    }

    /** Gives up the produce requests that have waited long enough. Called by their timer. */
    void expireWaiting() {
        replica.locked(() -> {
            if (replica.role() instanceof Leading leading) {
                leading.expireWaiting();
            }
        });
    }

    // ---- consumers

    /** Reads for a consumer. Any thread; takes no lock; may block on a cold page. */
    PartitionFetched read(
            FetchCommand.PartitionFetch wanted,
            boolean allowFollower,
            int maxBytes,
            boolean atLeastOneBatch) {
        return consumers.read(wanted, allowFollower, maxBytes, atLeastOneBatch);
    }

    /** Counts what a consumer may wait for: to be taken before a read, and given to a watch. */
    long changes() {
        return replica.changes();
    }

    /**
     * Registers {@code watcher} to be told once when there is more to read, or nothing any more.
     *
     * @param seen the {@link #changes} before the read that found too little
     * @return false when that has happened already; the watcher is then not registered
     */
    boolean watch(AdvanceListener watcher, long seen) {
        return consumers.watch(watcher, seen);
    }

    /** Forgets a watcher. */
    void unwatch(AdvanceListener watcher) {
        consumers.unwatch(watcher);
    }

    /** The next offset to be committed, as {@link ConsumerDoor#latestOffset} tells it. */
    long latestOffset() {
        return consumers.latestOffset();
    }

    /** Where a leader epoch ended, as {@link PartitionReads#endOfEpoch} tells it. */
    OffsetAndEpoch endOfEpoch(int currentLeaderEpoch, int leaderEpoch) {
        return reads.endOfEpoch(currentLeaderEpoch, leaderEpoch);
    }

    /** Those of the last {@code most} idempotent producers to write here. Any thread. */
    List<SavedProducer> producers(int most) {
        replica.lock.lock();
        try {
            return replica.producers.list(most, replica.ports.clock().millis());
        } finally {
            replica.lock.unlock();
        }
    }

    /** Refuses what only a leader answers, unless this broker leads. */
    void requireLeader() {
        replica.requireLeader();
    }

    /** Raises the log start offset, as {@link ConsumerDoor#deleteBefore} does. */
    long deleteBefore(long offset) {
        return consumers.deleteBefore(offset);
    }

    // ---- the coordinator on this broker

    /** For the partition's only writer when it is this broker itself. */
    public WriterDoor writer() {
        return writer;
    }

    // ---- followers of this broker

    @Override
    public @Nullable PartitionFetched acknowledge(ReplicaIdentity who, ReplicaAsk ask) {
        return followers.acknowledge(who, ask);
    }

    @Override
    public PartitionFetched readForReplica(
            ReplicaAsk ask, int maxRecords, int maxBytes, boolean atLeastOneBatch) {
        return followers.readForReplica(ask, maxRecords, maxBytes, atLeastOneBatch);
    }

    @Override
    public boolean watchForReplica(
            AdvanceListener watcher, int leaderEpoch, long seenLogEnd, long toldHighWatermark) {
        return followers.watchForReplica(watcher, leaderEpoch, seenLogEnd, toldHighWatermark);
    }

    @Override
    public void unwatchForReplica(AdvanceListener watcher) {
        followers.unwatchForReplica(watcher);
    }

    // ---- the leader that this broker follows

    @Override
    public Optional<FetchPosition> position() {
        return leader.position();
    }

    @Override
    public void received(FetchPosition asked, ReplicaData data) {
        leader.received(asked, data);
    }

    // ---- disk

    @Override
    public FlushTicket ticket() {
        return ticket;
    }

    @Override
    public long flush() {
        return disk.flush();
    }

    /**
     * Drops the segments that retention lets go, and gives back those that nobody reads any more.
     */
    public void clean() {
        disk.clean();
    }

    /** How much there is to compact, nothing unless its topic is compacted. Any thread. */
    public Dirtiness dirtiness() {
        return disk.dirtiness();
    }

    /** Whether a compaction is due. Any thread. */
    public boolean wantsCompaction() {
        return replica.settings().compaction().filter(dirtiness()::isDue).isPresent();
    }

    /**
     * Plans a compaction, empty when there is nothing to compact. Any thread, one at a time.
     *
     * @throws MlogException when the log is offline
     */
    public Optional<CompactionRun> compaction() {
        return disk.compaction();
    }

    /** Ends serving: everybody who waits is told {@code message}. Idempotent. */
    public void stop(ErrorCode error, String message) {
        replica.locked(() -> replica.stop(error, message));
    }

    // ---- state

    /** The leader epoch of the present role. Any thread. */
    int leaderEpoch() {
        return replica.role().leaderEpoch();
    }

    /** The present state of the replicas, when this broker leads. Any thread. */
    public Optional<LeaderStatus> leading() {
        replica.lock.lock();
        try {
            return replica.stopped() == null && replica.role() instanceof Leading leading
                    ? Optional.of(leading.status())
                    : Optional.empty();
        } finally {
            replica.lock.unlock();
        }
    }

    /** An in-sync follower that consumers can read {@code offset} from. Any thread. */
    Optional<Integer> readerOf(long offset, IntPredicate wanted) {
        replica.lock.lock();
        try {
            return replica.stopped() == null && replica.role() instanceof Leading leading
                    ? leading.readerOf(offset, wanted)
                    : Optional.empty();
        } finally {
            replica.lock.unlock();
        }
    }

    /** The present state, for people and metrics. Any thread. */
    public PartitionStatus status() {
        Replica.Stopped why = replica.stopped();
        return new PartitionStatus(
                replica.name,
                replica.log.logStartOffset(),
                replica.readableEnd(),
                replica.log.logEndOffset(),
                replica.log.flushedOffset(),
                replica.log.sizeBytes(),
                replica.log.segmentCount(),
                leading().map(LeaderStatus::followers).orElse(List.of()),
                why == null,
                why == null ? disk.notCompacted() : why.message(),
                replica.refusals.all());
    }
}
