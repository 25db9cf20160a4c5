package io.mlog.core.metadata;

import io.mlog.model.HostPort;
import io.mlog.model.TopicId;
import io.mlog.model.TopicPartition;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A wish that goes through the metadata log and is decided by {@link MetadataMachine} when it is
 * applied. Whatever a decision needs beyond the image travels here: the time, random bits, new ids.
 *
 * <p>Commands of a cluster of several brokers (fencing, ISR changes, elections, reassignment) join
 * this list with the machine's answers to them; {@link CommandCodec} gives every command a number
 * that is never used for another.
 */
public sealed interface MetadataCommand {
    /**
     * Founds the cluster. Once; the same id again changes nothing.
     *
     * @param clusterId random, permanent
     */
    record CreateCluster(String clusterId) implements MetadataCommand {}

    /**
     * Announces a start of a broker's process. The broker acts on nothing before the image holds
     * this boot epoch. Every leadership it held is renewed under a higher leader epoch.
     *
     * @param nodeId the operator's name for the node; a new one gets the next broker id
     * @param directoryId random name of its data directory
     * @param bootEpoch higher than that of every earlier start of the node
     * @param clientAddress what clients are told; null: each the address it came by
     * @param rack null for none
     */
    record RegisterBroker(
            String nodeId,
            String directoryId,
            long bootEpoch,
            @Nullable HostPort clientAddress,
            HostPort rpcAddress,
            @Nullable String rack,
            String version)
            implements MetadataCommand {}

    /**
     * Creates a topic.
     *
     * @param topicId random; must not be in use
     * @param partitions 1 to {@link MetadataLimits#PARTITIONS_OF_TOPIC}, or {@link #DEFAULT}
     * @param replicas copies of each partition, the leader's included, or {@link #DEFAULT}
     * @param assignments broker ids by partition, the preferred leader first; empty to let the
     *     machine place them. With assignments, {@code partitions} and {@code replicas} are {@link
     *     #DEFAULT} or agree with them.
     * @param configs see {@link TopicConfigs}
     */
    record CreateTopic(
            String name,
            TopicId topicId,
            int partitions,
            int replicas,
            List<List<Integer>> assignments,
            Map<String, String> configs)
            implements MetadataCommand {
        public CreateTopic {
            assignments = assignments.stream().map(List::copyOf).toList();
            configs = Map.copyOf(configs);
        }
    }

    /**
     * Deletes a topic; its name is free at once.
     *
     * @param expectedId refuses when the name belongs to another topic by now; {@link TopicId#ZERO}
     *     deletes whichever has the name
     */
    record DeleteTopic(String name, TopicId expectedId) implements MetadataCommand {}

    /**
     * Raises a topic's number of partitions.
     *
     * @param total number of partitions afterwards
     * @param assignments broker ids of the new partitions, empty to let the machine place them
     */
    record CreatePartitions(String topic, int total, List<List<Integer>> assignments)
            implements MetadataCommand {
        public CreatePartitions {
            assignments = assignments.stream().map(List::copyOf).toList();
        }
    }

    /** Edits a topic's configuration, in the order given; all of it or nothing. */
    record SetTopicConfigs(String topic, List<ConfigEdit> edits) implements MetadataCommand {
        public SetTopicConfigs {
            edits = List.copyOf(edits);
        }
    }

    /** Makes {@code configs} all that is set for the topic. */
    record ReplaceTopicConfigs(String topic, Map<String, String> configs)
            implements MetadataCommand {
        public ReplaceTopicConfigs {
            configs = Map.copyOf(configs);
        }
    }

    /**
     * Reserves producer ids that nobody was given before.
     *
     * @param count 1 to {@link MetadataLimits#PRODUCER_IDS_AT_ONCE}
     */
    record AllocateProducerIds(int count) implements MetadataCommand {}

    /**
     * Stores how far a group has read; all of it or nothing.
     *
     * @param offsets the next offset to read, 0 or more, by partition
     * @param nowMs when, ms since the epoch
     */
    record CommitGroupOffsets(String group, Map<TopicPartition, Long> offsets, long nowMs)
            implements MetadataCommand {
        public CommitGroupOffsets {
            offsets = Map.copyOf(offsets);
        }
    }

    /**
     * Tells every node what the image hashed to after the {@code commandCount}-th command, as the
     * leader computed it. A node that computed another has diverged and stops.
     */
    record CompareImage(long commandCount, long imageHash) implements MetadataCommand {}

    /** In place of a number: the cluster's default. */
    int DEFAULT = -1;
}
