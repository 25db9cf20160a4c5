package io.mlog.core.metadata;

import io.mlog.model.TopicId;
import io.mlog.model.TopicPartition;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A decided fact. {@link ImageReplay} turns facts into the next image and is the only thing that
 * does; a fact is never refused.
 */
public sealed interface MetadataRecord {
    /**
     * The cluster was founded.
     *
     * @param level which generation of decision code all nodes run
     */
    record ClusterCreated(String clusterId, int level) implements MetadataRecord {}

    /** A broker started; replaces what was known of it. */
    record BrokerRegistered(BrokerImage broker) implements MetadataRecord {}

    /**
     * What may be asked of a broker changed.
     *
     * @param fenced whether it may not lead nor be in sync
     * @param shuttingDown whether this boot of it is on its way out
     */
    record BrokerStateChange(int brokerId, boolean fenced, boolean shuttingDown)
            implements MetadataRecord {}

    /** A broker is forgotten. */
    record BrokerUnregistered(int brokerId) implements MetadataRecord {}

    /** A topic exists, without partitions so far. */
    record TopicCreated(String name, TopicId id, Map<String, String> configs)
            implements MetadataRecord {}

    /** The topic's next partition exists: its index is the number of those before it. */
    record PartitionCreated(String topic, PartitionImage partition) implements MetadataRecord {}

    /** The topic is gone. */
    record TopicDeleted(String name, TopicId id) implements MetadataRecord {}

    /**
     * A new leadership of a partition.
     *
     * @param leader broker id or {@link PartitionImage#NO_LEADER}
     */
    record LeaderChange(TopicPartition partition, int leader, int leaderEpoch, int partitionEpoch)
            implements MetadataRecord {}

    /**
     * Other in-sync replicas of a partition.
     *
     * @param lostDirectory see {@link PartitionImage#lostDirectory}
     */
    record IsrUpdate(
            TopicPartition partition,
            List<Integer> isr,
            @Nullable String lostDirectory,
            int partitionEpoch)
            implements MetadataRecord {
        public IsrUpdate {
            isr = List.copyOf(isr);
        }
    }

    /** Other replicas of a partition, or replicas on their way in and out. */
    record ReplicasChange(
            TopicPartition partition,
            List<Integer> replicas,
            List<Integer> adding,
            List<Integer> removing,
            int partitionEpoch)
            implements MetadataRecord {
        public ReplicasChange {
            replicas = List.copyOf(replicas);
            adding = List.copyOf(adding);
            removing = List.copyOf(removing);
        }
    }

    /**
     * A topic's config has another value.
     *
     * @param value null: back to the default
     */
    record ConfigChanged(String topic, String name, @Nullable String value)
            implements MetadataRecord {}

    /** All producer ids below {@code nextProducerId} are given out. */
    record ProducerIdsAllocated(long nextProducerId) implements MetadataRecord {}
}
