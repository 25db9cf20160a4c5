package io.mlog.core.replication;

/**
 * What a leader knows of one follower in its epoch. Owned by {@link Leadership}.
 *
 * <p>A member of the maximal ISR is in the committed one or in one that was proposed on the present
 * partition epoch.
 */
final class FollowerProgress {
    /** In place of a fetch offset: it has not fetched in this epoch and boot. */
    static final long UNSEEN = -1;

    /** In place of a boot epoch: the broker may not be in sync now. */
    static final long NO_BOOT = -1;

    private final int brokerId;
    private long bootEpoch = NO_BOOT;
    private boolean committed;
    private boolean proposed;
    private boolean inLastProposal;
    private long fetchOffset = UNSEEN;
    private long seenLogEnd = Long.MAX_VALUE;
    private long lastCurrentMs;

    FollowerProgress(int brokerId, long nowMs) {
        this.brokerId = brokerId;
        this.lastCurrentMs = nowMs;
    }

    int brokerId() {
        return brokerId;
    }

    long fetchOffset() {
        return fetchOffset;
    }

    boolean committed() {
        return committed;
    }

    boolean inMaximalIsr() {
        return committed || proposed;
    }

    boolean inLastProposal() {
        return inLastProposal;
    }

    IsrMember member() {
        return new IsrMember(brokerId, bootEpoch);
    }

    /** Another life of the broker has nothing to do with what this one was seen to have. */
    void boot(long present, long nowMs) {
        if (present != bootEpoch) {
            bootEpoch = present;
            fetchOffset = UNSEEN;
            seenLogEnd = Long.MAX_VALUE;
            lastCurrentMs = nowMs;
        }
    }

    boolean isLive(long boot) {
        return bootEpoch != NO_BOOT && bootEpoch == boot;
    }

    /** An image with a higher partition epoch: it ends whatever was proposed on the one before. */
    void committed(boolean isMember) {
        committed = isMember;
        proposed = false;
        inLastProposal = false;
    }

    void proposed(boolean isMember) {
        proposed |= isMember;
        inLastProposal = isMember;
    }

    void fetched(long offset, long logEndOffset, long lagRecords, long nowMs) {
        fetchOffset = offset;
        if (offset >= logEndOffset - lagRecords || offset >= seenLogEnd) {
            lastCurrentMs = nowMs;
        }
        seenLogEnd = logEndOffset;
    }

    /** It is about to join: from now on it has the lag time to show that it keeps up. */
    void joins(long nowMs) {
        lastCurrentMs = nowMs;
    }

    long sinceCurrentMs(long nowMs) {
        return nowMs - lastCurrentMs;
    }

    /** Whether it has everything below {@code offset}. */
    boolean hasReached(long offset) {
        return fetchOffset != UNSEEN && fetchOffset >= offset;
    }

    /** Whether the in-sync set should have it. */
    boolean deserves(long joinOffset, long lagTimeMs, long nowMs) {
        boolean keepsUp = nowMs - lastCurrentMs <= lagTimeMs;
        return bootEpoch != NO_BOOT && keepsUp && (committed || hasReached(joinOffset));
    }
}
