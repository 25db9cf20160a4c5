package io.mlog.systemtests.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.systemtests.harness.Ran;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What Kafka's command line tools do. */
final class ToolRows {
    private static final String TOPICS = "org.apache.kafka.tools.TopicCommand";
    private static final String CONFIGS = "kafka.admin.ConfigCommand";
    private static final String GET_OFFSETS = "org.apache.kafka.tools.GetOffsetShell";
    private static final String DELETE_RECORDS = "org.apache.kafka.tools.DeleteRecordsCommand";
    private static final String API_VERSIONS = "org.apache.kafka.tools.BrokerApiVersionsCommand";
    private static final String CLUSTER = "org.apache.kafka.tools.ClusterTool";
    private static final String CONSOLE_PRODUCER = "org.apache.kafka.tools.ConsoleProducer";
    private static final String CONSOLE_CONSUMER =
            "org.apache.kafka.tools.consumer.ConsoleConsumer";

    private ToolRows() {}

    static List<Row> rows() {
        return List.of(
                Row.works(
                        Client.TOOLS,
                        "kafka-topics --create, --list, --describe, --alter, --delete",
                        ToolRows::topics),
                Row.works(
                        Client.TOOLS,
                        "kafka-configs --describe, --alter of a topic",
                        ToolRows::configs),
                Row.works(Client.TOOLS, "kafka-get-offsets", ToolRows::offsets),
                Row.works(Client.TOOLS, "kafka-delete-records", ToolRows::deletesRecords),
                Row.works(
                        Client.TOOLS,
                        "kafka-broker-api-versions, kafka-cluster cluster-id",
                        ToolRows::cluster),
                Row.works(
                        Client.TOOLS,
                        "kafka-console-producer, kafka-console-consumer --partition",
                        ToolRows::console));
    }

    private static void topics(Stage stage) throws Exception {
        String topic = stage.topic();
        run(stage, TOPICS, "--create", "--topic", topic, "--partitions", "2");
        assertThat(run(stage, TOPICS, "--list").lines()).contains(topic);
        assertThat(run(stage, TOPICS, "--describe", "--topic", topic))
                .contains("PartitionCount: 2", "Partition: 1\tLeader: ", "Isr: ");
        run(stage, TOPICS, "--alter", "--topic", topic, "--partitions", "4");
        assertThat(run(stage, TOPICS, "--describe", "--topic", topic))
                .contains("PartitionCount: 4");
        Ran again = tool(stage, TOPICS, "--create", "--topic", topic);
        assertThat(again.exit()).isEqualTo(1);
        assertThat(again.out()).contains("'" + topic + "'", "exists");
        run(stage, TOPICS, "--delete", "--topic", topic);
        assertThat(run(stage, TOPICS, "--list").lines()).doesNotContain(topic);
    }

    private static void configs(Stage stage) throws Exception {
        stage.createTopic(1);
        List<String> ofTopic = List.of("--entity-type", "topics", "--entity-name", stage.topic());
        run(stage, CONFIGS, and(ofTopic, "--alter", "--add-config", "retention.ms=7200000"));
        assertThat(run(stage, CONFIGS, and(ofTopic, "--describe")))
                .contains("retention.ms=7200000");
        run(stage, CONFIGS, and(ofTopic, "--alter", "--delete-config", "retention.ms"));
        assertThat(run(stage, CONFIGS, and(ofTopic, "--describe"))).doesNotContain("retention.ms=");
        assertThat(run(stage, CONFIGS, and(ofTopic, "--describe", "--all")))
                .contains("cleanup.policy=delete");
    }

    private static void offsets(Stage stage) throws Exception {
        stage.createTopic(2);
        stage.fill(2, 100);
        String topic = stage.topic();
        assertThat(run(stage, GET_OFFSETS, "--topic", topic))
                .isEqualToIgnoringNewLines(topic + ":0:100" + topic + ":1:100");
        assertThat(run(stage, GET_OFFSETS, "--topic", topic, "--time", "earliest"))
                .isEqualToIgnoringNewLines(topic + ":0:0" + topic + ":1:0");
        assertThat(run(stage, GET_OFFSETS, "--topic-partitions", topic + ":1", "--time", "1"))
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
        assertThat(run(stage, DELETE_RECORDS, "--offset-json-file", file.toString()))
                .contains("low_watermark: 40");
        assertThat(stage.read(0)).isEqualTo(texts.subList(40, 100));
    }

    private static void cluster(Stage stage) throws Exception {
        assertThat(run(stage, API_VERSIONS)).contains("(id: ", "Produce(0): 0 to ", "Fetch(1): ");
        String id = stage.admin().describeCluster().clusterId().get();
        assertThat(
                        stage.tool(CLUSTER, "cluster-id", "--bootstrap-server", stage.addresses())
                                .ok()
                                .out())
                .contains("Cluster ID: " + id);
    }

    private static void console(Stage stage) throws Exception {
        stage.createTopic(1);
        List<String> texts = Stage.texts(100);
        Ran produced =
                stage.scene()
                        .tools()
                        .run(
                                CONSOLE_PRODUCER,
                                String.join("\n", texts) + "\n",
                                "--bootstrap-server",
                                stage.addresses(),
                                "--topic",
                                stage.topic())
                        .ok();
        assertThat(produced.err()).doesNotContain("ERROR");
        assertThat(stage.read(0)).isEqualTo(texts);
        String consumed =
                run(
                        stage,
                        CONSOLE_CONSUMER,
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

    private static String[] and(List<String> arguments, String... more) {
        List<String> all = new ArrayList<>(arguments);
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    /** Runs a tool that must succeed, and returns its stdout. */
    private static String run(Stage stage, String tool, String... arguments) throws Exception {
        return tool(stage, tool, arguments).ok().out();
    }

    private static Ran tool(Stage stage, String tool, String... arguments) throws Exception {
        return stage.tool(tool, and(List.of("--bootstrap-server", stage.addresses()), arguments));
    }
}
