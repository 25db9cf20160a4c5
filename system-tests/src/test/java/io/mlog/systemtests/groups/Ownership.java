package io.mlog.systemtests.groups;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
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

    /** Members that read something. */
    synchronized Set<String> readers() {
        return new TreeSet<>(owners.values());
    }

    synchronized int owned() {
        return owners.size();
    }

    synchronized List<String> violations() {
        return List.copyOf(violations);
    }
}
