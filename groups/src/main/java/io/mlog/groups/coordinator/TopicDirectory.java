package io.mlog.groups.coordinator;

import io.mlog.groups.GroupTopics;
import io.mlog.model.TopicId;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.Uuid;

/** The cluster's topics by name and by id, as of one view. Immutable. */
final class TopicDirectory {
    private final Map<String, GroupTopics.Topic> byName;
    private final Map<Uuid, String> names = new HashMap<>();

    TopicDirectory(GroupTopics topics) {
        byName = topics.topics();
        byName.forEach((name, topic) -> names.put(uuid(topic.id()), name));
    }

    Optional<String> name(Uuid id) {
        return Optional.ofNullable(names.get(id));
    }

    boolean has(String topic) {
        return byName.containsKey(topic);
    }

    /** The topic's id; zero for an unknown one. */
    Uuid id(String topic) {
        GroupTopics.Topic known = byName.get(topic);
        return known == null ? Uuid.ZERO_UUID : uuid(known.id());
    }

    boolean has(String topic, int partition) {
        GroupTopics.Topic known = byName.get(topic);
        return known != null && partition >= 0 && partition < known.racks().size();
    }

    private static Uuid uuid(TopicId id) {
        return new Uuid(id.mostSignificantBits(), id.leastSignificantBits());
    }
}
