package io.mlog.broker.groups;

import io.mlog.core.metadata.BrokerImage;
import io.mlog.core.metadata.MetadataImage;
import io.mlog.core.metadata.PartitionImage;
import io.mlog.core.metadata.TopicImage;
import io.mlog.groups.GroupTopics;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Follows the metadata and tells the coordinator only what matters to it: most images differ in
 * leaders and in-sync replicas, which do not. One thread.
 */
final class SubscribableTopics {
    private Map<String, Seen> seen = Map.of();
    private Map<Integer, String> racks = Map.of();

    /** A topic's image, kept to be recognised, and what became of it. */
    private record Seen(TopicImage image, GroupTopics.Topic topic) {}

    /** The topics, when they are others than after the last call. */
    Optional<GroupTopics> changed(MetadataImage image) {
        Map<Integer, String> racksNow = racksOf(image);
        boolean sameRacks = racksNow.equals(racks);
        boolean news = seen.size() != image.topicsByName().size();
        Map<String, Seen> now = HashMap.newHashMap(image.topicsByName().size());
        for (TopicImage topic : image.topicsByName().values()) {
            Seen before = seen.get(topic.name());
            Seen next =
                    before != null && sameRacks && before.image.equals(topic)
                            ? before
                            : see(topic, racksNow);
            news |= before == null || !before.topic.equals(next.topic);
            now.put(topic.name(), next);
        }
        seen = now;
        racks = racksNow;
        return news ? Optional.of(view(image.appliedIndex())) : Optional.empty();
    }

    private static Seen see(TopicImage topic, Map<Integer, String> racks) {
        List<Set<String>> ofPartitions =
                topic.partitions().stream().map(partition -> racksOf(partition, racks)).toList();
        return new Seen(topic, new GroupTopics.Topic(topic.id(), ofPartitions));
    }

    private static Set<String> racksOf(PartitionImage partition, Map<Integer, String> racks) {
        Set<String> found = new HashSet<>();
        for (int replica : partition.replicas()) {
            String rack = racks.get(replica);
            if (rack != null) {
                found.add(rack);
            }
        }
        return Set.copyOf(found);
    }

    private static Map<Integer, String> racksOf(MetadataImage image) {
        Map<Integer, String> racks = new HashMap<>();
        for (BrokerImage broker : image.brokers().values()) {
            String rack = broker.rack();
            if (rack != null) {
                racks.put(broker.id(), rack);
            }
        }
        return racks;
    }

    private GroupTopics view(long version) {
        Map<String, GroupTopics.Topic> topics = HashMap.newHashMap(seen.size());
        seen.forEach((name, each) -> topics.put(name, each.topic));
        return new GroupTopics(version, topics);
    }
}
