package io.mlog.systemtests.groups;

import io.mlog.systemtests.harness.KafkaClients;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Writes to every partition of a topic in turn, at a steady pace, until it is ended. */
final class Load implements AutoCloseable {
    private static final byte[] VALUE = new byte[100];

    private final KafkaProducer<byte[], byte[]> producer;
    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final Thread thread;
    private volatile boolean ended;

    Load(String addresses, String topic, int partitions, int perSecond) {
        this.producer = KafkaClients.producer(addresses, Map.of("linger.ms", 5));
        this.thread =
                Thread.ofPlatform().name("load").start(() -> run(topic, partitions, perSecond));
    }

    private void run(String topic, int partitions, int perSecond) {
        long everyNanos = TimeUnit.SECONDS.toNanos(1) / perSecond;
        long next = System.nanoTime();
        for (int i = 0; !ended; i++) {
            producer.send(
                    new ProducerRecord<>(topic, i % partitions, null, VALUE),
                    (_, e) -> (e == null ? acknowledged : failed).incrementAndGet());
            next += everyNanos;
            LockSupport.parkNanos(next - System.nanoTime());
        }
        producer.flush();
    }

    /** Ends it and waits until everything is acknowledged. */
    void end() {
        ended = true;
        Threads.join(thread);
    }

    long acknowledged() {
        return acknowledged.get();
    }

    long failed() {
        return failed.get();
    }

    @Override
    public void close() {
        end();
        producer.close();
    }
}
