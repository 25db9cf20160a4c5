package io.mlog.systemtests.harness;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The official Java clients of Apache Kafka with their default settings, unless a test says more.
 */
public final class KafkaClients {
    private static final Duration READ_LIMIT = Duration.ofMinutes(3);

    private KafkaClients() {}

    public static KafkaProducer<byte[], byte[]> producer(String address, Map<String, Object> more) {
        Map<String, Object> settings = new HashMap<>(more);
        settings.put("bootstrap.servers", address);
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    public static KafkaConsumer<byte[], byte[]> consumer(String address, Map<String, Object> more) {
        Map<String, Object> settings = new HashMap<>(more);
        settings.put("bootstrap.servers", address);
        return new KafkaConsumer<>(
                settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    public static Admin admin(String address) {
        return Admin.create(Map.of("bootstrap.servers", address));
    }

    /**
     * Hands over every value of partition 0 from its beginning to the end it has when this is
     * called, in order.
     */
    public static void readAll(String address, String topic, Consumer<byte[]> sink) {
        readAll(address, topic, 0, sink);
    }

    /** The same of another partition. */
    public static void readAll(String address, String topic, int number, Consumer<byte[]> sink) {
        readAll(address, new TopicPartition(topic, number), Map.of(), sink);
    }

    private static void readAll(
            String address,
            TopicPartition partition,
            Map<String, Object> settings,
            Consumer<byte[]> sink) {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(address, settings)) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
            long deadline = System.nanoTime() + READ_LIMIT.toNanos();
            while (consumer.position(partition) < end) {
                if (System.nanoTime() > deadline) {
                    throw new AssertionError(
                            "read up to offset "
                                    + consumer.position(partition)
                                    + " of "
                                    + end
                                    + " within "
                                    + READ_LIMIT);
                }
                consumer.poll(Duration.ofMillis(500))
                        .forEach(record -> sink.accept(record.value()));
            }
        }
    }

    /** The same as a list. */
    public static List<byte[]> readAll(String address, String topic) {
        List<byte[]> values = new ArrayList<>();
        readAll(address, topic, values::add);
        return values;
    }

    /** The same, by a consumer that tells its rack. */
    public static List<byte[]> readAll(String address, String topic, String rack) {
        List<byte[]> values = new ArrayList<>();
        readAll(address, new TopicPartition(topic, 0), Map.of("client.rack", rack), values::add);
        return values;
    }
}
