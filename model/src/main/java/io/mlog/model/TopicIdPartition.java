package io.mlog.model;

/**
 * A partition of a topic by the topic's permanent identity: unlike {@link TopicPartition} it never
 * means a topic that was deleted and created again.
 *
 * @param topicId the topic
 * @param partition index within the topic
 */
public record TopicIdPartition(TopicId topicId, int partition) {
    @Override
    public String toString() {
        return topicId + "-" + partition;
    }
}
