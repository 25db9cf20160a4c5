package io.mlog.core.metadata;

import io.mlog.model.TopicId;
import java.util.List;
import java.util.Map;

/**
 * A topic as the metadata has it.
 *
 * @param configs only what was set for this topic, see {@link TopicConfigs} for names and defaults
 * @param partitions by index: element i is partition i
 */
public record TopicImage(
        String name, TopicId id, List<PartitionImage> partitions, Map<String, String> configs) {
    public TopicImage {
        partitions = List.copyOf(partitions);
        configs = Map.copyOf(configs);
    }

    /** How many copies each partition has, the leader's included. */
    public int replicationFactor() {
        return partitions.isEmpty() ? 0 : partitions.getFirst().replicationFactor();
    }

    /** Whether a replica that is not in sync may lead when none that is in sync is alive. */
    public boolean uncleanElectionEnabled() {
        return "true".equals(configs.get(TopicConfigs.UNCLEAN_LEADER_ELECTION));
    }

    /** Least in-sync replicas for acks=all with {@code replicas} copies, as set or by default. */
    public int minInsyncReplicas(int replicas) {
        String set = configs.get(TopicConfigs.MIN_INSYNC_REPLICAS);
        return set == null ? TopicConfigs.defaultMinIsr(replicas) : Integer.parseInt(set);
    }
}
