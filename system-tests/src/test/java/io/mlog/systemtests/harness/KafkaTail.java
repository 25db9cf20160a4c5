package io.mlog.systemtests.harness;

import io.mlog.systemtests.history.History;
import io.mlog.systemtests.history.RecordId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Kafka's consumer, which reads a topic on and on from its beginning and has the histories know
 * every record. To be told that its place does not exist any more is a finding and ends it.
 */
public final class KafkaTail implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(100);

    private final String topic;
    private final List<History.Reader> partitions;
    private final AtomicLongArray next;
    private final AtomicReference<@Nullable Throwable> broken = new AtomicReference<>();
    private final Thread thread;
    private volatile boolean stopping;

    /**
     * Starts reading.
     *
     * @param addresses separated by commas
     * @param partitions what each partition's records are told to
     */
    public KafkaTail(String addresses, String topic, List<History.Reader> partitions) {
        this.topic = topic;
        this.partitions = List.copyOf(partitions);
        this.next = new AtomicLongArray(partitions.size());
        this.thread =
                Thread.ofPlatform().daemon().name("kafka-tail").start(() -> readAlways(addresses));
    }

    private void readAlways(String addresses) {
        List<TopicPartition> assigned =
                IntStream.range(0, partitions.size())
                        .mapToObj(partition -> new TopicPartition(topic, partition))
                        .toList();
        try (KafkaConsumer<byte[], byte[]> consumer =
                KafkaClients.consumer(addresses, Map.of("auto.offset.reset", "none"))) {
            consumer.assign(assigned);
            assigned.forEach(partition -> consumer.seek(partition, 0));
            while (!stopping) {
                consumer.poll(POLL)
                        .forEach(record -> {
                            History.Reader reader = partitions.get(record.partition());
                            reader.read(record.offset(), RecordId.of(record.value()));
                            next.set(record.partition(), reader.next());
                        });
            }
        } catch (OffsetOutOfRangeException e) {
            e.offsetOutOfRangePartitions()
                    .keySet()
                    .forEach(partition ->
                            partitions
                                    .get(partition.partition())
                                    .toldOutOfRange(String.valueOf(e.getMessage())));
        } catch (RuntimeException e) {
            broken.set(e);
        }
    }

    /** Waits until it has read everything below an offset, or has ended. */
    public void awaitOffset(Duration limit, int partition, long offset) {
        Await.until(
                limit,
                "offset %d of %s-%d at Kafka's consumer".formatted(offset, topic, partition),
                () -> next.get(partition) >= offset || !thread.isAlive());
    }

    @Override
    public void close() {
        stopping = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (broken.get() != null) {
            throw new AssertionError("Kafka's consumer broke", broken.get());
        }
    }
}
