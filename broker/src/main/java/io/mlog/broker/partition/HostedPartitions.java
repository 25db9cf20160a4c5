package io.mlog.broker.partition;

import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import io.mlog.model.TopicIdPartition;
import io.mlog.model.TopicPartition;
import io.mlog.services.PartitionFetched;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The partitions of which this broker has a replica. The reconciler alone adds and removes; any
 * thread looks up.
 */
public final class HostedPartitions {
    private final Map<TopicPartition, Partition> partitions = new ConcurrentHashMap<>();
    private final Map<TopicIdPartition, Partition> byId = new ConcurrentHashMap<>();

    private volatile Predicate<TopicPartition> othersHave = name -> false;

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

    /** Tells from now on, for a partition that is not hosted here, whether others have it. */
    public void othersHave(Predicate<TopicPartition> newOthersHave) {
        othersHave = newOthersHave;
    }

    /** The answer for a partition that is not hosted here. */
    PartitionFetched absent(TopicPartition name) {
        MlogException why = refusal(name);
        return PartitionFetched.refused(name, why.code(), why.reason());
    }

    /** Why a partition that is not hosted here cannot be used here. */
    MlogException refusal(TopicPartition name) {
        return othersHave.test(name)
                ? new MlogException(
                        ErrorCode.NOT_LEADER,
                        "this broker has no replica of " + name + ": ask its leader")
                : new MlogException(
                        ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
                        "this broker has no partition "
                                + name
                                + "; list topics to see what exists");
    }
}
