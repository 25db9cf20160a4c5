package io.mlog.services;

/**
 * How far a node is on its way out of the cluster.
 *
 * @param partitions how many still have a replica on it
 */
public record LeaveProgress(Phase phase, int partitions) {
    /** What it waits for. */
    public enum Phase {
        /** Others copy what it has. */
        MOVING,
        /** It is no broker any more, and still a member of the metadata quorum. */
        LEAVING,
        /** Nothing: it has left. */
        LEFT
    }
}
