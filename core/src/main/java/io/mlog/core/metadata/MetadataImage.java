package io.mlog.core.metadata;

import io.mlog.model.TopicId;
import io.mlog.model.TopicPartition;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The whole metadata at one moment; immutable, so any thread may keep one.
 *
 * @param appliedIndex log index of the last command it contains, 0 before the first
 * @param commandCount how many commands it contains, refused ones too
 * @param level which generation of decision code all nodes run; 0 before the cluster is founded
 * @param clusterId permanent name of the cluster, empty before it is founded
 * @param topicsByName topics under their names
 * @param topicNames names under topic ids
 * @param brokers registered brokers under their ids
 * @param nextBrokerId id of the next broker that registers for the first time
 * @param nextProducerId first producer id that was not given out
 */
public record MetadataImage(
        long appliedIndex,
        long commandCount,
        int level,
        String clusterId,
        Map<String, TopicImage> topicsByName,
        Map<TopicId, String> topicNames,
        Map<Integer, BrokerImage> brokers,
        int nextBrokerId,
        long nextProducerId) {
    /** Nothing applied yet. Broker ids start at 1. */
    public static final MetadataImage EMPTY =
            new MetadataImage(0, 0, 0, "", Map.of(), Map.of(), Map.of(), 1, 0);

    public MetadataImage {
        topicsByName = Map.copyOf(topicsByName);
        topicNames = Map.copyOf(topicNames);
        brokers = Map.copyOf(brokers);
    }

    /** The topic of that name. */
    public Optional<TopicImage> topic(String name) {
        return Optional.ofNullable(topicsByName.get(name));
    }

    /** The topic of that id. */
    public Optional<TopicImage> topic(TopicId id) {
        return Optional.ofNullable(topicNames.get(id)).map(topicsByName::get);
    }

    /** The partition, when topic and index exist. */
    public Optional<PartitionImage> partition(TopicPartition partition) {
        TopicImage topic = topicsByName.get(partition.topic());
        return topic == null || partition.partition() >= topic.partitions().size()
                ? Optional.empty()
                : Optional.of(topic.partitions().get(partition.partition()));
    }

    /** The broker that registered under the operator's name. */
    public Optional<BrokerImage> broker(String nodeId) {
        return brokers.values().stream().filter(b -> b.nodeId().equals(nodeId)).findAny();
    }

    /** The topics in the order of their names, the same on every node. */
    List<TopicImage> topicsInOrder() {
        return topicsByName.values().stream()
                .sorted(Comparator.comparing(TopicImage::name))
                .toList();
    }

    /** The same, one command later. */
    MetadataImage stepped(long index) {
        return new MetadataImage(
                index,
                commandCount + 1,
                level,
                clusterId,
                topicsByName,
                topicNames,
                brokers,
                nextBrokerId,
                nextProducerId);
    }
}
