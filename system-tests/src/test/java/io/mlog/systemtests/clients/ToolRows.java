package io.mlog.systemtests.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.systemtests.harness.Await;
import io.mlog.systemtests.harness.Ran;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What Kafka's command line tools do with topics, their settings and records. */
final class ToolRows {
    private static final Duration LIMIT = Duration.ofMinutes(1);

    private ToolRows() {}

    static List<Row> rows() {
        return List.of(
                row(
                        "kafka-topics --create, --list, --describe, --alter, --delete",
                        ToolRows::topics),
                row("kafka-configs --describe, --alter of a topic", ToolRows::configs),
                row("kafka-get-offsets", ToolRows::offsets),
                row("kafka-delete-records", ToolRows::deletesRecords),
                row("kafka-broker-api-versions, kafka-cluster cluster-id", ToolRows::cluster)
                        .onWholeCluster(),
                row(
                        "kafka-console-producer, kafka-console-consumer --partition",
                        ToolRows::console));
    }

    private static Row row(String what, Check check) {
        return Row.works(Client.TOOLS, what, check);
    }

    private static void topics(Stage stage) throws Exception {
        KafkaTool tool = KafkaTool.TOPICS;
        String topic = stage.topic();
        tool.ok(stage, "--create", "--topic", topic, "--partitions", "2");
        assertThat(tool.ok(stage, "--list").lines()).contains(topic);
        assertThat(tool.ok(stage, "--describe", "--topic", topic))
                .contains("PartitionCount: 2", "Partition: 1\tLeader: ", "Isr: ");
        tool.ok(stage, "--alter", "--topic", topic, "--partitions", "4");
        assertThat(tool.ok(stage, "--describe", "--topic", topic)).contains("PartitionCount: 4");
        Ran again = tool.run(stage, "--create", "--topic", topic);
        assertThat(again.exit()).isEqualTo(1);
        assertThat(again.out()).contains("'" + topic + "'", "exists");
        tool.ok(stage, "--delete", "--topic", topic);
        Await.until(
                LIMIT,
                topic + " is not listed any more",
                () -> tool.ok(stage, "--list").lines().noneMatch(topic::equals));
    }

    private static void configs(Stage stage) throws Exception {
        stage.createTopic(1);
        alter(stage, "--add-config", "retention.ms=7200000");
        awaitRetention(stage, true);
        alter(stage, "--delete-config", "retention.ms");
        awaitRetention(stage, false);
        assertThat(describe(stage, "--describe", "--all")).contains("cleanup.policy=delete");
    }

    /** Another broker may be asked, which learns of the change a moment later. */
    private static void awaitRetention(Stage stage, boolean set) {
        Await.until(
                LIMIT,
                "retention.ms is " + (set ? "set" : "not set"),
                () -> describe(stage, "--describe").contains("retention.ms=7200000") == set);
    }

    private static void alter(Stage stage, String how, String what) throws Exception {
        KafkaTool.CONFIGS.ok(stage, "--alter", "--topic", stage.topic(), how, what);
    }

    private static String describe(Stage stage, String... how) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("--topic", stage.topic()));
        arguments.addAll(List.of(how));
        return KafkaTool.CONFIGS.ok(stage, arguments.toArray(String[]::new));
    }

    private static void offsets(Stage stage) throws Exception {
        stage.createTopic(2);
        stage.fill(2, 100);
        KafkaTool tool = KafkaTool.GET_OFFSETS;
        String topic = stage.topic();
        assertThat(tool.ok(stage, "--topic", topic))
                .isEqualToIgnoringNewLines(topic + ":0:100" + topic + ":1:100");
        assertThat(tool.ok(stage, "--topic", topic, "--time", "earliest"))
                .isEqualToIgnoringNewLines(topic + ":0:0" + topic + ":1:0");
        assertThat(tool.ok(stage, "--topic-partitions", topic + ":1", "--time", "1"))
                .isEqualToIgnoringNewLines(topic + ":1:0");
    }

    private static void deletesRecords(Stage stage) throws Exception {
        stage.createTopic(1);
        List<String> texts = stage.fill(1, 100);
        Path file =
                Files.writeString(
                        stage.folder().resolve("offsets.json"),
                        """
                        {"version":1,"partitions":[{"topic":"%s","partition":0,"offset":40}]}
                        """
                                .formatted(stage.topic()));
        assertThat(KafkaTool.DELETE_RECORDS.ok(stage, "--offset-json-file", file.toString()))
                .contains("low_watermark: 40");
        assertThat(stage.read(0)).isEqualTo(texts.subList(40, 100));
    }

    private static void cluster(Stage stage) throws Exception {
        assertThat(KafkaTool.BROKER_API_VERSIONS.ok(stage))
                .contains("(id: ", "Produce(0): 0 to ", "Fetch(1): ");
        assertThat(KafkaTool.CLUSTER.ok(stage, "cluster-id"))
                .contains("Cluster ID: " + stage.admin().describeCluster().clusterId().get());
    }

    private static void console(Stage stage) throws Exception {
        stage.createTopic(1);
        List<String> texts = Stage.texts(100);
        String lines = String.join("\n", texts) + "\n";
        Ran produced =
                KafkaTool.CONSOLE_PRODUCER.runReading(stage, lines, "--topic", stage.topic()).ok();
        assertThat(produced.err()).doesNotContain("ERROR");
        assertThat(stage.read(0)).isEqualTo(texts);
        String consumed =
                KafkaTool.CONSOLE_CONSUMER.ok(
                        stage,
                        "--topic",
                        stage.topic(),
                        "--partition",
                        "0",
                        "--offset",
                        "earliest",
                        "--max-messages",
                        "100");
        assertThat(consumed.lines()).isEqualTo(texts);
    }
}
