package io.mlog.systemtests.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlog.systemtests.harness.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListConfigResourcesOptions;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.ElectionNotNeededException;
import org.apache.kafka.common.errors.TopicExistsException;

/** What Admin does with topics, partitions and the cluster. */
final class JavaAdminRows {
    private static final Duration LIMIT = Duration.ofMinutes(1);

    private JavaAdminRows() {}

    static List<Row> rows() {
        return List.of(
                row(
                        "createTopics, listTopics, describeTopics, deleteTopics",
                        JavaAdminRows::topics),
                row("createPartitions", JavaAdminRows::partitions),
                row(
                        "describeConfigs, incrementalAlterConfigs, listConfigResources",
                        JavaAdminRows::configs),
                row("deleteRecords", JavaAdminRows::deletesRecords),
                row(
                        "listOffsets: earliest, latest, timestamp, maxTimestamp, earliestLocal, latestTiered",
                        JavaAdminRows::offsets),
                row("describeLogDirs", JavaAdminRows::logDirs).onWholeCluster(),
                row("describeProducers", JavaAdminRows::producers),
                row("electLeaders", JavaAdminRows::elects).onWholeCluster(),
                row(
                                "alterPartitionReassignments, listPartitionReassignments",
                                JavaAdminRows::reassigns)
                        .onWholeCluster(),
                row("describeCluster, describeFeatures", JavaAdminRows::cluster).onWholeCluster());
    }

    private static Row row(String what, Check check) {
        return Row.works(Client.JAVA, "admin: " + what, check);
    }

    private static void topics(Stage stage) throws Exception {
        stage.createTopic(3);
        awaitListed(stage, true);
        TopicDescription described = stage.describe();
        assertThat(described.partitions()).hasSize(3);
        assertThat(described.partitions().getFirst().replicas()).hasSize(stage.replicas());
        assertThatThrownBy(() -> stage.createTopic(3))
                .cause()
                .isInstanceOf(TopicExistsException.class);
        stage.admin().deleteTopics(List.of(stage.topic())).all().get();
        awaitListed(stage, false);
    }

    /** Any broker may be asked for the list, and each hears of a change in its own time. */
    private static void awaitListed(Stage stage, boolean expected) {
        Await.until(
                LIMIT,
                stage.topic() + " is listed: " + expected,
                () -> stage.admin().listTopics().names().get().contains(stage.topic()) == expected);
    }

    private static void partitions(Stage stage) throws Exception {
        stage.createTopic(1);
        stage.admin()
                .createPartitions(Map.of(stage.topic(), NewPartitions.increaseTo(4)))
                .all()
                .get();
        assertThat(stage.describe().partitions()).hasSize(4);
        List<String> texts = stage.fill(4, 10);
        assertThat(stage.read(3)).isEqualTo(texts);
    }

