package io.mlog.core.metadata;

import io.mlog.model.TopicId;
import io.mlog.model.TopicIdPartition;
import io.mlog.model.TopicPartition;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * What one broker has to act on between two images: its replicas that go, come or changed, and the
 * brokers of which something changed. Images share what did not change, and what is shared is equal
 * at first sight, so that this costs little where little changed. In the order of names and ids.
 *
 * @param gone replicas that this broker no longer has
 * @param changed replicas that it has, new or different, or of a topic configured differently
 * @param brokers ids that were registered, changed or forgotten
 */
public record ImageDelta(List<Gone> gone, List<Replica> changed, List<Integer> brokers) {
    public ImageDelta {
        gone = List.copyOf(gone);
        changed = List.copyOf(changed);
        brokers = List.copyOf(brokers);
    }

    /** A replica that this broker had. */
    public record Gone(TopicPartition name, TopicId topicId) {}

    /** A replica as it is now. */
    public record Replica(TopicImage topic, PartitionImage partition) {
        /** Its partition by name. */
        public TopicPartition name() {
            return new TopicPartition(topic.name(), partition.partition());
        }

        /** Its partition by topic id. */
        public TopicIdPartition id() {
            return new TopicIdPartition(topic.id(), partition.partition());
        }
    }

    /** What is different in {@code newer}; {@link MetadataImage#EMPTY} is older than any. */
    public static ImageDelta between(MetadataImage older, MetadataImage newer, int brokerId) {
        Replicas replicas = new Replicas(brokerId);
        replicas.compare(older.topicsByName(), newer.topicsByName());
        replicas.gone.sort(Comparator.comparing(Gone::name));
        replicas.changed.sort(Comparator.comparing(Replica::name));
        return new ImageDelta(
                replicas.gone, replicas.changed, brokers(older.brokers(), newer.brokers()));
    }

    private static List<Integer> brokers(
            Map<Integer, BrokerImage> older, Map<Integer, BrokerImage> newer) {
        Set<Integer> ids = new HashSet<>(older.keySet());
        ids.addAll(newer.keySet());
        return ids.stream()
                .filter(id -> !Objects.equals(older.get(id), newer.get(id)))
                .sorted()
                .toList();
    }

    /** Collects the replicas of one broker. */
    private static final class Replicas {
        private final int brokerId;
        private final List<Gone> gone = new ArrayList<>();
        private final List<Replica> changed = new ArrayList<>();

        Replicas(int brokerId) {
            this.brokerId = brokerId;
        }

        void compare(Map<String, TopicImage> older, Map<String, TopicImage> newer) {
            for (TopicImage topic : newer.values()) {
                TopicImage before = older.get(topic.name());
                if (topic.equals(before)) {
                    continue;
                }
                if (before != null && before.id().equals(topic.id())) {
                    compare(before, topic);
                } else {
                    topic.partitions().forEach(partition -> addChanged(topic, partition));
                }
            }
            for (TopicImage topic : older.values()) {
                TopicImage now = newer.get(topic.name());
                if (now == null || !now.id().equals(topic.id())) {
                    topic.partitions().forEach(partition -> addGone(topic, partition));
                }
            }
        }

        private void compare(TopicImage before, TopicImage now) {
            boolean configured = !before.configs().equals(now.configs());
            for (PartitionImage partition : now.partitions()) {
                int index = partition.partition();
                PartitionImage old =
                        index < before.partitions().size() ? before.partitions().get(index) : null;
                if (configured || !partition.equals(old)) {
                    addChanged(now, partition);
                }
                if (old != null && !partition.replicas().contains(brokerId)) {
                    addGone(before, old);
                }
            }
        }

        private void addChanged(TopicImage topic, PartitionImage partition) {
            if (partition.replicas().contains(brokerId)) {
                changed.add(new Replica(topic, partition));
            }
        }

        private void addGone(TopicImage topic, PartitionImage partition) {
            if (partition.replicas().contains(brokerId)) {
                gone.add(
                        new Gone(
                                new TopicPartition(topic.name(), partition.partition()),
                                topic.id()));
            }
        }
    }
}
