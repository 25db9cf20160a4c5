package io.mlog.model;

import java.util.Objects;

/**
 * A partition by its topic's name and its index.
 *
 * @param topic the topic's name, as {@link TopicName#check} accepts it
 * @param partition 0-based index within the topic
 */
public record TopicPartition(String topic, int partition) implements Comparable<TopicPartition> {
    public TopicPartition {
        Objects.requireNonNull(topic);
        if (partition < 0) {
            throw new IllegalArgumentException(
                    "partition " + partition + " of " + topic + " is negative");
        }
    }

    @Override
    public int compareTo(TopicPartition other) {
        int byTopic = topic.compareTo(other.topic);
        return byTopic != 0 ? byTopic : Integer.compare(partition, other.partition);
    }

    /** The partition's name as a directory has it, such as {@code orders-0}. */
    @Override
    public String toString() {
        return topic + "-" + partition;
    }
}
