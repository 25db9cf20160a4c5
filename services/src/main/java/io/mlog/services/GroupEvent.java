package io.mlog.services;

/**
 * Something that happened to a group.
 *
 * @param atMs ms since the epoch
 * @param epoch the generation or group epoch after it; -1 when it has none
 * @param what a sentence: who, what, and why as far as it is known
 */
public record GroupEvent(long atMs, Kind kind, int epoch, String what) {
    /** What kind of event. */
    public enum Kind {
        /** A member joined. */
        JOINED,
        /** A member left by itself. */
        LEFT,
        /** A member was removed, since it was silent or did not rejoin in time. */
        EXPIRED,
        /** Partitions were assigned anew. */
        REBALANCED,
        /** Committed offsets were set back, set by hand or deleted. */
        OFFSETS_RESET,
        /** The group was deleted. */
        DELETED,
        /** This broker took the group over or gave it up. */
        MOVED
    }
}
