package io.mlog.systemtests.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.systemtests.harness.Await;
import io.mlog.systemtests.harness.KafkaClients;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/** What KafkaProducer does: every value is read back, in order. */
final class JavaProducerRows {
    private static final int COUNT = 1_000;
    private static final Duration LIMIT = Duration.ofMinutes(1);

    private JavaProducerRows() {}

    static List<Row> rows() {
        return List.of(
                Row.works(
                        Client.JAVA,
                        "producer with its defaults, keys over 3 partitions",
                        JavaProducerRows::withDefaults),
                Row.works(
                        Client.JAVA,
                        "idempotent producer, 5 requests in flight: order and offsets",
                        stage -> inOrder(stage, inFlight())),
                Row.works(Client.JAVA, "producer with acks=0", JavaProducerRows::unacknowledged)
                        .onWholeCluster(),
                Row.works(
                                Client.JAVA,
                                "producer with acks=1",
                                stage -> inOrder(stage, Map.of("acks", "1")))
                        .onWholeCluster(),
                Row.works(
                        Client.JAVA,
                        "producer with acks=all, not idempotent",
                        stage ->
                                inOrder(stage, Map.of("acks", "all", "enable.idempotence", false))),
                Row.works(
                        Client.JAVA, "producer with gzip", stage -> inOrder(stage, codec("gzip"))),
                Row.works(
                        Client.JAVA,
                        "producer with snappy",
                        stage -> inOrder(stage, codec("snappy"))),
                Row.works(Client.JAVA, "producer with lz4", stage -> inOrder(stage, codec("lz4"))),
                Row.works(
                        Client.JAVA, "producer with zstd", stage -> inOrder(stage, codec("zstd"))));
    }

    /** Batches of a few records each, so that many requests are on their way. */
    private static Map<String, Object> inFlight() {
        return Map.of(
                "enable.idempotence",
                true,
                "max.in.flight.requests.per.connection",
                5,
                "batch.size",
                200);
    }

    private static Map<String, Object> codec(String name) {
        return Map.of("compression.type", name, "linger.ms", 20);
    }

    private static void withDefaults(Stage stage) throws Exception {
        stage.createTopic(3);
        Map<Integer, List<String>> expected = new HashMap<>();
        List<String> texts = Stage.texts(COUNT);
        try (var producer = KafkaClients.producer(stage.addresses(), Map.of())) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (String text : texts) {
                byte[] key = Stage.bytes("key " + text.hashCode() % 10);
                sent.add(
                        producer.send(new ProducerRecord<>(stage.topic(), key, Stage.bytes(text))));
            }
            for (int i = 0; i < COUNT; i++) {
                List<String> values =
                        expected.computeIfAbsent(
                                sent.get(i).get().partition(), _ -> new ArrayList<>());
                assertThat(sent.get(i).get().offset()).isEqualTo(values.size());
                values.add(texts.get(i));
            }
        }
        assertThat(expected).hasSize(3);
        expected.forEach(
                (partition, values) -> assertThat(stage.read(partition)).isEqualTo(values));
    }

    private static void inOrder(Stage stage, Map<String, Object> settings) throws Exception {
        stage.createTopic(1);
        List<String> texts = Stage.texts(COUNT);
        List<Long> offsets = new ArrayList<>();
        for (RecordMetadata metadata : send(stage, settings, texts)) {
            offsets.add(metadata.offset());
        }
        assertThat(offsets).isEqualTo(LongStream.range(0, COUNT).boxed().toList());
        awaitReadable(stage);
        assertThat(stage.read(0)).isEqualTo(texts);
    }

    private static void unacknowledged(Stage stage) throws Exception {
        stage.createTopic(1);
        List<String> texts = Stage.texts(COUNT);
        Map<String, Object> settings = Map.of("acks", "0", "enable.idempotence", false);
        assertThat(send(stage, settings, texts)).noneMatch(RecordMetadata::hasOffset);
        awaitReadable(stage);
        assertThat(stage.read(0)).isEqualTo(texts);
    }

    /** With acks=0 and 1 nobody waits until the records are committed, which consumers wait for. */
    private static void awaitReadable(Stage stage) {
        Await.until(
                LIMIT,
                COUNT + " records are committed",
                () ->
                        stage.admin()
                                        .listOffsets(
                                                Map.of(stage.partition(0), OffsetSpec.latest()))
                                        .partitionResult(stage.partition(0))
                                        .get()
                                        .offset()
                                == COUNT);
    }

    private static List<RecordMetadata> send(
            Stage stage, Map<String, Object> settings, List<String> texts) throws Exception {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        try (var producer = KafkaClients.producer(stage.addresses(), settings)) {
            for (String text : texts) {
                sent.add(
                        producer.send(
                                new ProducerRecord<>(stage.topic(), 0, null, Stage.bytes(text))));
            }
        }
        List<RecordMetadata> metadata = new ArrayList<>();
        for (Future<RecordMetadata> future : sent) {
            metadata.add(future.get());
        }
        return metadata;
    }
}
