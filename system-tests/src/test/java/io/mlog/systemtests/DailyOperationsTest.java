package io.mlog.systemtests;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlog.systemtests.harness.Await;
import io.mlog.systemtests.harness.BrokerProcess;
import io.mlog.systemtests.harness.KafkaClients;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.CreateTopicsResult;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.clients.admin.ListConfigResourcesOptions;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicCollection;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionReplica;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.ElectionNotNeededException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.quota.ClientQuotaFilter;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What an operator asks by Kafka's Java client from day to day, and how what we lack is refused.
 */
class DailyOperationsTest {
    private static final TopicPartition ORDERS = new TopicPartition("orders", 0);
    private static final ConfigResource TOPIC =
            new ConfigResource(ConfigResource.Type.TOPIC, "orders");

    private static final Duration LIMIT = Duration.ofSeconds(30);

    @TempDir static Path folder;
    private static BrokerProcess broker;
    private static Admin admin;
    private static int brokerId;

    @BeforeAll
    static void startBroker() throws Exception {
        broker = BrokerProcess.in(folder.resolve("data"));
        broker.start();
        admin = KafkaClients.admin(broker.address());
        admin.createTopics(List.of(new NewTopic("orders", 2, (short) 1))).all().get();
        try (KafkaProducer<byte[], byte[]> producer =
                KafkaClients.producer(broker.address(), Map.of())) {
            for (int i = 0; i < 10; i++) {
                producer.send(new ProducerRecord<>("orders", 0, 1_000L - i, null, new byte[100]));
            }
        }
        brokerId = admin.describeCluster().nodes().get().iterator().next().id();
    }

    @AfterAll
    static void endBroker() {
        admin.close();
        broker.close();
    }

    @Test
    void aTopicCanBeTriedFirstAndIsToldAsItWasCreated() throws Exception {
        NewTopic tried =
                new NewTopic("tried", Optional.of(4), Optional.empty())
                        .configs(Map.of("retention.ms", "60000"));
        CreateTopicsResult told =
                admin.createTopics(List.of(tried), new CreateTopicsOptions().validateOnly(true));
        assertThat(told.numPartitions("tried").get()).isEqualTo(4);
        assertThat(told.replicationFactor("tried").get()).isEqualTo(1);
        assertThat(told.config("tried").get().get("retention.ms").value()).isEqualTo("60000");
        assertThat(admin.listTopics().names().get()).doesNotContain("tried");
    }

    @Test
    void topicsAreDescribedById() throws Exception {
        Uuid id =
                requireNonNull(
                                admin.describeTopics(List.of("orders"))
                                        .allTopicNames()
                                        .get()
                                        .get("orders"))
                        .topicId();
        assertThat(
                        admin.describeTopics(TopicCollection.ofTopicIds(List.of(id)))
                                .allTopicIds()
                                .get()
                                .values())
                .extracting(TopicDescription::name)
                .containsExactly("orders");
    }

    @Test
    void everyPlaceOfAPartitionHasAnOffsetOrNone() throws Exception {
        assertThat(offset(OffsetSpec.earliest())).isZero();
        assertThat(offset(OffsetSpec.latest())).isEqualTo(10);
        assertThat(offset(OffsetSpec.maxTimestamp())).isZero();
        assertThat(offset(OffsetSpec.forTimestamp(995))).isZero();
        assertThat(offset(OffsetSpec.earliestLocal())).isZero();
        assertThat(offset(OffsetSpec.latestTiered())).isEqualTo(-1);
        assertThat(offset(OffsetSpec.earliestPendingUpload())).isEqualTo(-1);
    }

    @Test
    void listsOfConfigsAreAddedToAndTakenFrom() throws Exception {
        alter(OpType.APPEND, "cleanup.policy", "compact");
        assertThat(config("cleanup.policy").value()).isEqualTo("delete,compact");
        alter(OpType.SUBTRACT, "cleanup.policy", "compact");
        assertThat(config("cleanup.policy").value()).isEqualTo("delete");
        ConfigEntry retention = config("retention.ms");
        assertThat(retention.documentation()).isNotBlank();
        assertThat(retention.synonyms()).isNotEmpty();
        assertThat(
                        admin.listConfigResources(
                                        Set.of(ConfigResource.Type.TOPIC),
                                        new ListConfigResourcesOptions())
                                .all()
                                .get())
                .contains(TOPIC);
    }

