package io.mlog.core.replication;

import io.mlog.model.OffsetAndEpoch;

/** How a follower's log compares with its leader's below the offset that it asks for (R5). */
public sealed interface LogAgreement {
    /** They are the same: the fetch offset counts, and what follows it may be copied. */
    record Agrees() implements LogAgreement {
        static final Agrees INSTANCE = new Agrees();
    }

    /**
     * They are not.
     *
     * @param end the leader's largest epoch at or below that of the follower's last record, and the
     *     offset where it ended
     */
    record Diverged(OffsetAndEpoch end) implements LogAgreement {}

    /** The leader has nothing that it could compare or send: the follower begins anew. */
    record OutOfRange() implements LogAgreement {
        static final OutOfRange INSTANCE = new OutOfRange();
    }

    /** In place of an epoch: there is none. */
    int NO_EPOCH = -1;

    /**
     * Compares on the leader.
     *
     * @param fetchOffset first offset that the follower does not have
     * @param lastFetchedEpoch leader epoch of its last record, {@link #NO_EPOCH} when its log is
     *     empty
     * @param leaderEnd the leader's largest epoch at or below {@code lastFetchedEpoch} and its end;
     *     epoch {@link #NO_EPOCH} when there is none
     * @param logStartOffset the leader's
     * @param logEndOffset the leader's
     */
    static LogAgreement of(
            long fetchOffset,
            int lastFetchedEpoch,
            OffsetAndEpoch leaderEnd,
            long logStartOffset,
            long logEndOffset) {
        if (fetchOffset < logStartOffset) {
            return OutOfRange.INSTANCE;
        }
        if (lastFetchedEpoch == NO_EPOCH) {
            return fetchOffset <= logEndOffset ? Agrees.INSTANCE : OutOfRange.INSTANCE;
        }
        if (leaderEnd.leaderEpoch() == NO_EPOCH) {
            return OutOfRange.INSTANCE;
        }
        return leaderEnd.leaderEpoch() == lastFetchedEpoch && leaderEnd.offset() >= fetchOffset
                ? Agrees.INSTANCE
                : new Diverged(leaderEnd);
    }
}
