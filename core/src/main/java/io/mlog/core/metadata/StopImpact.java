package io.mlog.core.metadata;

import io.mlog.model.TopicPartition;
import java.util.ArrayList;
import java.util.List;

/**
 * What the cluster would lack while one broker is away. Brokers that are fenced or stopping are not
 * counted on.
 *
 * @param leaderless partitions that nobody could lead
 * @param underMinIsr partitions with too few in-sync replicas left for acks=all, and a leader
 */
public record StopImpact(List<TopicPartition> leaderless, List<TopicPartition> underMinIsr) {
    public StopImpact {
        leaderless = List.copyOf(leaderless);
        underMinIsr = List.copyOf(underMinIsr);
    }

    /** The impact of a stop of {@code broker}, in the order of names and numbers. */
    public static StopImpact of(MetadataImage image, int broker) {
        List<TopicPartition> leaderless = new ArrayList<>();
        List<TopicPartition> underMinIsr = new ArrayList<>();
        for (TopicImage topic : image.topicsInOrder()) {
            for (PartitionImage partition : topic.partitions()) {
                if (!partition.isr().contains(broker)) {
                    continue; // nothing is counted on it
                }
                long left =
                        partition.isr().stream()
                                .filter(other -> other != broker)
                                .filter(other -> Assignments.active(image, other))
                                .count();
                TopicPartition name = new TopicPartition(topic.name(), partition.partition());
                if (left == 0) {
                    leaderless.add(name);
                } else if (left < topic.minInsyncReplicas(partition.replicationFactor())) {
                    underMinIsr.add(name);
                }
            }
        }
        return new StopImpact(leaderless, underMinIsr);
    }
}
