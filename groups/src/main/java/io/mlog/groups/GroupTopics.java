package io.mlog.groups;

import io.mlog.model.TopicId;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The cluster's topics as coordinators know them: what can be subscribed and assigned.
 *
 * @param topics by name
 * @param version rises with every change
 */
public record GroupTopics(long version, Map<String, Topic> topics) {
    public GroupTopics {
        topics = Map.copyOf(topics);
    }

    /**
     * One topic.
     *
     * @param racks of each partition's replicas, by partition; the list's size is the number of
     *     partitions
     */
    public record Topic(TopicId id, List<Set<String>> racks) {
        public Topic {
            racks = List.copyOf(racks);
        }
    }
}
