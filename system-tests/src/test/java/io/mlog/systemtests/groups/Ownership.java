package io.mlog.systemtests.groups;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;

/**
 * Who reads which partition, as the members themselves see it, and the violations that this shows:
 * two at a time, or two in one generation. Any thread.
 */
final class Ownership {
    private final Map<TopicPartition, String> owners = new HashMap<>();
    private final Map<TopicPartition, Map<Integer, String>> byGeneration = new HashMap<>();
    private final List<String> violations = new ArrayList<>();

    synchronized void assigned(String member, int generation, Iterable<TopicPartition> partitions) {
        for (TopicPartition partition : partitions) {
            String before = owners.put(partition, member);
            if (before != null && !before.equals(member)) {
                violations.add(
                        "%s went to %s in generation %d while %s had it"
                                .formatted(partition, member, generation, before));
            }
            String other =
                    byGeneration
                            .computeIfAbsent(partition, _ -> new HashMap<>())
                            .put(generation, member);
            if (other != null && !other.equals(member)) {
                violations.add(
                        "%s had two owners in generation %d: %s and %s"
                                .formatted(partition, generation, other, member));
            }
        }
    }

    /** Gave them up, lost them or died. */
    synchronized void released(String member, Iterable<TopicPartition> partitions) {
        for (TopicPartition partition : partitions) {
            owners.remove(partition, member);
        }
    }

    synchronized void died(String member) {
        owners.values().removeIf(member::equals);
    }

    synchronized int owned() {
        return owners.size();
    }

    /** How many partitions each member reads; members without any are not in it. */
    synchronized Map<String, Integer> shares() {
        Map<String, Integer> shares = new TreeMap<>();
        owners.values().forEach(owner -> shares.merge(owner, 1, Integer::sum));
        return shares;
    }

    synchronized List<String> violations() {
        return List.copyOf(violations);
    }
}
