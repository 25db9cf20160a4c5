package io.mlog.systemtests.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.systemtests.harness.KafkaClients;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/** What KafkaConsumer does without a group. */
final class JavaConsumerRows {
    private static final int COUNT = 500;
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final Duration POLL = Duration.ofMillis(100);

    private JavaConsumerRows() {}

    static List<Row> rows() {
        return List.of(
                Row.works(
                        Client.JAVA,
                        "consumer with assign, seek, seekToBeginning, seekToEnd",
                        JavaConsumerRows::seeks),
                Row.works(
                        Client.JAVA,
                        "consumer, offsetsForTimes, beginningOffsets, endOffsets",
                        JavaConsumerRows::offsets),
                Row.works(
                        Client.JAVA,
                        "consumer, partitionsFor and listTopics",
                        JavaConsumerRows::topics));
    }

    private static void seeks(Stage stage) throws Exception {
        stage.createTopic(2);
        List<String> texts = stage.fill(2, COUNT);
        TopicPartition first = stage.partition(0);
        TopicPartition second = stage.partition(1);
        try (var consumer = KafkaClients.consumer(stage.addresses(), Map.of())) {
            consumer.assign(List.of(first, second));
            consumer.seek(first, COUNT - 100);
            consumer.seekToEnd(List.of(second));
            assertThat(consumer.position(second)).isEqualTo(COUNT);
            assertThat(poll(consumer, 100)).isEqualTo(texts.subList(COUNT - 100, COUNT));
            consumer.pause(List.of(first));
            consumer.seekToBeginning(List.of(first, second));
            assertThat(poll(consumer, COUNT)).isEqualTo(texts);
            assertThat(consumer.position(first)).isZero();
        }
    }

    private static List<String> poll(KafkaConsumer<byte[], byte[]> consumer, int count) {
        List<String> values = new ArrayList<>();
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (values.size() < count && System.nanoTime() < deadline) {
            consumer.poll(POLL).forEach(record -> values.add(Stage.text(record.value())));
        }
        return values;
    }

    private static void offsets(Stage stage) throws Exception {
        stage.createTopic(1);
        TopicPartition partition = stage.partition(0);
        try (var producer = KafkaClients.producer(stage.addresses(), Map.of())) {
            for (long timestamp = 1_000; timestamp <= 5_000; timestamp += 1_000) {
                producer.send(
                        new ProducerRecord<>(
                                stage.topic(), 0, timestamp, null, Stage.bytes("at " + timestamp)));
            }
        }
        try (var consumer = KafkaClients.consumer(stage.addresses(), Map.of())) {
            assertThat(consumer.offsetsForTimes(Map.of(partition, 2_500L)))
                    .extractingByKey(partition)
                    .returns(2L, OffsetAndTimestamp::offset)
                    .returns(3_000L, OffsetAndTimestamp::timestamp);
            assertThat(consumer.offsetsForTimes(Map.of(partition, 5_001L)).get(partition)).isNull();
            assertThat(consumer.beginningOffsets(List.of(partition))).containsEntry(partition, 0L);
            assertThat(consumer.endOffsets(List.of(partition))).containsEntry(partition, 5L);
        }
    }

    private static void topics(Stage stage) throws Exception {
        stage.createTopic(3);
        try (var consumer = KafkaClients.consumer(stage.addresses(), Map.of())) {
            assertThat(consumer.partitionsFor(stage.topic()))
                    .hasSize(3)
                    .allMatch(partition -> partition.leader() != null)
                    .allMatch(partition -> partition.replicas().length == stage.replicas());
            assertThat(Objects.requireNonNull(consumer.listTopics().get(stage.topic()))).hasSize(3);
        }
    }
}