    private static void configs(Stage stage) throws Exception {
        stage.createTopic(
                new NewTopic(stage.topic(), 1, stage.replicas())
                        .configs(Map.of("retention.ms", "3600000")));
        ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, stage.topic());
        assertThat(value(stage, topic, "retention.ms")).isEqualTo("3600000");
        alter(stage, topic, AlterConfigOp.OpType.SET, "7200000");
        awaitRetention(stage, topic, "7200000");
        alter(stage, topic, AlterConfigOp.OpType.DELETE, "");
        awaitRetention(stage, topic, "-1");
        assertThat(
                        stage.admin()
                                .listConfigResources(
                                        Set.of(ConfigResource.Type.TOPIC),
                                        new ListConfigResourcesOptions())
                                .all()
                                .get())
                .contains(topic);
    }

    /** Another broker may be asked, which learns of the change a moment later. */
    private static void awaitRetention(Stage stage, ConfigResource topic, String value) {
        Await.until(
                LIMIT,
                "retention.ms is " + value,
                () -> value(stage, topic, "retention.ms").equals(value));
    }

    private static String value(Stage stage, ConfigResource resource, String name)
            throws Exception {
        KafkaFuture<Config> none = KafkaFuture.completedFuture(new Config(List.of()));
        return stage.admin()
                .describeConfigs(List.of(resource))
                .values()
                .getOrDefault(resource, none)
                .get()
                .get(name)
                .value();
    }

    private static void alter(
            Stage stage, ConfigResource topic, AlterConfigOp.OpType how, String retentionMs)
            throws Exception {
        AlterConfigOp change = new AlterConfigOp(new ConfigEntry("retention.ms", retentionMs), how);
        stage.admin().incrementalAlterConfigs(Map.of(topic, List.of(change))).all().get();
    }

    private static void deletesRecords(Stage stage) throws Exception {
        stage.createTopic(1);
        List<String> texts = stage.fill(1, 100);
        var deleted =
                stage.admin()
                        .deleteRecords(
                                Map.of(stage.partition(0), RecordsToDelete.beforeOffset(40)));
        for (var watermark : deleted.lowWatermarks().values()) {
            assertThat(watermark.get().lowWatermark()).isEqualTo(40);
        }
        assertThat(stage.read(0)).isEqualTo(texts.subList(40, 100));
    }

    private static void offsets(Stage stage) throws Exception {
        stage.createTopic(1);
        stage.fill(1, 100);
        assertThat(offset(stage, OffsetSpec.earliest())).isZero();
        assertThat(offset(stage, OffsetSpec.latest())).isEqualTo(100);
        assertThat(offset(stage, OffsetSpec.forTimestamp(1))).isZero();
        assertThat(offset(stage, OffsetSpec.forTimestamp(Long.MAX_VALUE))).isEqualTo(-1);
        assertThat(offset(stage, OffsetSpec.maxTimestamp())).isBetween(0L, 99L);
        assertThat(offset(stage, OffsetSpec.earliestLocal())).isZero();
        assertThat(offset(stage, OffsetSpec.latestTiered())).isEqualTo(-1);
    }

    private static long offset(Stage stage, OffsetSpec spec) throws Exception {
        TopicPartition partition = stage.partition(0);
        return stage.admin()
                .listOffsets(Map.of(partition, spec))
                .partitionResult(partition)
                .get()
                .offset();
    }

    private static void logDirs(Stage stage) throws Exception {
        stage.createTopic(1);
        stage.fill(1, 100);
        List<Integer> nodes = new ArrayList<>();
        stage.admin().describeCluster().nodes().get().forEach(node -> nodes.add(node.id()));
        int replicas = 0;
        for (Map<String, LogDirDescription> folders :
                stage.admin().describeLogDirs(nodes).allDescriptions().get().values()) {
            for (LogDirDescription folder : folders.values()) {
                assertThat(folder.error()).isNull();
                assertThat(folder.usableBytes()).isPresent();
                var replica = folder.replicaInfos().get(stage.partition(0));
                if (replica != null) {
                    replicas++;
                    assertThat(replica.size()).isPositive();
                }
            }
        }
        assertThat(replicas).isEqualTo(stage.replicas());
    }

    private static void producers(Stage stage) throws Exception {
        stage.createTopic(1);
        stage.fill(1, 100);
        var states =
                stage.admin()
                        .describeProducers(List.of(stage.partition(0)))
                        .partitionResult(stage.partition(0))
                        .get()
                        .activeProducers();
        assertThat(states).singleElement().matches(producer -> producer.lastSequence() == 99);
    }

    private static void elects(Stage stage) throws Exception {
        stage.createTopic(1);
        Optional<Throwable> outcome =
                stage.admin()
                        .electLeaders(ElectionType.PREFERRED, Set.of(stage.partition(0)))
                        .partitions()
                        .get()
                        .getOrDefault(stage.partition(0), Optional.empty());
        // The first replica leads a new topic, unless it has just gone.
        outcome.ifPresent(e -> assertThat(e).isInstanceOf(ElectionNotNeededException.class));
        TopicPartitionInfo partition = stage.describe().partitions().getFirst();
        assertThat(partition.leader()).isEqualTo(partition.replicas().getFirst());
    }

    private static void reassigns(Stage stage) throws Exception {
        stage.createTopic(1);
        List<String> texts = stage.fill(1, 100);
        List<Integer> replicas =
                new ArrayList<>(
                        stage.describe().partitions().getFirst().replicas().stream()
                                .map(Node::id)
                                .toList());
        Collections.rotate(replicas, 1);
        stage.admin()
                .alterPartitionReassignments(
                        Map.of(
                                stage.partition(0),
                                Optional.of(new NewPartitionReassignment(replicas))))
                .all()
                .get();
        Await.until(
                LIMIT,
                "the end of the reassignment",
                () ->
                        stage.admin()
                                .listPartitionReassignments(Set.of(stage.partition(0)))
                                .reassignments()
                                .get()
                                .isEmpty());
        Await.until(
                LIMIT,
                "replicas " + replicas,
                () ->
                        stage.describe().partitions().getFirst().replicas().stream()
                                .map(Node::id)
                                .toList()
                                .equals(replicas));
        assertThat(stage.read(0)).isEqualTo(texts);
    }

    private static void cluster(Stage stage) throws Exception {
        var cluster = stage.admin().describeCluster();
        assertThat(cluster.clusterId().get()).isNotBlank();
        assertThat(cluster.nodes().get()).hasSize(stage.scene().brokers());
        assertThat(cluster.controller().get()).isIn(cluster.nodes().get());
        assertThat(stage.admin().describeFeatures().featureMetadata().get().finalizedFeatures())
                .isNotNull();
    }
}
