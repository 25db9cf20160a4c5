package io.mlog.systemtests.harness;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Writes numbered updates of random keys by the Kafka producer, whatever becomes of the broker
 * meanwhile, and knows the last of each key. One thread writes; it ends when all is acknowledged.
 */
public final class KeyedUpdates {
    private final String topic;
    private final int[] latest;
    private final int valueBytes;
    private final SplittableRandom random;
    private int written;

    /** Keys are numbered from 0 on. */
    public KeyedUpdates(String topic, int keys, int valueBytes, long seed) {
        this.topic = topic;
        this.latest = new int[keys];
        this.valueBytes = valueBytes;
        this.random = new SplittableRandom(seed);
    }

    /** Writes so many updates and waits until every one is acknowledged. */
    public void write(String address, int count) {
        AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
        try (KafkaProducer<byte[], byte[]> producer =
                KafkaClients.producer(address, Map.of("linger.ms", 5))) {
            for (int i = 0; i < count && failure.get() == null; i++) {
                send(producer, random.nextInt(latest.length), failure);
            }
        }
        Exception why = failure.get();
        if (why != null) {
            throw new AssertionError("an update was not acknowledged", why);
        }
    }

    /** Writes the latest update of each key to another topic, which is as small as can be then. */
    public void writeLatest(String address, String other) {
        try (KafkaProducer<byte[], byte[]> producer =
                KafkaClients.producer(address, Map.of("linger.ms", 5))) {
            for (int key = 0; key < latest.length; key++) {
                producer.send(new ProducerRecord<>(other, number(key), value(latest[key])));
            }
        }
    }

    private void send(
            KafkaProducer<byte[], byte[]> producer,
            int key,
            AtomicReference<@Nullable Exception> failure) {
        latest[key] = ++written;
        producer.send(
                new ProducerRecord<>(topic, number(key), value(written)),
                (metadata, problem) -> {
                    if (problem != null) {
                        failure.compareAndSet(null, problem);
                    }
                });
    }

    private static byte[] number(int number) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(number).array();
    }

    /** The number and bytes that do not compress. */
    private byte[] value(int number) {
        byte[] value = new byte[valueBytes];
        new SplittableRandom(number).nextBytes(value);
        ByteBuffer.wrap(value).putInt(number);
        return value;
    }

    /** The number of the last update of each key, 0 where there was none. */
    public int[] latest() {
        return latest.clone();
    }
}
