package io.mlog.systemtests.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.systemtests.harness.Await;
import io.mlog.systemtests.harness.Child;
import io.mlog.systemtests.harness.KafkaClients;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/** What an application of Kafka Streams does. */
final class StreamsRows {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final int LINES = 300;

    private StreamsRows() {}

    static List<Row> rows() {
        return List.of(
                Row.works(
                        Client.STREAMS,
                        "word count, at least once; goes on from its changelog after a restart",
                        StreamsRows::counts));
    }

    private static void counts(Stage stage) throws Exception {
        String counts = stage.topic() + "-counts";
        stage.createTopic(2);
        stage.createTopic(counts, 1);
        Map<String, Long> expected = new HashMap<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                KafkaClients.consumer(stage.addresses(), Map.of())) {
            TopicPartition partition = new TopicPartition(counts, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            Map<String, Long> counted = new HashMap<>();
            for (int life = 1; life <= 2; life++) {
                write(stage, expected);
                try (Child application = startRunning(stage, counts)) {
                    awaitCounts(consumer, application, counted, expected);
                    application.stdin().close();
                    assertThat(application.awaitExit(LIMIT)).as(application.output()).isZero();
                }
            }
        }
        assertThat(stage.committed(stage.group())).containsEntry(stage.partition(1), 2L * LINES);
        Set<String> topics = stage.admin().listTopics().names().get();
        assertThat(topics)
                .anyMatch(topic -> topic.startsWith(stage.group()) && topic.endsWith("-changelog"))
                .anyMatch(
                        topic -> topic.startsWith(stage.group()) && topic.endsWith("-repartition"));
    }

    private static void write(Stage stage, Map<String, Long> expected) throws Exception {
        List<String> words = List.of("append", "offset", "log", "epoch", "segment");
        try (var producer = KafkaClients.producer(stage.addresses(), Map.of())) {
            for (int i = 0; i < LINES; i++) {
                String first = words.get(i % words.size());
                String second = words.get(i * i % words.size());
                producer.send(
                                new ProducerRecord<>(
                                        stage.topic(), 1, null, Stage.bytes(first + " " + second)))
                        .get();
                expected.merge(first, 1L, Long::sum);
                expected.merge(second, 1L, Long::sum);
            }
        }
    }

    private static Child start(Stage stage, String counts) throws Exception {
        return Child.start(
                KafkaPrograms.java(
                        "io.mlog.systemtests.programs.WordCount",
                        stage.addresses(),
                        stage.group(),
                        stage.topic(),
                        counts,
                        stage.folder().resolve("state").toString(),
                        String.valueOf(stage.replicas())));
    }

    private static Child startRunning(Stage stage, String counts) throws Exception {
        Child application = start(stage, counts);
        try {
            application.out().awaitLine(LIMIT, "RUNNING", line -> line.endsWith("-> RUNNING"));
            return application;
        } catch (AssertionError | InterruptedException e) {
            application.close();
            throw new AssertionError("it does not run:\n" + application.output(), e);
        }
    }

    private static void awaitCounts(
            KafkaConsumer<byte[], byte[]> consumer,
            Child application,
            Map<String, Long> counted,
            Map<String, Long> expected) {
        try {
            Await.until(
                    LIMIT,
                    "the words are counted",
                    () -> {
                        consumer.poll(POLL)
                                .forEach(record -> {
                                    String word = Stage.text(record.key());
                                    long count = Long.parseLong(Stage.text(record.value()));
                                    counted.put(word, count);
                                });
                        return counted.equals(expected);
                    });
        } catch (AssertionError e) {
            throw new AssertionError(
                    "expected " + expected + ", counted " + counted + "\n" + application.output(),
                    e);
        }
    }
}
