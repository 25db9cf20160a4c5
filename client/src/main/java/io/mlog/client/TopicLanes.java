package io.mlog.client;

import io.mlog.model.KeyHash;
import io.mlog.model.TopicPartition;
import io.mlog.protocol.Bytes;
import io.mlog.protocol.NewRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * A topic's partitions as a producer sees them, and the choice among them: by the key's hash as
 * Kafka's clients choose, or, without a key, one partition until its batch is full and then the
 * next. Any thread.
 */
final class TopicLanes {
    private final String topic;
    private final Function<TopicPartition, LaneSender> newLane;
    private final AtomicInteger sticky;
    private volatile List<LaneSender> lanes = List.of();
    private volatile long knownAtNanos;

    TopicLanes(String topic, Function<TopicPartition, LaneSender> newLane, int firstSticky) {
        this.topic = topic;
        this.newLane = newLane;
        this.sticky = new AtomicInteger(firstSticky);
    }

    String topic() {
        return topic;
    }

    /** Takes note of how many partitions there are; they never become fewer. */
    synchronized void partitions(int count, long nowNanos) {
        List<LaneSender> grown = new ArrayList<>(lanes);
        while (grown.size() < count) {
            grown.add(newLane.apply(new TopicPartition(topic, grown.size())));
        }
        lanes = List.copyOf(grown);
        knownAtNanos = nowNanos;
    }

    long knownAtNanos() {
        return knownAtNanos;
    }

    List<LaneSender> lanes() {
        return lanes;
    }

    /** The partition for a record. */
    LaneSender choose(NewRecord record) {
        List<LaneSender> all = lanes;
        Bytes key = record.key();
        return key == null
                ? all.get(Math.floorMod(sticky.get(), all.size()))
                : all.get(KeyHash.partition(key.toByteArray(), all.size()));
    }

    /** The batch of records without keys is full: the next one goes to the next partition. */
    void moveOn() {
        sticky.incrementAndGet();
    }
}
