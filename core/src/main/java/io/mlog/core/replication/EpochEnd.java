package io.mlog.core.replication;

import io.mlog.model.OffsetAndEpoch;

/**
 * Where a leader epoch ended, as a consumer asks after a change of leaders: what it read of that
 * epoch beyond the end is no longer in the log (KIP-320). A wrong answer sends it back or to
 * another place, so it is "none" only for epochs that cannot have been.
 */
public final class EpochEnd {
    /** There is no such epoch. */
    public static final OffsetAndEpoch NONE = new OffsetAndEpoch(-1, LogAgreement.NO_EPOCH);

    private EpochEnd() {}

    /**
     * The largest epoch at or below {@code asked} and its end; an epoch older than the whole log is
     * its own answer and ended where the log's first epoch began, since nobody knows better.
     *
     * @param knownEnd the largest epoch of the log's records at or below {@code asked} and its end,
     *     {@link #NONE} when there is none
     * @param first the first epoch of the log's records and where it began, {@link #NONE} when
     *     there are none
     * @param leaderEpoch the present one, of which there may be no records yet
     */
    public static OffsetAndEpoch onLeader(
            int asked,
            OffsetAndEpoch knownEnd,
            OffsetAndEpoch first,
            int leaderEpoch,
            long logEndOffset) {
        if (asked < 0 || asked > leaderEpoch) {
            return NONE;
        }
        if (asked == leaderEpoch) {
            return new OffsetAndEpoch(logEndOffset, asked);
        }
        if (!knownEnd.equals(NONE)) {
            return knownEnd;
        }
        return new OffsetAndEpoch(first.equals(NONE) ? logEndOffset : first.offset(), asked);
    }
}
