package io.mlog.core.metadata;

import static io.mlog.core.metadata.Decision.refuse;

import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import io.mlog.model.TopicPartition;

/** What commands about several partitions check alike. */
final class PartitionBatch {
    private PartitionBatch() {}

    static void checkSize(int partitions) {
        if (partitions < 1 || partitions > MetadataLimits.CHANGES_AT_ONCE) {
            throw refuse(
                    ErrorCode.INVALID_REQUEST,
                    "1 to %d partitions can be changed at once, %d were asked for"
                            .formatted(MetadataLimits.CHANGES_AT_ONCE, partitions));
        }
    }

    /** The partition, or UNKNOWN_TOPIC_OR_PARTITION. */
    static PartitionImage partitionOf(TopicImage topic, int index) {
        if (index >= topic.partitions().size()) {
            throw refuse(
                    ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
                    "topic '%s' has %d partitions, there is no partition %d"
                            .formatted(topic.name(), topic.partitions().size(), index));
        }
        return topic.partitions().get(index);
    }

    static MlogException namedTwice(TopicImage topic, int index) {
        return refuse(
                ErrorCode.INVALID_REQUEST,
                "%s is named twice".formatted(new TopicPartition(topic.name(), index)));
    }
}
