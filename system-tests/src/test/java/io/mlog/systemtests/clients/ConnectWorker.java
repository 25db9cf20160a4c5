package io.mlog.systemtests.clients;

import io.mlog.systemtests.harness.Await;
import io.mlog.systemtests.harness.Child;
import io.mlog.systemtests.harness.Ports;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A worker of Kafka Connect, standalone or of a group, in a process of its own. */
final class ConnectWorker implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final Child process;
    private final String url;
    private final HttpClient http = HttpClient.newHttpClient();

    private ConnectWorker(Child process, String url) {
        this.process = process;
        this.url = url;
    }

    /** A worker that keeps what it knows in a file, and runs these connectors at once. */
    static ConnectWorker standalone(Stage stage, List<Map<String, String>> connectors)
            throws IOException {
        Map<String, String> settings =
                Map.of(
                        "offset.storage.file.filename",
                        stage.folder().resolve("offsets").toString());
        List<String> files = new ArrayList<>();
        for (Map<String, String> connector : connectors) {
            files.add(write(stage, connector.get("name") + ".properties", connector).toString());
        }
        return start(stage, "org.apache.kafka.connect.cli.ConnectStandalone", settings, files);
    }

    /** A worker of the row's group, whose members keep what they know in three topics. */
    static ConnectWorker distributed(Stage stage) throws IOException {
        Map<String, String> settings = new TreeMap<>();
        settings.put("group.id", stage.group());
        settings.put("offset.storage.partitions", "2");
        settings.put("status.storage.partitions", "2");
        for (String kind : List.of("config", "offset", "status")) {
            settings.put(kind + ".storage.topic", stage.topic() + "-" + kind);
            settings.put(kind + ".storage.replication.factor", String.valueOf(stage.replicas()));
        }
        return start(stage, "org.apache.kafka.connect.cli.ConnectDistributed", settings, List.of());
    }

    private static ConnectWorker start(
            Stage stage, String mainClass, Map<String, String> more, List<String> files)
            throws IOException {
        String url = "http://127.0.0.1:" + Ports.free(1).getFirst();
        Map<String, String> settings = new TreeMap<>(more);
        settings.put("bootstrap.servers", stage.addresses());
        settings.put("key.converter", "org.apache.kafka.connect.storage.StringConverter");
        settings.put("value.converter", "org.apache.kafka.connect.storage.StringConverter");
        settings.put("offset.flush.interval.ms", "500");
        settings.put("listeners", url);
        settings.put("plugin.discovery", "service_load");
        List<String> arguments = new ArrayList<>();
        arguments.add(write(stage, "worker.properties", settings).toString());
        arguments.addAll(files);
        return new ConnectWorker(
                Child.start(KafkaPrograms.java(mainClass, arguments.toArray(String[]::new))), url);
    }

    private static Path write(Stage stage, String name, Map<String, String> settings)
            throws IOException {
        return Files.write(
                stage.folder().resolve(name),
                settings.entrySet().stream()
                        .map(setting -> setting.getKey() + "=" + setting.getValue())
                        .toList());
    }

    /** Creates a connector, as soon as the worker takes it. */
    void create(Map<String, String> connector) {
        StringBuilder json = new StringBuilder("{");
        connector.forEach((name, value) ->
                json.append(json.length() > 1 ? "," : "")
                        .append("\"%s\":\"%s\"".formatted(name, value)));
        HttpRequest request =
                HttpRequest.newBuilder(
                                URI.create(
                                        url + "/connectors/" + connector.get("name") + "/config"))
                        .header("Content-Type", "application/json")
                        .PUT(BodyPublishers.ofString(json.append("}").toString()))
                        .build();
        await(
                "connector " + connector.get("name") + " is taken",
                () -> {
                    HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
                    if (answer.statusCode() / 100 != 2) {
                        throw new IOException(answer.statusCode() + " " + answer.body());
                    }
                    return true;
                });
    }

    /** Waits; when that is in vain, says what the worker wrote. */
    void await(String what, Await.Look look) {
        try {
            Await.until(
                    LIMIT,
                    what,
                    () -> {
                        if (!process.isAlive()) {
                            throw new IllegalStateException("the worker has ended");
                        }
                        return look.isThere();
                    });
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + "\n" + process.output(), e);
        }
    }

    /** Ends it with SIGTERM. */
    void stop() throws IOException, InterruptedException {
        process.signal("TERM");
        process.awaitExit(LIMIT);
    }

    @Override
    public void close() {
        process.close();
        http.close();
    }
}
