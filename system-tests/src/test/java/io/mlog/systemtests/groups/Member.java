package io.mlog.systemtests.groups;

import io.mlog.systemtests.harness.KafkaClients;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;

/**
 * A KafkaConsumer on a thread of its own that processes what it polls and commits it then, as an
 * application with at-least-once does. It leaves properly or dies without a word.
 */
final class Member implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(100);

    private final String name;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Ownership ownership;
    private final Processed processed;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final Thread thread;
    private volatile End end = End.NOT_YET;
    private final AtomicInteger rebalances = new AtomicInteger();

    private enum End {
        NOT_YET,
        LEAVE,
        DIE
    }

    Member(
            String name,
            String addresses,
            String group,
            String topic,
            Map<String, Object> settings,
            Ownership ownership,
            Processed processed) {
        this.name = name;
        this.ownership = ownership;
        this.processed = processed;
        Map<String, Object> all = new HashMap<>(settings);
        all.put("group.id", group);
        all.put("client.id", name);
        all.put("enable.auto.commit", false);
        all.put("auto.offset.reset", "earliest");
        this.consumer = KafkaClients.consumer(addresses, all);
        consumer.subscribe(List.of(topic), new Listener());
        this.thread = Thread.ofPlatform().name(name).start(this::run);
    }

    String name() {
        return name;
    }

    /** How often partitions came or went. */
    int rebalances() {
        return rebalances.get();
    }

    /** What ended it against its will; null when nothing did. */
    @Nullable Throwable failure() {
        return failure.get();
    }

    /** Leaves the group, having committed what it processed. */
    void leave() {
        end(End.LEAVE);
    }

    /** Is gone at once: its connections close and nothing is said or committed. */
    void die() {
        end(End.DIE);
    }

    private void end(End how) {
        end = how;
        consumer.wakeup();
        Threads.join(thread);
    }

    private void run() {
        try {
            while (end == End.NOT_YET) {
                poll();
            }
        } catch (WakeupException ended) {
            // end says how.
        } catch (RuntimeException | Error e) {
            failure.set(e);
        } finally {
            close(end == End.DIE);
        }
    }

    private void poll() {
        ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
        records.forEach(record ->
                processed.processed(
                        new TopicPartition(record.topic(), record.partition()), record.offset()));
        if (records.count() > 0) {
            try {
                consumer.commitSync();
            } catch (CommitFailedException | RebalanceInProgressException | RetriableException e) {
                // The partitions are on their way to another member, or the coordinator is: what
                // was
                // not committed is processed again.
            }
        }
    }

    private void close(boolean die) {
        if (die) {
            ownership.died(name);
        }
        GroupMembershipOperation what =
                die
                        ? GroupMembershipOperation.REMAIN_IN_GROUP
                        : GroupMembershipOperation.LEAVE_GROUP;
        consumer.close(
                CloseOptions.groupMembershipOperation(what)
                        .withTimeout(die ? Duration.ZERO : Duration.ofSeconds(5)));
        ownership.died(name);
    }

    @Override
    public void close() {
        if (thread.isAlive()) {
            leave();
        }
    }

    private final class Listener implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            if (!partitions.isEmpty()) {
                rebalances.incrementAndGet();
            }
            ownership.assigned(name, consumer.groupMetadata().generationId(), partitions);
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            if (!partitions.isEmpty()) {
                rebalances.incrementAndGet();
            }
            ownership.released(name, partitions);
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            onPartitionsRevoked(partitions);
        }
    }
}