    @Test
    void theDataDirectoryIsDescribed() throws Exception {
        Map<String, LogDirDescription> told =
                requireNonNull(
                        admin.describeLogDirs(List.of(brokerId))
                                .allDescriptions()
                                .get()
                                .get(brokerId));
        assertThat(told).hasSize(1);
        LogDirDescription directory = told.values().iterator().next();
        assertThat(directory.error()).isNull();
        assertThat(directory.totalBytes().orElseThrow())
                .isGreaterThan(directory.usableBytes().orElseThrow());
        assertThat(requireNonNull(directory.replicaInfos().get(ORDERS)).size())
                .isGreaterThan(1_000);
        assertThat(requireNonNull(directory.replicaInfos().get(ORDERS)).offsetLag()).isZero();

        TopicPartitionReplica replica = new TopicPartitionReplica("orders", 0, brokerId);
        assertThat(
                        requireNonNull(
                                        admin.describeReplicaLogDirs(List.of(replica))
                                                .all()
                                                .get()
                                                .get(replica))
                                .getCurrentReplicaLogDir())
                .isEqualTo(told.keySet().iterator().next());
    }

    @Test
    void whoWroteAPartitionIsTold() throws Exception {
        List<ProducerState> states =
                admin.describeProducers(List.of(ORDERS))
                        .partitionResult(ORDERS)
                        .get()
                        .activeProducers();
        assertThat(states).hasSize(1);
        assertThat(states.getFirst().lastSequence()).isEqualTo(9);
        assertThat(states.getFirst().currentTransactionStartOffset()).isEmpty();
    }

    @Test
    void aConsumersFetchSessionEndsWithIt() {
        try (KafkaConsumer<byte[], byte[]> consumer =
                KafkaClients.consumer(broker.address(), Map.of())) {
            consumer.assign(List.of(ORDERS, new TopicPartition("orders", 1)));
            consumer.seekToBeginning(consumer.assignment());
            Await.until(
                    LIMIT,
                    "everything is read in a session of two partitions",
                    () -> {
                        consumer.poll(Duration.ofMillis(100));
                        return consumer.position(ORDERS) == 10
                                && metrics().contains("\nmlog_fetch_session_partitions 2.0");
                    });
        }
        Await.until(
                LIMIT,
                "the session is over",
                () -> metrics().contains("\nmlog_fetch_sessions 0.0"));
    }

    private static String metrics() throws Exception {
        return broker.http("/metrics").body();
    }

    @Test
    void leadersAndMovesAreAskedFor() throws Exception {
        assertThat(
                        admin.electLeaders(ElectionType.PREFERRED, Set.of(ORDERS))
                                .partitions()
                                .get()
                                .get(ORDERS))
                .get()
                .isInstanceOf(ElectionNotNeededException.class);
        assertThat(admin.listPartitionReassignments().reassignments().get()).isEmpty();
        assertThat(admin.describeFeatures().featureMetadata().get().finalizedFeatures()).isEmpty();
    }

    @Test
    void whatThereIsNotIsRefusedByName() {
        unsupported(
                admin.alterReplicaLogDirs(
                                Map.of(
                                        new TopicPartitionReplica("orders", 0, brokerId),
                                        "/elsewhere"))
                        .all(),
                "ALTER_REPLICA_LOG_DIRS");
        unsupported(
                admin.describeClientQuotas(ClientQuotaFilter.all()).entities(),
                "DESCRIBE_CLIENT_QUOTAS");
        unsupported(admin.describeAcls(AclBindingFilter.ANY).values(), "DESCRIBE_ACLS");
        unsupported(admin.describeMetadataQuorum().quorumInfo(), "DESCRIBE_QUORUM");
    }

    private static void unsupported(KafkaFuture<?> asked, String api) {
        assertThatThrownBy(asked::get)
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(UnsupportedVersionException.class)
                .hasMessageContaining(api);
    }

    private static long offset(OffsetSpec spec) throws Exception {
        return admin.listOffsets(Map.of(ORDERS, spec)).partitionResult(ORDERS).get().offset();
    }

    private static void alter(OpType how, String name, String value) throws Exception {
        admin.incrementalAlterConfigs(
                        Map.of(
                                TOPIC,
                                List.of(new AlterConfigOp(new ConfigEntry(name, value), how))))
                .all()
                .get();
    }

    private static ConfigEntry config(String name) throws Exception {
        return requireNonNull(
                        admin.describeConfigs(
                                        List.of(TOPIC),
                                        new DescribeConfigsOptions()
                                                .includeSynonyms(true)
                                                .includeDocumentation(true))
                                .all()
                                .get()
                                .get(TOPIC))
                .get(name);
    }
}
