package io.mlog.kafka;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.PartitionReassignment;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.TopicCollection;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.ElectionNotNeededException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Unmodified Kafka clients with their default settings against the edge, over a socket. */
final class RealClientTest {
    private final KafkaExchange kafka = new KafkaExchange();
    private SocketBroker broker;

    @BeforeEach
    void listen() throws IOException {
        broker = new SocketBroker(kafka);
    }

    @AfterEach
    void close() {
        broker.close();
        assertThat(broker.closed).as("connections that the edge closed").isEmpty();
        assertThat(kafka.records.slicesOut).isZero();
    }

    @Test
    void whatAProducerWritesAConsumerReads() throws Exception {
        List<RecordMetadata> written = new ArrayList<>();
        try (KafkaProducer<String, String> producer = producer()) {
            for (int i = 0; i < 20; i++) {
                written.add(producer.send(new ProducerRecord<>("auto", "k" + i, "v" + i)).get());
            }
        }
        assertThat(written).extracting(RecordMetadata::offset).startsWith(0L, 1L).endsWith(19L);

        TopicPartition partition = new TopicPartition("auto", 0);
        try (KafkaConsumer<String, String> consumer = consumer()) {
            consumer.assign(List.of(partition));
            consumer.seek(partition, 5);
            List<String> values = new ArrayList<>();
            while (values.size() < 15) {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofSeconds(5))) {
                    values.add(record.value());
                }
            }
            assertThat(values).startsWith("v5").endsWith("v19").hasSize(15);
            assertThat(consumer.endOffsets(List.of(partition))).containsEntry(partition, 50L);
            assertThat(consumer.beginningOffsets(List.of(partition))).containsEntry(partition, 5L);
            assertThat(in(consumer.offsetsForTimes(Map.of(partition, 100L)), partition).offset())
                    .isEqualTo(30);
        }
    }

    @Test
    void anAdminClientAdministersTopics() throws Exception {
        try (Admin admin = Admin.create(properties())) {
            admin.createTopics(List.of(new NewTopic("orders", 2, (short) 2))).all().get();
            assertThatThrownBy(() ->
                            admin.createTopics(List.of(new NewTopic("orders", 1, (short) 1)))
                                    .all()
                                    .get())
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(TopicExistsException.class)
                    .hasMessageContaining("topic orders exists");
            admin.createPartitions(Map.of("orders", NewPartitions.increaseTo(3))).all().get();
            assertThat(admin.listTopics().names().get()).containsExactly("orders");
            TopicDescription described =
                    in(admin.describeTopics(List.of("orders")).allTopicNames().get(), "orders");
            assertThat(described.partitions()).hasSize(3);
            assertThat(described.partitions().getFirst().leader().port())
                    .isEqualTo(broker.address().port());

            TopicPartition partition = new TopicPartition("orders", 0);
            assertThat(
                            admin.listOffsets(Map.of(partition, OffsetSpec.maxTimestamp()))
                                    .partitionResult(partition)
                                    .get()
                                    .offset())
                    .isEqualTo(40);
            assertThat(
                            in(
                                            admin.deleteRecords(
                                                            Map.of(
                                                                    partition,
                                                                    RecordsToDelete.beforeOffset(
                                                                            9)))
                                                    .lowWatermarks(),
                                            partition)
                                    .get()
                                    .lowWatermark())
                    .isEqualTo(9);
            admin.deleteTopics(TopicCollection.ofTopicIds(List.of(described.topicId())))
                    .all()
                    .get();
            assertThat(kafka.topics.byName).isEmpty();
        }
    }

    @Test
    void anAdminClientReadsAndChangesConfigurations() throws Exception {
        kafka.topics.add("orders", 1);
        ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, "orders");
        ConfigResource self =
                new ConfigResource(ConfigResource.Type.BROKER, Integer.toString(FakeBroker.ID));
        try (Admin admin = Admin.create(properties())) {
            ConfigEntry retention =
                    in(admin.describeConfigs(List.of(topic)).all().get(), topic)
                            .get("retention.ms");
            assertThat(retention.source()).isEqualTo(ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG);
            assertThat(retention.type()).isEqualTo(ConfigEntry.ConfigType.LONG);
            assertThat(in(admin.describeConfigs(List.of(self)).all().get(), self).get("rpc.port"))
                    .isNotNull();
            Collection<AlterConfigOp> set =
                    List.of(
                            new AlterConfigOp(
                                    new ConfigEntry("retention.ms", "5"),
                                    AlterConfigOp.OpType.SET));
            admin.incrementalAlterConfigs(Map.of(topic, set)).all().get();
            assertThat(kafka.topics.changes).hasSize(1);
        }
    }

    @Test
    void anAdminClientMovesReplicasAndHasLeadersElected() throws Exception {
        kafka.topics.registerAll();
        kafka.topics.add("orders", 1);
        TopicPartition partition = new TopicPartition("orders", 0);
        try (Admin admin = Admin.create(properties())) {
            admin.alterPartitionReassignments(
                            Map.of(
                                    partition,
                                    Optional.of(
                                            new NewPartitionReassignment(
                                                    List.of(FakeBroker.ID, 8)))))
                    .all()
                    .get();
            PartitionReassignment moving =
                    in(admin.listPartitionReassignments().reassignments().get(), partition);
            assertThat(moving.addingReplicas()).containsExactly(8);
            assertThat(moving.removingReplicas()).containsExactly(9);
            admin.alterPartitionReassignments(Map.of(partition, Optional.empty())).all().get();
            assertThat(admin.listPartitionReassignments().reassignments().get()).isEmpty();

            assertThat(
                            in(
                                    admin.electLeaders(ElectionType.PREFERRED, Set.of(partition))
                                            .partitions()
                                            .get(),
                                    partition))
                    .get()
                    .isInstanceOf(ElectionNotNeededException.class);
            assertThat(admin.electLeaders(ElectionType.PREFERRED, null).partitions().get())
                    .isEmpty();
        }
    }

    @Test
    void anAdminClientDescribesTheCluster() throws Exception {
        try (Admin admin = Admin.create(properties())) {
            assertThat(admin.describeCluster().clusterId().get()).isEqualTo("fake-cluster");
            assertThat(admin.describeCluster().controller().get().id()).isEqualTo(FakeBroker.ID);
            assertThat(admin.describeCluster().nodes().get()).hasSize(1);
            assertThat(admin.describeFeatures().featureMetadata().get().finalizedFeatures())
                    .isEmpty();
        }
    }

    /** What a map of the client's holds under a key, which must be there. */
    private static <K, V> V in(Map<K, V> map, K key) {
        return requireNonNull(map.get(key));
    }

    private Properties properties() {
        Properties properties = new Properties();
        properties.put("bootstrap.servers", broker.address().toString());
        properties.put("default.api.timeout.ms", "20000");
        properties.put("request.timeout.ms", "20000");
        return properties;
    }

    private KafkaProducer<String, String> producer() {
        return new KafkaProducer<>(properties(), new StringSerializer(), new StringSerializer());
    }

    private KafkaConsumer<String, String> consumer() {
        return new KafkaConsumer<>(
                properties(), new StringDeserializer(), new StringDeserializer());
    }
}
