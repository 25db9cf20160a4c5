package io.mlog.groups.embed;

import io.mlog.groups.GroupTopics;
import io.mlog.model.TopicId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.metadata.PartitionRecord;
import org.apache.kafka.common.metadata.RegisterBrokerRecord;
import org.apache.kafka.common.metadata.RemoveTopicRecord;
import org.apache.kafka.common.metadata.TopicRecord;
import org.apache.kafka.image.MetadataDelta;
import org.apache.kafka.image.MetadataImage;
import org.apache.kafka.image.MetadataProvenance;
import org.jspecify.annotations.Nullable;

/**
 * The cluster's topics as Kafka's metadata image, built by replaying what differs from view to
 * view. Coordinators ask such an image for names, ids, numbers of partitions and racks, and nothing
 * else: a partition's replicas are brokers made up here, one for each rack. One thread.
 */
final class ShadowImage {
    private static final int RACKLESS_BROKER = 0;

    private final Map<String, Integer> brokerOfRack = new HashMap<>();
    private Map<String, GroupTopics.Topic> known = Map.of();
    private MetadataImage image = MetadataImage.EMPTY;

    /** A step from one image to the next. */
    record Step(MetadataDelta delta, MetadataImage image) {}

    /** The step from the last view to this one. */
    Step next(GroupTopics view) {
        MetadataDelta delta = new MetadataDelta.Builder().setImage(image).build();
        known.forEach((name, topic) -> {
            if (!sameTopic(topic, view.topics().get(name))) {
                delta.replay(new RemoveTopicRecord().setTopicId(uuid(topic.id())));
            }
        });
        view.topics().forEach((name, topic) -> replay(delta, name, topic));
        known = view.topics();
        image = delta.apply(new MetadataProvenance(view.version(), 0, 0, true));
        return new Step(delta, image);
    }

    private void replay(MetadataDelta delta, String name, GroupTopics.Topic topic) {
        GroupTopics.Topic before = known.get(name);
        List<Set<String>> racksBefore = List.of();
        if (before != null && sameTopic(topic, before)) {
            racksBefore = before.racks();
        } else {
            delta.replay(new TopicRecord().setName(name).setTopicId(uuid(topic.id())));
        }
        for (int partition = 0; partition < topic.racks().size(); partition++) {
            Set<String> racks = topic.racks().get(partition);
            if (partition >= racksBefore.size() || !racks.equals(racksBefore.get(partition))) {
                replay(delta, topic.id(), partition, racks);
            }
        }
    }

    private void replay(MetadataDelta delta, TopicId topic, int partition, Set<String> racks) {
        List<Integer> replicas =
                racks.isEmpty()
                        ? List.of(RACKLESS_BROKER)
                        : racks.stream().sorted().map(rack -> broker(delta, rack)).toList();
        delta.replay(
                new PartitionRecord()
                        .setTopicId(uuid(topic))
                        .setPartitionId(partition)
                        .setReplicas(replicas)
                        .setIsr(replicas)
                        .setLeader(replicas.getFirst()));
    }

    private int broker(MetadataDelta delta, String rack) {
        Integer known = brokerOfRack.get(rack);
        if (known != null) {
            return known;
        }
        int broker = RACKLESS_BROKER + 1 + brokerOfRack.size();
        brokerOfRack.put(rack, broker);
        delta.replay(new RegisterBrokerRecord().setBrokerId(broker).setRack(rack).setFenced(false));
        return broker;
    }

    private static boolean sameTopic(GroupTopics.Topic one, GroupTopics.@Nullable Topic other) {
        return other != null && one.id().equals(other.id());
    }

    private static Uuid uuid(TopicId id) {
        return new Uuid(id.mostSignificantBits(), id.leastSignificantBits());
    }
}
