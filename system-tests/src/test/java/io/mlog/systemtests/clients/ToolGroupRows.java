package io.mlog.systemtests.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** What Kafka's command line tools do with groups, and as members of them. */
final class ToolGroupRows {
    private static final int COUNT = 500;

    private ToolGroupRows() {}

    static List<Row> rows() {
        return List.of(
                row(
                        "kafka-consumer-groups --list, --describe, --members, --state",
                        ToolGroupRows::describes),
                row(
                        "kafka-consumer-groups --reset-offsets, --delete-offsets, --delete",
                        ToolGroupRows::resets),
                row("kafka-console-consumer --group", ToolGroupRows::console),
                row("kafka-verifiable-consumer", stage -> verifiable(stage, "classic")),
                row(
                        "kafka-verifiable-consumer --group-protocol consumer",
                        stage -> verifiable(stage, "consumer")),
                row("kafka-consumer-perf-test", ToolGroupRows::perf),
                row("kafka-e2e-latency", ToolGroupRows::latency));
    }

    private static Row row(String what, Check check) {
        return Row.works(Client.TOOLS, what, check);
    }

    private static String groups(Stage stage, String... arguments) throws Exception {
        return KafkaTool.CONSUMER_GROUPS.ok(stage, arguments);
    }

    private static void describes(Stage stage) throws Exception {
        String group = stage.group();
        stage.createTopic(2);
        stage.fill(2, COUNT);
        try (Members members = new Members(stage, Map.of())) {
            members.join(Map.of("client.id", "shown"), stage.topic());
            members.awaitRecords(2 * COUNT);
            members.commit();
            assertThat(groups(stage, "--list").lines()).contains(group);
            assertThat(KafkaTool.GROUPS.ok(stage, "--list"))
                    .containsPattern(group + " +Classic +consumer");
            assertThat(groups(stage, "--describe", "--group", group))
                    .containsPattern(
                            stage.topic() + " +1 +" + COUNT + " +" + COUNT + " +0 +shown-");
            assertThat(groups(stage, "--describe", "--group", group, "--members"))
                    .contains("shown-");
            assertThat(groups(stage, "--describe", "--group", group, "--state"))
                    .containsPattern("Stable +1");
        }
    }

    private static void resets(Stage stage) throws Exception {
        String group = stage.group();
        stage.createTopic(2);
        stage.fill(2, COUNT);
        String[] toOffset = {
            "--reset-offsets", "--group", group, "--topic", stage.topic(), "--to-offset", "100"
        };
        groups(stage, and(toOffset, "--dry-run"));
        assertThat(stage.committed(group)).isEmpty();
        groups(stage, and(toOffset, "--execute"));
        stage.assertCommitted(group, 100, 100);
        assertThat(groups(stage, "--describe", "--group", group))
                .containsPattern(stage.topic() + " +0 +100 +" + COUNT + " +" + (COUNT - 100));
        groups(stage, "--delete-offsets", "--group", group, "--topic", stage.topic() + ":1");
        stage.assertCommitted(group, 100);
        groups(stage, "--delete", "--group", group);
        assertThat(groups(stage, "--list").lines()).doesNotContain(group);
    }

    private static String[] and(String[] arguments, String more) {
        String[] all = Arrays.copyOf(arguments, arguments.length + 1);
        all[arguments.length] = more;
        return all;
    }

    private static void console(Stage stage) throws Exception {
        stage.createTopic(1);
        List<String> texts = stage.fill(1, COUNT);
        String consumed =
                KafkaTool.CONSOLE_CONSUMER.ok(
                        stage,
                        "--topic",
                        stage.topic(),
                        "--group",
                        stage.group(),
                        "--from-beginning",
                        "--max-messages",
                        String.valueOf(COUNT));
        assertThat(consumed.lines()).isEqualTo(texts);
        stage.assertCommitted(stage.group(), COUNT);
    }

    private static void verifiable(Stage stage, String protocol) throws Exception {
        stage.createTopic(2);
        stage.fill(2, COUNT);
        assertThat(
                        KafkaTool.VERIFIABLE_CONSUMER.okInOwnProcess(
                                stage,
                                "--topic",
                                stage.topic(),
                                "--group-id",
                                stage.group(),
                                "--group-protocol",
                                protocol,
                                "--max-messages",
                                String.valueOf(2 * COUNT)))
                .contains("\"name\":\"partitions_assigned\"", "\"name\":\"records_consumed\"")
                .contains("\"name\":\"offsets_committed\"");
        stage.assertCommitted(stage.group(), COUNT, COUNT);
    }

    private static void perf(Stage stage) throws Exception {
        stage.createTopic(2);
        stage.fill(2, COUNT);
        String measured =
                KafkaTool.CONSUMER_PERF_TEST.ok(
                        stage,
                        "--topic",
                        stage.topic(),
                        "--group",
                        stage.group(),
                        "--num-records",
                        String.valueOf(2 * COUNT));
        List<String> fields =
                List.of(measured.lines().reduce((_, last) -> last).orElse("").split(", *"));
        assertThat(fields.get(4)).as("data.consumed.in.nMsg").isEqualTo(String.valueOf(2 * COUNT));
    }

    private static void latency(Stage stage) throws Exception {
        stage.createTopic(1);
        assertThat(
                        KafkaTool.E2E_LATENCY.ok(
                                stage,
                                "--topic",
                                stage.topic(),
                                "--num-records",
                                "20",
                                "--producer-acks",
                                "all",
                                "--record-size",
                                "100"))
                .contains("Percentiles: 50th = ");
        assertThat(stage.read(0)).hasSize(20);
    }
}
