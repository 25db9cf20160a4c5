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
        return partitions.isEmpty() ? 0 : partitions.getFirst().replicas().size();
    }
}
