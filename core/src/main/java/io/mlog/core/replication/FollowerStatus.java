package io.mlog.core.replication;

/**
 * What a leader knows of a follower.
 *
 * @param inSync whether it is in the committed ISR
 * @param fetchOffset everything below it was seen to be in its log; -1 when it was not seen yet
 * @param sinceCurrentMs how long ago it was last seen to keep up
 */
public record FollowerStatus(int brokerId, boolean inSync, long fetchOffset, long sinceCurrentMs) {
    /** Records below {@code logEndOffset} that it was not seen to have. */
    public long lag(long logEndOffset) {
        return Math.max(0, logEndOffset - Math.max(0, fetchOffset));
    }
}
