package io.mlog.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlog.systemtests.harness.BrokerProcess;
import io.mlog.systemtests.harness.JavaKafkaSpeaker;
import io.mlog.systemtests.harness.KafkaClients;
import io.mlog.systemtests.harness.Lines;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.OffsetOutOfRangeException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The administration that Kafka's own Java client does, in the versions it chooses itself. */
class AdminTest {
    @TempDir static Path folder;
    private static BrokerProcess broker;
    private static Admin admin;

    @BeforeAll
    static void startBroker() throws Exception {
        broker = BrokerProcess.in(folder.resolve("data"));
        broker.start();
        admin = KafkaClients.admin(broker.address());
    }

    @AfterAll
    static void endBroker() {
        admin.close();
        broker.close();
    }

    @Test
    void topicsAreCreatedListedDescribedAndDeleted() throws Exception {
        create(new NewTopic("orders", 3, (short) 1));
        assertThat(admin.listTopics().names().get()).contains("orders");
        TopicDescription described = describe("orders");
        assertThat(described.partitions()).hasSize(3);
        assertThat(described.topicId().toString()).hasSize(22);
        admin.deleteTopics(List.of("orders")).all().get();
        assertThat(admin.listTopics().names().get()).doesNotContain("orders");
    }

    @Test
    void aTopicGrowsButNeverShrinks() throws Exception {
        create(new NewTopic("growing", 1, (short) 1));
        admin.createPartitions(Map.of("growing", NewPartitions.increaseTo(4))).all().get();
        assertThat(describe("growing").partitions()).hasSize(4);
        refused(
                admin.createPartitions(Map.of("growing", NewPartitions.increaseTo(2))).all(),
                InvalidPartitionsException.class);
    }

    @Test
    void wrongTopicsAreRefusedByTheirOwnNames() throws Exception {
        create(new NewTopic("twice", 1, (short) 1));
        refused(creation(new NewTopic("twice", 1, (short) 1)), TopicExistsException.class);
        refused(creation(new NewTopic("no/slash", 1, (short) 1)), InvalidTopicException.class);
        refused(creation(new NewTopic("none", 0, (short) 1)), InvalidPartitionsException.class);
        refused(
                creation(new NewTopic("copies", 1, (short) 3)),
                InvalidReplicationFactorException.class);
        refused(
                creation(new NewTopic("typo", 1, (short) 1).configs(Map.of("retention.sm", "1"))),
                InvalidConfigurationException.class);
        refused(
                admin.deleteTopics(List.of("missing")).all(),
                UnknownTopicOrPartitionException.class);
        refused(
                admin.describeTopics(List.of("missing")).allTopicNames(),
                UnknownTopicOrPartitionException.class);
        assertThat(admin.listTopics().names().get())
                .as("asking for a topic does not create it")
                .doesNotContain("missing", "none", "copies", "typo");
    }

    @Test
    void configsAreDescribedAlteredAndReset() throws Exception {
        create(
                new NewTopic("configured", Optional.empty(), Optional.empty())
                        .configs(Map.of("retention.ms", "3600000")));
        ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, "configured");
        assertThat(value(topic, "retention.ms")).isEqualTo("3600000");
        assertThat(value(topic, "cleanup.policy")).isEqualTo("delete");
        alter(topic, OpType.SET, "retention.ms", "7200000");
        assertThat(value(topic, "retention.ms")).isEqualTo("7200000");
        alter(topic, OpType.DELETE, "retention.ms", "");
        assertThat(value(topic, "retention.ms")).isEqualTo("-1");
        assertThatThrownBy(() -> alter(topic, OpType.SET, "retention.ms", "soon"))
                .cause()
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining("retention.ms");
    }

    @Test
    void theClusterDescribesItself() throws Exception {
        var cluster = admin.describeCluster();
        assertThat(cluster.clusterId().get()).isNotBlank();
        Collection<Node> nodes = cluster.nodes().get();
        assertThat(nodes).hasSize(1);
        assertThat(nodes.iterator().next().port()).isEqualTo(broker.rpcPort());
        assertThat(cluster.controller().get()).isNotNull();
    }

    @Test
    void offsetsAreFoundByPositionAndTimeAndRecordsAreDeleted() throws Exception {
        new JavaKafkaSpeaker()
                .write(
                        broker.address(),
                        "offsets",
                        Lines.writeNonEmpty(folder.resolve("text"), 1_000, 1));
        TopicPartition partition = new TopicPartition("offsets", 0);
        assertThat(offset(partition, OffsetSpec.earliest())).isZero();
        assertThat(offset(partition, OffsetSpec.latest())).isEqualTo(1_000);
        assertThat(offset(partition, OffsetSpec.forTimestamp(1))).isZero();
        assertThat(offset(partition, OffsetSpec.forTimestamp(Long.MAX_VALUE))).isEqualTo(-1);
        assertThat(offset(partition, OffsetSpec.maxTimestamp())).isBetween(0L, 999L);

        admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(400))).all().get();
        assertThat(offset(partition, OffsetSpec.earliest())).isEqualTo(400);
        assertThat(KafkaClients.readAll(broker.address(), "offsets")).hasSize(600);
        refused(
                admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(2_000))).all(),
                OffsetOutOfRangeException.class);
    }

    private static void create(NewTopic topic) throws Exception {
        creation(topic).get();
    }

    private static KafkaFuture<Void> creation(NewTopic topic) {
        return admin.createTopics(List.of(topic)).all();
    }

    private static void refused(KafkaFuture<?> asked, Class<? extends Exception> name) {
        assertThatThrownBy(asked::get)
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(name)
                .hasMessageMatching("(?s).{10,}");
    }

    private static String value(ConfigResource resource, String name) throws Exception {
        return admin.describeConfigs(List.of(resource))
                .values()
                .getOrDefault(resource, KafkaFuture.completedFuture(new Config(List.of())))
                .get()
                .get(name)
                .value();
    }

    private static TopicDescription describe(String topic) throws Exception {
        return Objects.requireNonNull(
                admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic));
    }

    private static void alter(ConfigResource resource, OpType how, String name, String value)
            throws Exception {
        admin.incrementalAlterConfigs(
                        Map.of(
                                resource,
                                List.of(new AlterConfigOp(new ConfigEntry(name, value), how))))
                .all()
                .get();
    }

    private static long offset(TopicPartition partition, OffsetSpec spec) throws Exception {
        return admin.listOffsets(Map.of(partition, spec)).partitionResult(partition).get().offset();
    }
}
