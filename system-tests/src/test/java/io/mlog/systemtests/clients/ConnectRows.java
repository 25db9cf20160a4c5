package io.mlog.systemtests.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.GroupListing;

/** What Kafka Connect does: a file becomes a topic, and the topic another file. */
final class ConnectRows {
    private static final int COUNT = 300;

    private ConnectRows() {}

    static List<Row> rows() {
        return List.of(
                Row.works(
                        Client.CONNECT,
                        "standalone, file source and file sink",
                        ConnectRows::standalone),
                Row.works(
                        Client.CONNECT,
                        "distributed, file source and file sink; a new worker goes on",
                        ConnectRows::distributed));
    }

    private static void standalone(Stage stage) throws Exception {
        stage.createTopic(1);
        List<String> lines = lines("line ");
        append(from(stage), lines);
        try (ConnectWorker worker =
                ConnectWorker.standalone(stage, List.of(source(stage), sink(stage)))) {
            awaitLines(worker, stage, lines);
        }
        assertThat(stage.read(0)).isEqualTo(lines);
    }

    private static void distributed(Stage stage) throws Exception {
        stage.createTopic(1);
        List<String> lines = new ArrayList<>(lines("line "));
        append(from(stage), lines);
        try (ConnectWorker worker = firstWorker(stage)) {
            awaitLines(worker, stage, lines);
            assertThat(stage.admin().listGroups().all().get())
                    .filteredOn(group -> group.groupId().equals(stage.group()))
                    .extracting(GroupListing::protocol)
                    .containsExactly("connect");
            worker.stop();
        }
        List<String> more = lines("more ");
        append(from(stage), more);
        lines.addAll(more);
        try (ConnectWorker worker = ConnectWorker.distributed(stage)) {
            awaitLines(worker, stage, lines);
        }
        assertThat(stage.read(0)).isEqualTo(lines);
    }

    /** It creates the topics that workers share before it takes a connector. */
    private static ConnectWorker firstWorker(Stage stage) throws IOException {
        ConnectWorker worker = ConnectWorker.distributed(stage);
        try {
            worker.create(source(stage));
            worker.create(sink(stage));
            return worker;
        } catch (AssertionError e) {
            worker.close();
            throw e;
        }
    }

    /** ASCII only: the file source remembers characters and skips as many bytes. */
    private static List<String> lines(String begin) {
        return IntStream.range(0, COUNT).mapToObj(i -> begin + i).toList();
    }

    private static void append(Path file, List<String> lines) throws IOException {
        Files.write(file, lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private static void awaitLines(ConnectWorker worker, Stage stage, List<String> lines) {
        worker.await(
                lines.size() + " lines are in " + to(stage),
                () ->
                        Files.exists(to(stage))
                                && Files.readAllLines(to(stage)).size() >= lines.size());
        assertThat(to(stage)).content().isEqualTo(String.join("\n", lines) + "\n");
    }

    private static Map<String, String> source(Stage stage) {
        Map<String, String> connector = new TreeMap<>();
        connector.put("name", "source-of-" + stage.name());
        connector.put("connector.class", "FileStreamSource");
        connector.put("file", from(stage).toString());
        connector.put("topic", stage.topic());
        return connector;
    }

    private static Map<String, String> sink(Stage stage) {
        Map<String, String> connector = new TreeMap<>();
        connector.put("name", "sink-of-" + stage.name());
        connector.put("connector.class", "FileStreamSink");
        connector.put("file", to(stage).toString());
        connector.put("topics", stage.topic());
        return connector;
    }

    private static Path from(Stage stage) {
        return stage.folder().resolve("from");
    }

    private static Path to(Stage stage) {
        return stage.folder().resolve("to");
    }
}
