package io.mlog.groups.journal;

import io.mlog.services.CommittedOffset;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The offset that was written last for each partition of each group, with its time, which Kafka's
 * coordinator does not tell; 16 bytes for a partition. It may be ahead of what is committed by what
 * is being replicated. Any thread; one lock.
 */
public final class OffsetTable {
    /** No offset was written. */
    public static final long NONE = -1;

    private final Map<String, Map<String, TopicOffsets>> groups = new HashMap<>();

    /** Offsets and times by partition. */
    private static final class TopicOffsets {
        private long[] offsets = {};
        private long[] times = {};

        long put(int partition, long offset, long atMs) {
            if (partition >= offsets.length) {
                int from = offsets.length;
                offsets = Arrays.copyOf(offsets, partition + 1);
                times = Arrays.copyOf(times, partition + 1);
                Arrays.fill(offsets, from, partition + 1, NONE);
            }
            long before = offsets[partition];
            offsets[partition] = offset;
            times[partition] = atMs;
            return before;
        }

        long offset(int partition) {
            return partition < offsets.length ? offsets[partition] : NONE;
        }

        boolean isEmpty() {
            return Arrays.stream(offsets).allMatch(offset -> offset == NONE);
        }
    }

    /** Notes a commit and returns the offset before it, or {@link #NONE}. */
    public synchronized long put(
            String group, String topic, int partition, long offset, long atMs) {
        return groups.computeIfAbsent(group, name -> new HashMap<>())
                .computeIfAbsent(topic, name -> new TopicOffsets())
                .put(partition, offset, atMs);
    }

    /** Notes that an offset was deleted and returns it, or {@link #NONE}. */
    public synchronized long remove(String group, String topic, int partition) {
        Map<String, TopicOffsets> topics = groups.get(group);
        TopicOffsets offsets = topics == null ? null : topics.get(topic);
        if (topics == null || offsets == null || offsets.offset(partition) == NONE) {
            return NONE;
        }
        long before = offsets.put(partition, NONE, 0);
        if (offsets.isEmpty()) {
            topics.remove(topic);
            if (topics.isEmpty()) {
                groups.remove(group);
            }
        }
        return before;
    }

    /** Whether the group has any offset. */
    public synchronized boolean has(String group) {
        return groups.containsKey(group);
    }

    /** The offset that was written last, or {@link #NONE}. */
    public synchronized long offset(String group, String topic, int partition) {
        Map<String, TopicOffsets> topics = groups.get(group);
        TopicOffsets offsets = topics == null ? null : topics.get(topic);
        return offsets == null ? NONE : offsets.offset(partition);
    }

    /** The same with its time. */
    public synchronized Optional<CommittedOffset> committed(
            String group, String topic, int partition) {
        Map<String, TopicOffsets> topics = groups.get(group);
        TopicOffsets offsets = topics == null ? null : topics.get(topic);
        return offsets == null || offsets.offset(partition) == NONE
                ? Optional.empty()
                : Optional.of(
                        new CommittedOffset(offsets.offset(partition), offsets.times[partition]));
    }

    /** Forgets everything. */
    public synchronized void clear() {
        groups.clear();
    }
}
