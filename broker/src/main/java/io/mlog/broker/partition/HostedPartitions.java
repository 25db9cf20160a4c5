package io.mlog.broker.partition;

import io.mlog.model.ErrorCode;
import io.mlog.model.TopicIdPartition;
import io.mlog.model.TopicPartition;
import io.mlog.services.PartitionFetched;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The partitions of which this broker has a replica. The reconciler alone adds and removes; any
 * thread looks up.
 */
public final class HostedPartitions {
    private final Map<TopicPartition, Partition> partitions = new ConcurrentHashMap<>();
    private final Map<TopicIdPartition, Partition> byId = new ConcurrentHashMap<>();

    /** The hosted replica of that name, null when there is none. */
    public @Nullable Partition find(TopicPartition name) {
        return partitions.get(name);
    }

    /** The same by the topic's identity, for followers. */
    @Nullable LedPartition find(TopicIdPartition id) {
        return byId.get(id);
    }

    /** All hosted replicas, as of about now. */
    public Collection<Partition> all() {
        return partitions.values();
    }

    /** Starts serving {@code partition}. */
    public void add(Partition partition) {
        Partition before = partitions.putIfAbsent(partition.name(), partition);
        if (before != null) {
            throw new IllegalStateException(partition.name() + " is hosted already");
        }
        byId.put(idOf(partition), partition);
    }

    /** Stops serving: later requests do not find it, waiting ones are answered. */
    public void remove(Partition partition) {
        if (partitions.remove(partition.name(), partition)) {
            byId.remove(idOf(partition), partition);
            partition.stop(
                    ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
                    "partition " + partition.name() + " was deleted");
        }
    }

    private static TopicIdPartition idOf(Partition partition) {
        return new TopicIdPartition(partition.topicId(), partition.name().partition());
    }

    /** The answer for a partition that is not hosted here. */
    static PartitionFetched absent(TopicPartition name) {
        return PartitionFetched.refused(name, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, unknown(name));
    }

    static String unknown(TopicPartition name) {
        return "this broker has no partition " + name + "; list topics to see what exists";
    }
}
