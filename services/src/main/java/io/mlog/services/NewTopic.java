package io.mlog.services;

import java.util.List;
import java.util.Map;

/**
 * A topic to be created.
 *
 * @param partitions how many; -1 for the broker's default
 * @param replicas copies of each, the leader's included; -1 for the default
 * @param assignments explicit broker ids by partition, empty to let the cluster place them
 * @param configs by name, see {@link io.mlog.core.metadata.TopicConfigs}
 */
public record NewTopic(
        String name,
        int partitions,
        int replicas,
        List<List<Integer>> assignments,
        Map<String, String> configs) {
    /** A topic with the defaults of the cluster. */
    public static NewTopic withDefaults(String name) {
        return new NewTopic(name, -1, -1, List.of(), Map.of());
    }
}
