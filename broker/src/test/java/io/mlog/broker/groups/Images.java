package io.mlog.broker.groups;

import io.mlog.core.metadata.BrokerImage;
import io.mlog.core.metadata.MetadataImage;
import io.mlog.core.metadata.PartitionImage;
import io.mlog.core.metadata.TopicImage;
import io.mlog.model.HostPort;
import io.mlog.model.InternalTopics;
import io.mlog.model.TopicId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Builds images, each later than the one before. */
final class Images {
    private final Map<String, TopicImage> topics = new TreeMap<>();
    private final Map<Integer, BrokerImage> brokers = new HashMap<>();
    private long index;
    private long nextId = 1;

    /** {@code __consumer_offsets}, of which each partition is led by the broker of its place. */
    Images offsets(int epoch, Integer... leaders) {
        List<PartitionImage> partitions = new ArrayList<>();
        for (int i = 0; i < leaders.length; i++) {
            partitions.add(partition(i, leaders[i], epoch));
        }
        return topic(InternalTopics.CONSUMER_OFFSETS, partitions);
    }

    Images topic(String name, List<PartitionImage> partitions) {
        TopicImage before = topics.get(name);
        TopicId id = before == null ? new TopicId(7, nextId++) : before.id();
        topics.put(name, new TopicImage(name, id, partitions, Map.of()));
        return this;
    }

    Images gone(String name) {
        topics.remove(name);
        return this;
    }

    Images broker(int id, @Nullable String rack) {
        HostPort address = new HostPort("10.0.0." + id, 9094);
        brokers.put(
                id,
                new BrokerImage(
                        id,
                        "node-" + id,
                        "dir",
                        1,
                        null,
                        address,
                        address,
                        rack,
                        "1",
                        false,
                        false));
        return this;
    }

    static PartitionImage partition(int index, int leader, int epoch) {
        return new PartitionImage(
                index, List.of(1, 2), List.of(1, 2), leader, epoch, (int) (epoch + 1L));
    }

    MetadataImage image() {
        Map<TopicId, String> names = new HashMap<>();
        topics.values().forEach(topic -> names.put(topic.id(), topic.name()));
        index++;
        return new MetadataImage(index, index, 1, "c", topics, names, brokers, 9, 0);
    }
}
