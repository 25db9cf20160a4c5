package io.mlog.benchmarks.failover;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Kafka's producer with its defaults (acks=all, idempotent), which writes a record of 100 bytes
 * every two milliseconds, to the partitions in turn.
 */
final class Load implements AutoCloseable {
    private static final long EVERY_NANOS = 2_000_000;
    private static final int RECORD_BYTES = 100;

    private final KafkaProducer<byte[], byte[]> producer;
    private final String topic;
    private final AtomicReferenceArray<@Nullable Next> next =
            new AtomicReferenceArray<>(Cluster.NODES);
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final Thread thread;
    private volatile boolean stopping;

    /** The first acknowledgement of a record of at least this number. */
    private record Next(long fromNumber, CompletableFuture<Long> atNanos) {}

    /** Starts writing. */
    Load(String addresses, String topic) {
        this.topic = topic;
        this.producer =
                new KafkaProducer<>(
                        Map.<String, Object>of("bootstrap.servers", addresses),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
        this.thread = Thread.ofPlatform().daemon().name("load").start(this::write);
    }

    private void write() {
        byte[] value = new byte[RECORD_BYTES];
        long due = System.nanoTime();
        while (!stopping) {
            long number = sent.getAndIncrement();
            int partition = (int) (number % Cluster.NODES);
            producer.send(
                    new ProducerRecord<>(topic, partition, null, value),
                    (metadata, failure) -> settled(partition, number, failure));
            due = Math.max(due + EVERY_NANOS, System.nanoTime() - 100 * EVERY_NANOS);
            LockSupport.parkNanos(due - System.nanoTime());
        }
    }

    private void settled(int partition, long number, @Nullable Exception failure) {
        if (failure != null) {
            failed.incrementAndGet();
            return;
        }
        long now = System.nanoTime();
        acknowledged.incrementAndGet();
        Next awaited = next.get(partition);
        if (awaited != null && number >= awaited.fromNumber) {
            awaited.atNanos.complete(now);
        }
    }

    /** When the first record of the partition is acknowledged that is not yet sent. */
    long nextAcknowledged(int partition, Duration limit) throws InterruptedException {
        Next asked = new Next(sent.get(), new CompletableFuture<>());
        next.set(partition, asked);
        try {
            return asked.atNanos.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("nothing is acknowledged within " + limit, e);
        }
    }

    /** Waits until every partition takes records. */
    void awaitProgress(Duration limit) throws InterruptedException {
        for (int partition = 0; partition < Cluster.NODES; partition++) {
            nextAcknowledged(partition, limit);
        }
    }

    @Override
    public String toString() {
        return "%,d records acknowledged, %,d failed".formatted(acknowledged.get(), failed.get());
    }

    @Override
    public void close() {
        stopping = true;
        thread.interrupt();
        producer.close(Duration.ofSeconds(10));
    }
}
