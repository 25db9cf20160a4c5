package io.mlog.systemtests.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.systemtests.harness.KafkaClients;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Where one row plays: the brokers, with a topic, a group and a folder that no other row uses. What
 * it does itself it does with Kafka's Java client.
 *
 * @param name of the row; its topic and its group are called so, too
 */
record Stage(Scene scene, String name, Path folder) {

    String addresses() {
        return scene.addresses();
    }

    String topic() {
        return name;
    }

    String group() {
        return name;
    }

    Admin admin() {
        return scene.admin();
    }

    TopicPartition partition(int number) {
        return new TopicPartition(topic(), number);
    }

    /** As many copies of each partition as there may be: three, or one on one broker. */
    short replicas() {
        return (short) Math.min(3, scene.brokers());
    }

    /** Creates the row's topic. */
    void createTopic(int partitions) throws Exception {
        createTopic(topic(), partitions);
    }

    /** Creates one more topic of the row; its name should begin with the row's. */
    void createTopic(String topic, int partitions) throws Exception {
        createTopic(new NewTopic(topic, partitions, replicas()));
    }

    void createTopic(NewTopic topic) throws Exception {
        admin().createTopics(List.of(topic)).all().get();
    }

    /** What there is of the row's topic. */
    TopicDescription describe() throws Exception {
        return Objects.requireNonNull(
                admin().describeTopics(List.of(topic())).allTopicNames().get().get(topic()));
    }

    /** Numbered texts, some beyond ASCII. */
    static List<String> texts(int count) {
        return IntStream.range(0, count).mapToObj(i -> i + " größe 日本語 🚀 offset").toList();
    }

    /** Writes so many records to each of the first partitions of the row's topic. */
    List<String> fill(int partitions, int count) throws Exception {
        List<String> texts = texts(count);
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        try (var producer = KafkaClients.producer(addresses(), Map.of())) {
            for (String text : texts) {
                for (int partition = 0; partition < partitions; partition++) {
                    sent.add(
                            producer.send(
                                    new ProducerRecord<>(
                                            topic(),
                                            partition,
                                            bytes("key " + partition),
                                            bytes(text))));
                }
            }
        }
        for (Future<RecordMetadata> future : sent) {
            future.get();
        }
        return texts;
    }

    /** Every value of a partition of the row's topic, in order. */
    List<String> read(int partition) {
        return read(topic(), partition);
    }

    /** The same of another topic. */
    List<String> read(String topic, int partition) {
        List<String> values = new ArrayList<>();
        KafkaClients.readAll(addresses(), topic, partition, value -> values.add(text(value)));
        return values;
    }

    /** Asserts that the group has committed exactly these offsets, partition by partition. */
    void assertCommitted(String group, long... offsets) throws Exception {
        Map<TopicPartition, Long> expected = new HashMap<>();
        for (int partition = 0; partition < offsets.length; partition++) {
            expected.put(partition(partition), offsets[partition]);
        }
        assertThat(committed(group)).as("committed by group %s", group).isEqualTo(expected);
    }

    /** What a group has committed. */
    Map<TopicPartition, Long> committed(String group) throws Exception {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        admin().listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .get()
                .forEach((partition, offset) -> {
                    if (offset != null) {
                        offsets.put(partition, offset.offset());
                    }
                });
        return offsets;
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
