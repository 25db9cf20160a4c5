package io.mlog.client;

import io.mlog.model.TopicPartition;
import java.util.Set;

/**
 * Told when partitions come to a member of a group and go from it. Every method is called within a
 * poll, on the thread that polls, and may use the consumer.
 */
public interface RebalanceListener {
    /** Does nothing, beyond what the consumer does by itself. */
    RebalanceListener NONE = new RebalanceListener() {};

    /** The partitions are read from now on. */
    default void assigned(Set<TopicPartition> partitions) {}

    /**
     * The partitions are about to go to another member: what was done with their records is to be
     * finished now. The place behind the records that earlier polls have returned is committed when
     * this returns.
     */
    default void revoked(Set<TopicPartition> partitions) {}

    /**
     * The membership was lost, for example after a long pause; another member may be reading the
     * partitions already and nothing can be committed for them.
     */
    default void lost(Set<TopicPartition> partitions) {}
}
