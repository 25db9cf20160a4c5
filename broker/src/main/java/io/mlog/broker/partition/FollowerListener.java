package io.mlog.broker.partition;

/** Told when a follower may be asked what it wants to fetch: by its fetchers. */
public interface FollowerListener {
    /**
     * {@link FollowedPartition#position} may have changed by itself: the replica became a follower,
     * or of another leader or epoch, or what it appended last is safe now. Called with no lock
     * held, on a thread that must not be blocked; it may be told more often than needed.
     */
    void fetchable(FollowedPartition partition);
}
