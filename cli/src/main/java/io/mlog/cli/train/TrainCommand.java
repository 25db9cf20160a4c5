package io.mlog.cli.train;

import io.mlog.cli.server.ServerCommand;
import io.mlog.model.HostPort;
import io.mlog.records.Codec;
import io.mlog.records.RecordBatchBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Starts a broker, has every command and every kind of client do its ordinary work with it, and
 * stops it: what the JVM loads and learns meanwhile is what later starts find in the cache. Takes a
 * few seconds. Fails when anything does, since a cache of failures would be worth little.
 */
@Command(
        name = "train",
        hidden = true,
        description = "The training run of the ahead-of-time cache; see bin/aot-cache.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = "  mlog train /tmp/an-empty-directory")
public final class TrainCommand implements Callable<Integer> {
    private static final String TOPIC = "training";
    private static final int LINES = 30_000;
    private static final int SMALL_BATCHES = 3_000;
    private static final int LARGE_BATCHES = 200;
    private static final int LARGE_BATCH_BYTES = 64 << 10;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "DIR", description = "An empty directory for the data.")
    private String directory = "";

    @Override
    public Integer call() {
        return ServerCommand.run(
                List.of(
                        "--data-dir=" + directory,
                        "--bind-addr=127.0.0.1:0",
                        "--raft-addr=127.0.0.1:0",
                        "--rpc-port=0"),
                broker -> work(broker.clientAddress()));
    }

    private void work(HostPort broker) throws IOException {
        commands(broker.toString());
        for (String path : List.of("/health", "/ready", "/metrics", "/")) {
            get(broker, path);
        }
        kafka(broker);
    }

    private void commands(String address) {
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream(lines()));
        try {
            command(address, "topic create", "--topic", TOPIC, "--partitions", "2");
            command(address, "producer connect", "--topic", TOPIC, "--acks", "all");
        } finally {
            System.setIn(before);
        }
        String most = Integer.toString(LINES);
        command(address, "consumer connect", "--topic", TOPIC, "--id", "me", "--max", most);
        command(address, "topic list");
        command(address, "topic describe", "--topic", TOPIC);
        command(address, "topic delete", "--topic", TOPIC);
    }

    private void command(String address, String name, String... options) {
        List<String> words = new ArrayList<>(List.of(name.split(" ")));
        words.addAll(List.of("--addrs", address));
        words.addAll(List.of(options));
        int exit = spec.root().commandLine().execute(words.toArray(String[]::new));
        if (exit != 0) {
            throw new IllegalStateException("mlog " + name + " ended with " + exit);
        }
    }

    private static byte[] lines() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < LINES; i++) {
            text.append("line ").append(i).append(" of the training run, größer als ASCII\n");
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void get(HostPort broker, String path) throws IOException {
        try (Socket socket = new Socket(broker.host(), broker.port())) {
            socket.getOutputStream()
                    .write(
                            "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n"
                                    .formatted(path, broker)
                                    .getBytes(StandardCharsets.US_ASCII));
            String answer =
                    new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!answer.startsWith("HTTP/1.1 200")) {
                throw new IOException("GET " + path + " was answered with: " + answer);
            }
        }
    }

    private static void kafka(HostPort broker) throws IOException {
        try (KafkaTalk talk = KafkaTalk.with(broker)) {
            talk.apiVersions();
            talk.metadata(TOPIC + "-kafka");
            talk.initProducerId();
            for (int i = 0; i < SMALL_BATCHES; i++) {
                talk.produce(TOPIC + "-kafka", i % 10 == 0 ? -1 : 1, batch(100));
                talk.fetch(TOPIC + "-kafka", 0, 1_000);
            }
            for (int i = 0; i < LARGE_BATCHES; i++) {
                talk.produce(TOPIC + "-kafka", -1, batch(LARGE_BATCH_BYTES));
                talk.fetch(TOPIC + "-kafka", SMALL_BATCHES, 1 << 20);
            }
            talk.listOffsets(TOPIC + "-kafka");
            groups(talk, TOPIC + "-kafka");
        }
    }

    private static void groups(KafkaTalk talk, String topic) throws IOException {
        GroupTalk classic = new GroupTalk(talk, "training-classic");
        classic.findCoordinator();
        classic.classicMember(topic);
        GroupTalk consumer = new GroupTalk(talk, "training-consumer");
        consumer.findCoordinator();
        consumer.consumerMember(topic);
    }

    private static ByteBuffer batch(int bytes) {
        RecordBatchBuilder builder = new RecordBatchBuilder(bytes + 100, bytes + 100);
        builder.reset(Codec.NONE);
        byte[] value = new byte[Math.min(bytes / 2, 500)];
        for (int i = 0; builder.appendValue(i, value, 0, value.length); i++) {
            value[0] = (byte) i;
        }
        return builder.build();
    }
}
