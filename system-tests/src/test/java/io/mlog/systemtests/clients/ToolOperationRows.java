package io.mlog.systemtests.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.systemtests.harness.Await;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartitionInfo;

/** What Kafka's command line tools do with replicas, and the loads that they make. */
final class ToolOperationRows {
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final String COUNT = "2000";

    private ToolOperationRows() {}

    static List<Row> rows() {
        return List.of(
                row("kafka-log-dirs --describe", ToolOperationRows::logDirs).onWholeCluster(),
                row("kafka-leader-election --election-type preferred", ToolOperationRows::elects)
                        .onWholeCluster(),
                row(
                                "kafka-reassign-partitions --execute, --verify, --list",
                                ToolOperationRows::reassigns)
                        .onWholeCluster(),
                row("kafka-verifiable-producer", ToolOperationRows::verifiableProducer)
                        .onWholeCluster(),
                row("kafka-producer-perf-test", ToolOperationRows::producerPerf));
    }

    private static Row row(String what, Check check) {
        return Row.works(Client.TOOLS, what, check);
    }

    private static void logDirs(Stage stage) throws Exception {
        stage.createTopic(1);
        stage.fill(1, 100);
        assertThat(KafkaTool.LOG_DIRS.ok(stage, "--describe", "--topic-list", stage.topic()))
                .contains("\"partition\":\"" + stage.topic() + "-0\"", "\"offsetLag\":0")
                .contains("\"error\":null");
    }

    private static void elects(Stage stage) throws Exception {
        stage.createTopic(1);
        assertThat(
                        KafkaTool.LEADER_ELECTION.ok(
                                stage,
                                "--election-type",
                                "preferred",
                                "--topic",
                                stage.topic(),
                                "--partition",
                                "0"))
                .contains(stage.topic() + "-0");
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
        Path file =
                Files.writeString(
                        stage.folder().resolve("reassignment.json"),
                        """
                        {"version":1,"partitions":[{"topic":"%s","partition":0,"replicas":[%s]}]}
                        """
                                .formatted(
                                        stage.topic(),
                                        replicas.stream()
                                                .map(String::valueOf)
                                                .collect(Collectors.joining(","))));
        String json = file.toString();
        KafkaTool tool = KafkaTool.REASSIGN_PARTITIONS;
        assertThat(tool.ok(stage, "--reassignment-json-file", json, "--execute"))
                .contains("Successfully started partition reassignment");
        Await.until(
                LIMIT,
                "kafka-reassign-partitions --verify says that it is complete",
                () ->
                        tool.ok(stage, "--reassignment-json-file", json, "--verify")
                                .contains(
                                        "Reassignment of partition "
                                                + stage.topic()
                                                + "-0 is completed"));
        assertThat(tool.ok(stage, "--list")).doesNotContain(stage.topic());
        assertThat(stage.describe().partitions().getFirst().replicas())
                .extracting(Node::id)
                .isEqualTo(replicas);
        assertThat(stage.read(0)).isEqualTo(texts);
    }

    /** It does not try again what one broker refuses, by design. */
    private static void verifiableProducer(Stage stage) throws Exception {
        stage.createTopic(1);
        assertThat(
                        KafkaTool.VERIFIABLE_PRODUCER.okInOwnProcess(
                                stage, "--topic", stage.topic(), "--max-messages", COUNT))
                .contains("\"name\":\"producer_send_success\"", "\"acked\":" + COUNT);
        assertThat(stage.read(0)).hasSize(Integer.parseInt(COUNT)).startsWith("0", "1");
    }

    private static void producerPerf(Stage stage) throws Exception {
        stage.createTopic(1);
        assertThat(
                        KafkaTool.PRODUCER_PERF_TEST.ok(
                                stage,
                                "--topic",
                                stage.topic(),
                                "--num-records",
                                COUNT,
                                "--record-size",
                                "100",
                                "--throughput",
                                "-1"))
                .contains(COUNT + " records sent");
        assertThat(stage.read(0)).hasSize(Integer.parseInt(COUNT)).allMatch(v -> v.length() == 100);
    }
}
