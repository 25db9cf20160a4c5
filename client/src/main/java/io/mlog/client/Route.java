package io.mlog.client;

import io.mlog.model.TopicPartition;

/** Which node a request is for. */
sealed interface Route {
    /** Any node can answer, or knows who can. */
    record Any() implements Route {}

    /** The partition's leader. */
    record Leader(TopicPartition partition) implements Route {}

    /** A node that holds a replica of the partition: the given addresses first, then the leader. */
    record Replica(TopicPartition partition) implements Route {}

    /** The group's coordinator; any node names it. */
    record Coordinator(String group) implements Route {}
}
