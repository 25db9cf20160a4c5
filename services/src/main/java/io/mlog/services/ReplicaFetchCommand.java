package io.mlog.services;

import java.util.List;

/**
 * One request of a follower to its leader: it brings new asks, and takes away what is there for any
 * ask that stands.
 *
 * @param replica who asks
 * @param sessionId the session that the request belongs to, {@link #NO_SESSION} to begin one
 * @param sessionEpoch how many requests the session had before: 0 begins it, so that a request that
 *     was lost or overtaken is noticed
 * @param maxWaitMs how long the leader may keep the request while there is nothing to tell
 * @param maxBytes most bytes of records in the answer, but at least one whole batch
 * @param asks the new ones, of partitions whose former ask is answered; may be none
 */
public record ReplicaFetchCommand(
        ReplicaIdentity replica,
        int sessionId,
        int sessionEpoch,
        int maxWaitMs,
        int maxBytes,
        List<ReplicaAsk> asks) {
    /**
     * Most requests of a session that the follower may have with the leader. The leader keeps one
     * less: when as many have come it answers the oldest, so the follower can always bring new
     * asks.
     */
    public static final int MAX_OUTSTANDING = 8;

    /** In place of a session's number: there is none yet. */
    public static final int NO_SESSION = 0;

    /** The epoch of the request that begins a session. */
    public static final int FIRST_EPOCH = 0;

    /** The epoch of the next request of the session. */
    public static int epochAfter(int sessionEpoch) {
        return sessionEpoch == Integer.MAX_VALUE ? 1 : sessionEpoch + 1;
    }
}
