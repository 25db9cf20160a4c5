package io.mlog.broker.partition;

import io.mlog.core.producer.SequenceOutcome;
import io.mlog.core.replication.FollowerStatus;
import io.mlog.core.replication.IsrMember;
import io.mlog.core.replication.IsrProposal;
import io.mlog.core.replication.Leadership;
import io.mlog.core.replication.LogAgreement;
import io.mlog.core.replication.PartitionView;
import io.mlog.model.ErrorCode;
import io.mlog.model.OffsetAndEpoch;
import io.mlog.records.BatchHeader;
import io.mlog.records.BatchStamp;
import io.mlog.records.RecordsSlice;
import io.mlog.services.PartitionFetched;
import io.mlog.services.ReplicaAsk;
import io.mlog.services.ReplicaIdentity;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The role of a replica that leads: takes producers' batches, hears how far its followers are, and
 * lets {@link Leadership} decide what is committed. Guarded by the partition's lock.
 */
final class Leading implements Role {
    private final Replica replica;
    private final Leadership leadership;

    /** Where the logs of followers start, by broker, as they told last. */
    private final Map<Integer, Long> logStarts = new HashMap<>();

    /** Begins the leadership that {@code view} gives to this broker, at the log's end. */
    Leading(Replica replica, PartitionView view) {
        this.replica = replica;
        this.leadership =
                new Leadership(
                        replica.ports.self(),
                        view,
                        replica.log.logEndOffset(),
                        replica.highWatermark,
                        replica.ports.isrLimits(),
                        replica.ports.clock().millis());
        if (!replica.isSafe()) {
            replica.flushSoon();
        }
        logMoved();
    }

    @Override
    public int leaderEpoch() {
        return leadership.leaderEpoch();
    }

    @Override
    public int partitionEpoch() {
        return leadership.view().partitionEpoch();
    }

    Leadership leadership() {
        return leadership;
    }

    /** A newer image of this leadership. */
    void changed(PartitionView view) {
        leadership.changed(view, replica.ports.clock().millis());
        decided();
    }

    /** The log was appended to, or more of it is flushed. */
    void logMoved() {
        leadership.local(
                replica.settings().durability(),
                replica.log.flushedOffset(),
                replica.log.logEndOffset());
        decided();
    }

    boolean hasFollowers() {
        return leadership.hasFollowers();
    }

    LeaderStatus status() {
        PartitionView view = leadership.view();
        return new LeaderStatus(
                view.leaderEpoch(),
                view.partitionEpoch(),
                view.replicas().size(),
                view.isr().size(),
                view.minIsr(),
                leadership.followers(replica.ports.clock().millis()));
    }

    /**
     * An in-sync follower that consumers can read {@code offset} from: it has it, and it is
     * committed.
     */
    Optional<Integer> readerOf(long offset, IntPredicate wanted) {
        if (offset > replica.toldHighWatermark()) {
            return Optional.empty();
        }
        return leadership.followers(replica.ports.clock().millis()).stream()
                .filter(follower -> follower.inSync() && follower.fetchOffset() >= offset)
                .map(FollowerStatus::brokerId)
                .filter(id -> logStarts.getOrDefault(id, Long.MAX_VALUE) <= offset)
                .filter(wanted::test)
                .findFirst();
    }

    void tick() {
        leadership.tick(replica.ports.clock().millis());
        decided();
    }

    /**
     * The log is offline, so that nothing can be committed here any more: lets another in-sync
     * replica lead, if there is one. To be repeated until an image says so.
     */
    void resign() {
        leadership.resignation().ifPresent(this::propose);
    }

    /** A newer image of this leadership while the log is offline: nothing follows from it here. */
    void changedOffline(PartitionView view) {
        leadership.changed(view, replica.ports.clock().millis());
        leadership.proposal();
    }

    /** Puts into effect what the core has come to. */
    private void decided() {
        replica.publish(leadership.settled());
        leadership.proposal().ifPresent(this::propose);
    }

    private void propose(IsrProposal wish) {
        replica.effects.add(
                () -> replica.ports.proposals().propose(replica.name, replica.topicId, wish));
    }

    // ---- producers

    /** Appends, and lets {@code whenCommitted} wait when it is given and has to. */
    AppendOutcome append(
            ByteBuffer batches, @Nullable CommitListener whenCommitted, long timeoutMs, long now) {
        AppendOutcome outcome =
                whenCommitted == null ? append(batches, now) : appendForAll(batches, now);
        return whenCommitted != null
                        && outcome instanceof AppendOutcome.Appended appended
                        && !appended.committed()
                ? park(appended, whenCommitted, timeoutMs)
                : outcome;
    }

    /** Appends what will count when enough replicas have it, unless too few are in sync. */
    AppendOutcome appendForAll(ByteBuffer batches, long now) {
        return leadership.enoughReplicas()
                ? append(batches, now)
                : new AppendOutcome.Refused(ErrorCode.NOT_ENOUGH_REPLICAS, tooFewReplicas());
    }

