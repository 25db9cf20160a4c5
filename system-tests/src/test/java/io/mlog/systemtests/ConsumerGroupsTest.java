package io.mlog.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.systemtests.harness.BrokerProcess;
import io.mlog.systemtests.harness.KafkaClients;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Consumer groups of the Java client, in both of its protocols. */
class ConsumerGroupsTest {
    private static final String TOPIC = "orders";
    private static final int RECORDS = 300;
    private static final int READ_FIRST = 120;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir Path folder;
    private BrokerProcess broker;

    @BeforeEach
    void start() throws Exception {
        broker = BrokerProcess.in(folder.resolve("data")).flag("--default-partitions", "3");
        broker.start();
    }

    @AfterEach
    void endBroker() {
        broker.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    @Timeout(180)
    void aGroupGoesOnWhereItStoppedThoughTheBrokerWasKilled(String protocol) throws Exception {
        produce();
        TreeSet<Integer> read = new TreeSet<>();

        long begun = System.nanoTime();
        try (KafkaConsumer<byte[], byte[]> consumer = member(protocol)) {
            readTo(READ_FIRST, consumer, read);
        }
        System.out.printf(
                "the first group of the broker's life, %s: first read and commit after %d ms%n",
                protocol, (System.nanoTime() - begun) / 1_000_000);

        broker.kill9();
        broker.start();
        try (KafkaConsumer<byte[], byte[]> consumer = member(protocol)) {
            readTo(RECORDS, consumer, read);
        }
        assertThat(read).hasSize(RECORDS).first().isEqualTo(0);
        assertThat(read.last()).isEqualTo(RECORDS - 1);
    }

    @Test
    @Timeout(60)
    void whoUsesNoGroupsPaysForNone() throws Exception {
        produce();
        assertThat(KafkaClients.readAll(broker.address(), TOPIC)).isNotEmpty();

        assertThat(broker.threadNames()).noneMatch(name -> name.startsWith("group-"));
        assertThat(folder.resolve("data/__consumer_offsets-0")).doesNotExist();
    }

    private void produce() throws Exception {
        try (KafkaProducer<byte[], byte[]> producer =
                KafkaClients.producer(broker.address(), Map.of())) {
            for (int i = 0; i < RECORDS; i++) {
                byte[] value = ByteBuffer.allocate(Integer.BYTES).putInt(i).array();
                producer.send(new ProducerRecord<>(TOPIC, i % 3, null, value));
            }
        }
    }

    private KafkaConsumer<byte[], byte[]> member(String protocol) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("group.id", "readers");
        settings.put("group.protocol", protocol);
        settings.put("auto.offset.reset", "earliest");
        settings.put("enable.auto.commit", false);
        settings.put("max.poll.records", 40);
        KafkaConsumer<byte[], byte[]> consumer = KafkaClients.consumer(broker.address(), settings);
        consumer.subscribe(List.of(TOPIC));
        return consumer;
    }

    /** Reads and commits, each record for the first time, until there are so many. */
    private static void readTo(
            int count, KafkaConsumer<byte[], byte[]> consumer, Set<Integer> read) {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (read.size() < count) {
            assertThat(System.nanoTime()).as("%d of %d", read.size(), count).isLessThan(deadline);
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                int number = ByteBuffer.wrap(record.value()).getInt();
                assertThat(read.add(number)).as("%d is read once", number).isTrue();
            }
            consumer.commitSync();
        }
    }
}
