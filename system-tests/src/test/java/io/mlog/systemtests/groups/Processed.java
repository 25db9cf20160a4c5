package io.mlog.systemtests.groups;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/** Which offsets were processed, how often, and the gaps that should not be there. Any thread. */
final class Processed {
    private final Map<TopicPartition, BitSet> offsets = new HashMap<>();
    private final Map<TopicPartition, Long> lastNanos = new HashMap<>();
    private long count;
    private long again;

    synchronized void processed(TopicPartition partition, long offset) {
        BitSet seen = offsets.computeIfAbsent(partition, _ -> new BitSet());
        int at = Math.toIntExact(offset);
        count++;
        if (seen.get(at)) {
            again++;
        }
        seen.set(at);
        lastNanos.put(partition, System.nanoTime());
    }

    synchronized long count() {
        return count;
    }

    /** Records that were processed more than once. */
    synchronized long again() {
        return again;
    }

    /** Partitions that had something processed after that moment. */
    synchronized int movedSince(long nanos) {
        return (int) lastNanos.values().stream().filter(at -> at - nanos > 0).count();
    }

    /** What was not processed of each partition, up to its end. */
    synchronized List<String> missing(Map<TopicPartition, Long> ends) {
        List<String> missing = new ArrayList<>();
        ends.forEach((partition, end) -> {
            BitSet seen = offsets.getOrDefault(partition, new BitSet());
            int first = seen.nextClearBit(0);
            if (first < end) {
                missing.add(
                        "%s: %d of %d not processed, the first is %d"
                                .formatted(
                                        partition,
                                        end - seen.get(0, Math.toIntExact(end)).cardinality(),
                                        end,
                                        first));
            }
        });
        return missing;
    }
}