    private AppendOutcome append(ByteBuffer batches, long now) {
        int at = batches.position();
        long producerId = BatchHeader.producerId(batches, at);
        boolean idempotent = producerId != BatchHeader.NO_PRODUCER_ID;
        if (idempotent) {
            AppendOutcome known = checkSequence(batches, at, producerId, now);
            if (known != null) {
                return known;
            }
        }
        long stamp = -1;
        if (replica.settings().stampsOnAppend()) {
            BatchStamp.logAppendTime(batches, at, now);
            stamp = now;
        }
        long baseOffset = replica.log.append(batches, leadership.leaderEpoch(), now);
        long endOffset = replica.log.logEndOffset();
        if (idempotent) {
            replica.producers.appended(
                    producerId,
                    BatchHeader.producerEpoch(batches, at),
                    BatchHeader.baseSequence(batches, at),
                    BatchHeader.recordCount(batches, at),
                    baseOffset,
                    now);
        }
        replica.wakeFollowers();
        if (replica.flushesBeforeItCounts()) {
            replica.flushSoon();
        } else {
            logMoved();
        }
        return new AppendOutcome.Appended(
                baseOffset,
                endOffset - 1,
                stamp,
                replica.log.logStartOffset(),
                replica.highWatermark.value() >= endOffset);
    }

    /** The outcome for a batch that must not be appended again or at all; null when it may be. */
    private @Nullable AppendOutcome checkSequence(
            ByteBuffer batches, int at, long producerId, long now) {
        SequenceOutcome outcome =
                replica.producers.check(
                        producerId,
                        BatchHeader.producerEpoch(batches, at),
                        BatchHeader.baseSequence(batches, at),
                        BatchHeader.recordCount(batches, at),
                        now);
        return switch (outcome) {
            case SequenceOutcome.Accept() -> null;
            case SequenceOutcome.Duplicate(long baseOffset, long lastOffset) ->
                    new AppendOutcome.Appended(
                            baseOffset,
                            lastOffset,
                            -1,
                            replica.log.logStartOffset(),
                            replica.highWatermark.value() > lastOffset);
            case SequenceOutcome.Refuse(ErrorCode error, String message) ->
                    new AppendOutcome.Refused(error, replica.name + ": " + message);
        };
    }

    private AppendOutcome park(
            AppendOutcome.Appended appended, CommitListener whenCommitted, long timeoutMs) {
        if (replica.parked.full()) {
            return new AppendOutcome.Refused(
                    ErrorCode.NOT_ENOUGH_REPLICAS_AFTER_APPEND,
                    ParkedProduces.LIMIT
                            + " requests already wait for "
                            + replica.name
                            + " to be committed; the records are appended, retry later");
        }
        replica.parked.park(appended.lastOffset() + 1, timeoutMs, whenCommitted);
        return appended;
    }

    /** Gives up the requests that have waited long enough, and says how far they got. */
    void expireWaiting() {
        boolean enough = leadership.enoughReplicas();
        replica.parked.expire(
                enough ? ErrorCode.REQUEST_TIMED_OUT : ErrorCode.NOT_ENOUGH_REPLICAS_AFTER_APPEND,
                "the records of "
                        + replica.name
                        + " are appended but not committed in time: high watermark "
                        + replica.highWatermark.value()
                        + ", log end "
                        + replica.log.logEndOffset()
                        + (enough ? "" : "; " + tooFewReplicas())
                        + "; they may still become committed");
    }

    private String tooFewReplicas() {
        PartitionView view = leadership.view();
        return "%s has %d in-sync replicas %s, acks=all needs %d (min.insync.replicas)"
                .formatted(replica.name, view.isr().size(), view.isr(), view.minIsr());
    }

    // ---- followers

    /**
     * Takes a follower's position in; says what is wrong with it, null when nothing is. A fetch of
     * a boot that is not registered may read, but does not count.
     */
    @Nullable PartitionFetched acknowledge(ReplicaIdentity who, ReplicaAsk ask) {
        if (!leadership.view().replicas().contains(who.brokerId())) {
            return PartitionFetched.refused(
                    replica.name,
                    ErrorCode.REPLICA_NOT_AVAILABLE,
                    "broker %d is no replica of %s, those are %s"
                            .formatted(who.brokerId(), replica.name, leadership.view().replicas()));
        }
        logStarts.put(who.brokerId(), ask.logStartOffset());
        long logEnd = replica.log.logEndOffset();
        LogAgreement agreement =
                LogAgreement.of(
                        ask.fetchOffset(),
                        ask.lastFetchedEpoch(),
                        replica.log.endOffsetOfEpoch(ask.lastFetchedEpoch()),
                        replica.log.logStartOffset(),
                        logEnd);
        return switch (agreement) {
            case LogAgreement.Agrees() -> {
                leadership.fetched(
                        new IsrMember(who.brokerId(), who.bootEpoch()),
                        ask.fetchOffset(),
                        logEnd,
                        replica.ports.clock().millis());
                decided();
                yield null;
            }
            case LogAgreement.Diverged(OffsetAndEpoch end) -> diverged(end);
            case LogAgreement.OutOfRange() -> outOfRange(ask);
        };
    }

    private PartitionFetched diverged(OffsetAndEpoch end) {
        return new PartitionFetched(
                replica.name,
                ErrorCode.NONE,
                null,
                replica.toldHighWatermark(),
                replica.toldHighWatermark(),
                replica.log.logStartOffset(),
                Optional.of(end),
                RecordsSlice.EMPTY);
    }

    private PartitionFetched outOfRange(ReplicaAsk ask) {
        return new PartitionFetched(
                replica.name,
                ErrorCode.OFFSET_OUT_OF_RANGE,
                "offset %d after leader epoch %d is not in the log of %s, which has %d to %d"
                        .formatted(
                                ask.fetchOffset(),
                                ask.lastFetchedEpoch(),
                                replica.name,
                                replica.log.logStartOffset(),
                                replica.log.logEndOffset()),
                replica.toldHighWatermark(),
                replica.toldHighWatermark(),
                replica.log.logStartOffset(),
                Optional.empty(),
                RecordsSlice.EMPTY);
    }
}
