package io.mlog.systemtests.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.systemtests.harness.Commands;
import io.mlog.systemtests.harness.Launch;
import io.mlog.systemtests.harness.Ran;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** What the clients of Node.js do; their scripts are in {@code src/test/node}. */
final class NodeRows {
    private static final int COUNT = 500;
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final String KAFKAJS = "kafkajs.cjs";
    private static final String PLATFORMATIC = "platformatic.mjs";

    private NodeRows() {}

    static List<Row> rows() {
        return List.of(
                kafkajs("producer with acks=all", stage -> writes(stage, KAFKAJS, "write")),
                kafkajs("idempotent producer", stage -> writes(stage, KAFKAJS, "write-idempotent")),
                kafkajs("producer with gzip", stage -> writes(stage, KAFKAJS, "write-gzip")),
                kafkajs(
                        "admin: topics, partitions, configs, offsets, cluster",
                        stage -> administers(stage, KAFKAJS)),
                kafkajs("consumer in a group", stage -> readsAsMember(stage, KAFKAJS, "group")),
                kafkajs(
                        "admin: set and fetch offsets, list, describe and delete groups",
                        NodeRows::administersGroups),
                platformatic(
                        "producer with acks=all", stage -> writes(stage, PLATFORMATIC, "write")),
                platformatic(
                        "idempotent producer",
                        stage -> writes(stage, PLATFORMATIC, "write-idempotent")),
                platformatic(
                        "producer with gzip", stage -> writes(stage, PLATFORMATIC, "write-gzip")),
                platformatic(
                        "admin: topics, partitions, metadata",
                        stage -> administers(stage, PLATFORMATIC)),
                platformatic(
                        "consumer in a group, classic",
                        stage -> readsAsMember(stage, PLATFORMATIC, "group-classic")),
                platformatic(
                        "consumer in a group, KIP-848",
                        stage -> readsAsMember(stage, PLATFORMATIC, "group-consumer")));
    }

    private static Row kafkajs(String what, Check check) {
        return Row.works(Client.KAFKAJS, what, check);
    }

    private static Row platformatic(String what, Check check) {
        return Row.works(Client.PLATFORMATIC, what, check);
    }

    private static void writes(Stage stage, String script, String command) throws Exception {
        stage.createTopic(1);
        List<String> texts = Stage.texts(COUNT);
        Path file = Files.write(stage.folder().resolve("texts"), texts);
        Commands.run(LIMIT, node(stage, script, command).from(file)).ok();
        assertThat(stage.read(0)).isEqualTo(texts);
    }

    private static void administers(Stage stage, String script) throws Exception {
        stage.createTopic(1);
        stage.fill(1, COUNT);
        run(stage, script, "admin");
    }

    private static void readsAsMember(Stage stage, String script, String command) throws Exception {
        stage.createTopic(1);
        List<String> texts = stage.fill(1, COUNT);
        assertThat(run(stage, script, command).out().lines()).isEqualTo(texts);
        stage.assertCommitted(stage.group(), COUNT);
    }

    private static void administersGroups(Stage stage) throws Exception {
        stage.createTopic(1);
        run(stage, KAFKAJS, "admin-groups");
        assertThat(stage.committed(stage.group())).isEmpty();
    }

    private static Ran run(Stage stage, String script, String command) throws Exception {
        return Commands.run(LIMIT, node(stage, script, command)).ok();
    }

    private static Launch node(Stage stage, String script, String command) {
        return NodeModules.node(
                script,
                command,
                stage.addresses(),
                stage.topic(),
                stage.group(),
                Integer.toString(COUNT));
    }
}
