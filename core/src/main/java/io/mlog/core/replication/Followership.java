package io.mlog.core.replication;

import io.mlog.model.OffsetAndEpoch;

/**
 * The follower's side of a partition for one leader epoch: which answers it may take (R6) and where
 * to cut its log (R5). Never to the high watermark: that may lie below what was committed.
 *
 * @param leaderId broker id of the leader
 * @param leaderEpoch number of its leadership
 */
public record Followership(int leaderId, int leaderEpoch) {
    /**
     * Whether an answer may be taken: only while leader, epoch and the log's end are those that it
     * was asked with.
     *
     * @param askedLastEpoch leader epoch of the last record when it was asked
     * @param lastEpoch leader epoch of the last record now
     */
    public boolean takes(
            int askedLeader,
            int askedEpoch,
            long askedOffset,
            int askedLastEpoch,
            long logEndOffset,
            int lastEpoch) {
        return askedLeader == leaderId
                && askedEpoch == leaderEpoch
                && askedOffset == logEndOffset
                && askedLastEpoch == lastEpoch;
    }

    /**
     * Where a log is cut that differs from the leader's.
     *
     * @param leaderEnd what the leader answered: an epoch of its own and the offset where it ended
     * @param ownEnd this log's largest epoch at or below that epoch, and where it ended; epoch
     *     {@link LogAgreement#NO_EPOCH} when there is none
     * @param logStartOffset this log's
     */
    public static long truncationPoint(
            OffsetAndEpoch leaderEnd, OffsetAndEpoch ownEnd, long logStartOffset) {
        long own = ownEnd.leaderEpoch() == LogAgreement.NO_EPOCH ? logStartOffset : ownEnd.offset();
        return Math.min(leaderEnd.offset(), own);
    }
}
