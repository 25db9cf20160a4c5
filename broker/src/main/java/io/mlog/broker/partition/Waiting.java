package io.mlog.broker.partition;

/** The role of a replica that knows of no leader. */
record Waiting(int leaderEpoch, int partitionEpoch) implements Role {
    /** Before any image. */
    static final Waiting FOR_METADATA = new Waiting(-1, -1);
}
