package io.mlog.systemtests.chaos;

/** Whom a fault hits: a node by its number, or the one that has a part when it happens. */
enum Target {
    NODE_1,
    NODE_2,
    NODE_3,
    /** Leads the first partition of the topic. */
    PARTITION_LEADER,
    METADATA_LEADER
}
