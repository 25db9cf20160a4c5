package io.mlog.broker.partition;

import io.mlog.core.replication.EpochEnd;
import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import io.mlog.model.OffsetAndEpoch;
import io.mlog.model.TopicId;
import io.mlog.records.RecordsSlice;
import io.mlog.services.FetchCommand;
import io.mlog.services.FetchCommand.PartitionFetch;
import io.mlog.services.PartitionFetched;
import io.mlog.services.ReplicaAsk;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads of one partition. Those of records take no lock: they look once at the published role, and
 * read the log's published segments below an end taken before. Any thread; may block on a cold
 * page.
 */
final class PartitionReads {
    private final Replica replica;

    PartitionReads(Replica replica) {
        this.replica = replica;
    }

    /** Reads for a consumer, below the high watermark (R8). */
    PartitionFetched forConsumer(
            PartitionFetch wanted, boolean allowFollower, int maxBytes, boolean atLeastOneBatch) {
        PartitionFetched refusal = refusal(wanted, allowFollower);
        if (refusal != null) {
            return refusal;
        }
        long limit = replica.readableEnd();
        return wanted.offset() >= limit || (maxBytes <= 0 && !atLeastOneBatch)
                ? found(RecordsSlice.EMPTY)
                : read(wanted.offset(), maxBytes, limit, atLeastOneBatch);
    }

    private @Nullable PartitionFetched refusal(PartitionFetch wanted, boolean allowFollower) {
        Replica.Stopped why = replica.stopped();
        if (why != null) {
            return refused(why.error(), why.message());
        }
        Role role = replica.role();
        if (!wanted.topicId().equals(TopicId.ZERO) && !wanted.topicId().equals(replica.topicId)) {
            return refused(
                    ErrorCode.UNKNOWN_TOPIC_ID,
                    "the topic of %s has the id %s here, not %s"
                            .formatted(replica.name, replica.topicId, wanted.topicId()));
        }
        int epoch = wanted.currentLeaderEpoch();
        if (epoch != FetchCommand.NO_EPOCH && epoch != role.leaderEpoch()) {
            return otherEpoch(role, epoch);
        }
        boolean leads = role instanceof Leading;
        if (!leads && !allowFollower) {
            return notLeader();
        }
        long start = replica.log.logStartOffset();
        long end = replica.log.logEndOffset();
        if (wanted.offset() >= start && wanted.offset() <= end) {
            return null;
        }
        if (leads) {
            return outOfRange(wanted.offset(), start, end);
        }
        return wanted.offset() < start
                ? refused(ErrorCode.NOT_LEADER, notHere(wanted.offset(), start, end))
                : refused(ErrorCode.OFFSET_NOT_AVAILABLE, notHere(wanted.offset(), start, end));
    }

    /**
     * Reads for a follower, up to the log end, at most {@code maxRecords} records; the first batch
     * may have more.
     */
    PartitionFetched forReplica(
            ReplicaAsk ask, int maxRecords, int maxBytes, boolean atLeastOneBatch) {
        PartitionFetched refusal = wrongLeadership(ask.leaderEpoch());
        if (refusal != null) {
            return refusal;
        }
        long offset = ask.fetchOffset();
        long start = replica.log.logStartOffset();
        long end = replica.log.logEndOffset();
        if (offset < start || offset > end) {
            return outOfRange(offset, start, end);
        }
        long limit = Math.min(end, offset + maxRecords);
        PartitionFetched few = read(offset, maxBytes, limit, atLeastOneBatch);
        if (limit == end || few.message() != null || few.records().sizeBytes() > 0) {
            return few;
        }
        PartitionFetched first = read(offset, 0, end, true);
        if (atLeastOneBatch || first.records().sizeBytes() <= maxBytes) {
            return first;
        }
        first.records().release();
        return found(RecordsSlice.EMPTY);
    }

    /** The refusal when this broker does not lead in that epoch (R7); null when it does. */
    @Nullable PartitionFetched wrongLeadership(int leaderEpoch) {
        Replica.Stopped why = replica.stopped();
        if (why != null) {
            return refused(why.error(), why.message());
        }
        Role role = replica.role();
        if (leaderEpoch != role.leaderEpoch()) {
            return otherEpoch(role, leaderEpoch);
        }
        return role instanceof Leading ? null : notLeader();
    }

    /**
     * Where a leader epoch ended (KIP-320). Takes the lock: the epochs and the log end have to be
     * of one moment.
     *
     * @param currentLeaderEpoch the leadership that the asker believes in, or none
     * @throws MlogException when this broker does not lead in that epoch
     */
    OffsetAndEpoch endOfEpoch(int currentLeaderEpoch, int leaderEpoch) {
        replica.lock.lock();
        try {
            int now = replica.role().leaderEpoch();
            PartitionFetched refusal =
                    wrongLeadership(
                            currentLeaderEpoch == FetchCommand.NO_EPOCH ? now : currentLeaderEpoch);
            if (refusal != null) {
                throw new MlogException(
                        refusal.error(), Objects.requireNonNullElse(refusal.message(), ""));
            }
            return EpochEnd.onLeader(
                    leaderEpoch,
                    replica.log.endOffsetOfEpoch(leaderEpoch),
                    replica.log.firstEpoch(),
                    now,
                    replica.log.logEndOffset());
        } finally {
            replica.lock.unlock();
        }
    }

    private PartitionFetched read(long offset, int maxBytes, long limit, boolean atLeastOneBatch) {
        try {
            return found(replica.log.read(offset, maxBytes, limit, atLeastOneBatch));
        } catch (MlogException refusal) {
            return failed(refusal.code(), refusal.reason());
        }
    }

    private PartitionFetched found(RecordsSlice records) {
        long told = replica.toldHighWatermark();
        return PartitionFetched.found(
                replica.name, told, told, replica.log.logStartOffset(), records);
    }

    private PartitionFetched outOfRange(long offset, long start, long end) {
        return failed(
                ErrorCode.OFFSET_OUT_OF_RANGE,
                "offset %d of %s is not in its log: %d to %d"
                        .formatted(offset, replica.name, start, end));
    }

    private PartitionFetched failed(ErrorCode error, String message) {
        long told = replica.toldHighWatermark();
        return new PartitionFetched(
                replica.name,
                error,
                message,
                told,
                told,
                replica.log.logStartOffset(),
                Optional.empty(),
                RecordsSlice.EMPTY);
    }

    private PartitionFetched notLeader() {
        return refused(ErrorCode.NOT_LEADER, replica.notLeading());
    }

    private PartitionFetched otherEpoch(Role role, int asked) {
        boolean older = asked < role.leaderEpoch();
        return refused(
                older ? ErrorCode.FENCED_LEADER_EPOCH : ErrorCode.UNKNOWN_LEADER_EPOCH,
                "leader epoch %d of the request is %s than %d, the one of %s here"
                        .formatted(
                                asked,
                                older ? "older" : "newer",
                                role.leaderEpoch(),
                                replica.name));
    }

    private String notHere(long offset, long start, long end) {
        return "this follower's copy of %s has offsets %d to %d, not %d; its leader may have it"
                .formatted(replica.name, start, end, offset);
    }

    private PartitionFetched refused(ErrorCode error, String message) {
        return PartitionFetched.refused(replica.name, error, message);
    }
}
