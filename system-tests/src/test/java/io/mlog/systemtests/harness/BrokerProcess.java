package io.mlog.systemtests.harness;

import io.mlog.systemtests.disk.DiskServer;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * One broker as a user has it: {@code bin/server} in a process of its own, on free ports, with its
 * data in a folder of the test. May be killed and started again on the same ports and data as often
 * as a test likes; closing kills it. One thread at a time, but {@link #kill9()} from any.
 */
public final class BrokerProcess implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(30);

    private final Path dataDir;
    private final int gossipPort;
    private final int raftPort;
    private final int rpcPort;
    private final List<String> flags = new ArrayList<>();
    private final Map<String, String> environment = new HashMap<>();
    private final HttpClient http = HttpClient.newHttpClient();
    private Optional<String> disk = Optional.empty();
    private volatile @Nullable Child child;
    private volatile @Nullable Path logFile;

    private BrokerProcess(Path dataDir, List<Integer> ports) {
        this.dataDir = dataDir;
        this.gossipPort = ports.get(0);
        this.raftPort = ports.get(1);
        this.rpcPort = ports.get(2);
    }

    /** A broker that will keep its data in this folder; not started. */
    public static BrokerProcess in(Path dataDir) throws IOException {
        return new BrokerProcess(dataDir, Ports.free(3));
    }

    /**
     * Adds a flag, and its value when it has one, to every later start; one of the harness's own is
     * replaced by it.
     */
    public BrokerProcess flag(String... flagAndValue) {
        flags.addAll(List.of(flagAndValue));
        return this;
    }

    /** Adds options of the Java virtual machine to every later start. */
    public BrokerProcess jvmOptions(String options) {
        environment.merge("MLOG_JVM_OPTS", options, (had, more) -> had + " " + more);
        return this;
    }

    /** Lets every later start run on one of the disks of {@link DiskServer}. */
    public BrokerProcess disk(String kind) {
        disk = Optional.of(kind);
        return this;
    }

    /** Adds a variable to the environment of every later start. */
    public BrokerProcess environment(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /**
     * Starts it and waits until {@code /ready} says yes.
     *
     * @return the time from the start of the process to ready
     */
    public Duration start() throws IOException, InterruptedException {
        return start(launch());
    }

    /** Starts it this way, which must lead to the same port, and waits until it is ready. */
    public Duration start(Launch launch) throws IOException, InterruptedException {
        long began = System.nanoTime();
        Child started = Child.start(launch, this::keep);
        child = started;
        started.stdin().close();
        Await.until(
                START_LIMIT,
                "/ready of the broker",
                () -> {
                    if (!started.isAlive()) {
                        throw new AssertionError(
                                "the broker ended with "
                                        + started.awaitExit(STOP_LIMIT)
                                        + ":\n"
                                        + started.output());
                    }
                    return http("/ready").statusCode() == 200;
                });
        return Duration.ofNanos(System.nanoTime() - began);
    }

    private void keep(String line) {
        Path file = logFile;
        if (file != null) {
            try {
                Files.writeString(
                        file, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Keeps what every later process logs in this file. */
    public void logTo(Path file) {
        logFile = file;
    }

    /** How it would be started, for tests of a start that fails. */
    public Launch launch() {
        Launch launch = disk.map(BrokerProcess::onDisk).orElseGet(() -> Launch.bin("server"));
        for (var own : ownFlags().entrySet()) {
            if (!flags.contains(own.getKey())) {
                launch = launch.with(own.getKey(), own.getValue());
            }
        }
        launch = launch.with(flags.toArray(String[]::new));
        for (var variable : environment.entrySet()) {
            launch = launch.env(variable.getKey(), variable.getValue());
        }
        return launch;
    }

    /** The product's jars, as {@code bin/mlog} runs them, and the tests' classes with the disks. */
    private static Launch onDisk(String kind) {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        String tests =
                DiskServer.class.getProtectionDomain().getCodeSource().getLocation().getPath();
        return Launch.of(
                java.toString(),
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "-XX:MaxDirectMemorySize=512m",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                Checkout.root().resolve("dist/lib/*") + File.pathSeparator + tests,
                DiskServer.class.getName(),
                kind);
    }

    /** The flags by which the harness gives it ports and a folder of its own. */
    public Map<String, String> ownFlags() {
        return Map.of(
                "--bind-addr",
                "127.0.0.1:" + gossipPort,
                "--raft-addr",
                "127.0.0.1:" + raftPort,
                "--rpc-port",
                Integer.toString(rpcPort),
                "--data-dir",
                dataDir.toString());
    }

    /** Kills it as {@code kill -9} does and waits until it is gone. */
    public void kill9() {
        process().close();
    }

    /**
     * Ends it with SIGTERM.
     *
     * @return its exit code
     */
    public int stop() throws IOException, InterruptedException {
        process().signal("TERM");
        return process().awaitExit(STOP_LIMIT);
    }

    /** A GET on the one port. */
    public HttpResponse<String> http(String path) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://" + address() + path))
                        .timeout(Duration.ofSeconds(10))
                        .build(),
                BodyHandlers.ofString());
    }

    /** The newest process of this broker. */
    public Child process() {
        Child now = child;
        if (now == null) {
            throw new IllegalStateException("the broker was never started");
        }
        return now;
    }

    /** The number of the newest process; empty when there was none yet. */
    public OptionalLong pid() {
        Child now = child;
        return now == null ? OptionalLong.empty() : OptionalLong.of(now.pid());
    }

    /** What its threads are called, cut to 15 characters as the kernel does. */
    public List<String> threadNames() throws IOException {
        List<String> names = new ArrayList<>();
        Path threads = Path.of("/proc", Long.toString(process().pid()), "task");
        try (DirectoryStream<Path> each = Files.newDirectoryStream(threads)) {
            for (Path thread : each) {
                names.add(Files.readString(thread.resolve("comm")).strip());
            }
        }
        return names;
    }

    public ProcStat stat() throws IOException {
        return ProcStat.of(process().pid());
    }

    /** Where clients connect, {@code 127.0.0.1:PORT}. */
    public String address() {
        return "127.0.0.1:" + rpcPort;
    }

    /** Where other brokers join by it, {@code 127.0.0.1:PORT}. */
    public String gossipAddress() {
        return "127.0.0.1:" + gossipPort;
    }

    public int gossipPort() {
        return gossipPort;
    }

    public int raftPort() {
        return raftPort;
    }

    public int rpcPort() {
        return rpcPort;
    }

    public Path dataDir() {
        return dataDir;
    }

    @Override
    public void close() {
        Child now = child;
        if (now != null) {
            now.close();
        }
        http.close();
    }
}
