package io.mlog.systemtests.house;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.systemtests.harness.BrokerProcess;
import io.mlog.systemtests.harness.Commands;
import io.mlog.systemtests.harness.Launch;
import io.mlog.systemtests.harness.Ports;
import io.mlog.systemtests.harness.Ran;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every make target that needs no compiler, run on a copy of the checkout with the product that is
 * built already. {@link MakeFromScratchTest} runs the others, on a copy in which nothing is built.
 */
class MakeTest {
    private static final Duration LIMIT = Duration.ofSeconds(50);

    /** Run here. */
    private static final List<String> HERE =
            List.of(
                    "help",
                    "tools",
                    "build",
                    "build-server",
                    "build-producer",
                    "build-consumer",
                    "build-topic",
                    "run",
                    "create-topic",
                    "list-topics",
                    "producer-connect",
                    "consumer-connect",
                    "delete-topic",
                    "demo",
                    "local-cluster-start",
                    "local-cluster-stop",
                    "cluster-up",
                    "cluster-down",
                    "cluster-restart",
                    "cluster-logs");

    /** What {@code docker} is for these tests: it writes down what it was told. */
    private static final String DOCKER =
            """
            #!/bin/sh
            echo "$@" >>"$(dirname "$0")/told"
            """;

    @TempDir static Path folder;
    private static CheckoutCopy copy;

    @BeforeAll
    static void copyCheckout() throws Exception {
        // Whoever runs this test alone has perhaps built nothing yet; the launcher does it then.
        Commands.run(Duration.ofMinutes(10), Launch.bin("mlog", "--version")).ok();
        copy = CheckoutCopy.built(folder.resolve("mlog"));
    }

    @Test
    void everyTargetIsRunHereOrFromScratch() throws Exception {
        String makefile = Files.readString(copy.root().resolve("Makefile"));
        TreeSet<String> tested = new TreeSet<>(HERE);
        tested.addAll(MakeFromScratchTest.TARGETS);
        assertThat(phonyTargets(makefile)).isEqualTo(tested);
    }

    private static Set<String> phonyTargets(String makefile) {
        String joined = makefile.replace("\\\n", " ");
        return joined.lines()
                .filter(line -> line.startsWith(".PHONY:"))
                .flatMap(line -> Pattern.compile("\\s+").splitAsStream(line.substring(7).strip()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void withoutATargetTheyAreListed() throws Exception {
        String listed = make().out();
        assertThat(make("help").out()).isEqualTo(listed);
        Set<String> targets = phonyTargets(Files.readString(copy.root().resolve("Makefile")));
        targets.removeAll(
                List.of(
                        "help",
                        "tools",
                        "build-server",
                        "build-producer",
                        "build-consumer",
                        "build-topic"));
        assertThat(targets).allSatisfy(target -> assertThat(listed).contains("make " + target));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tools",
                "build",
                "build-server",
                "build-producer",
                "build-consumer",
                "build-topic"
            })
    void whatIsBuiltIsNotBuiltAgain(String target) throws Exception {
        assertThat(make(target).out()).doesNotContain("building");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "create-topic topic",
                "delete-topic topic",
                "producer-connect topic",
                "consumer-connect topic",
                "test-one CLASS"
            })
    void aMissingVariableIsNamed(String targetAndVariable) throws Exception {
        String[] words = targetAndVariable.split(" ");
        Ran ran = Commands.run(LIMIT, copy.make(words[0]));
        assertThat(ran.exit()).isEqualTo(2);
        assertThat(ran.err()).contains("make " + words[0] + " " + words[1] + "=");
    }

    @Test
    @Timeout(300)
    void aBrokerRunsAndRecordsGoThroughIt() throws Exception {
        BrokerProcess unused = BrokerProcess.in(folder.resolve("data"));
        String flags =
                unused.ownFlags().entrySet().stream()
                        .map(flag -> flag.getKey() + " " + flag.getValue())
                        .collect(Collectors.joining(" "));
        try (BrokerProcess broker = unused) {
            broker.start(copy.make("run", "ARGS=" + flags));
            broker.process()
                    .out()
                    .awaitLine(LIMIT, "how to use it", line -> line.contains("bin/producer"));
            String addrs = "ADDRS=" + broker.address();

            make("create-topic", addrs, "topic=lines", "partitions=2", "replicas=1");
            assertThat(make("list-topics", addrs).out()).contains("lines");
            Path lines = Files.write(folder.resolve("lines"), List.of("one", "two"));
            make(copy.make("producer-connect", addrs, "topic=lines").from(lines));
            assertThat(make("consumer-connect", addrs, "topic=lines", "ARGS=--max 2").out().lines())
                    .containsExactlyInAnyOrder("one", "two");
            clusterInDocker(broker.address());
            make("delete-topic", addrs, "topic=lines");
            assertThat(make("list-topics", addrs).out()).doesNotContain("lines");
        }
    }

    /** The targets wait for brokers that serve, so the one that runs stands in for three. */
    private static void clusterInDocker(String address) throws Exception {
        Path bin = Files.createDirectories(folder.resolve("docker"));
        Path docker = Files.writeString(bin.resolve("docker"), DOCKER);
        assertThat(docker.toFile().setExecutable(true)).isTrue();
        String path = bin + ":" + System.getenv("PATH");
        String brokers = "CLUSTER_ADDRS=" + address;
        for (String target :
                List.of("cluster-up", "cluster-logs", "cluster-restart", "cluster-down")) {
            make(copy.make(target, brokers).env("PATH", path));
        }
        String compose = "compose -f infra/compose.yaml ";
        assertThat(Files.readAllLines(bin.resolve("told")))
                .containsExactly(
                        compose + "up --build --detach",
                        compose + "logs --follow",
                        compose + "down --volumes",
                        compose + "up --build --detach",
                        compose + "down --volumes");
    }

    @Test
    @Timeout(200)
    void aLocalClusterServes() throws Exception {
        Map<String, String> where =
                Map.of(
                        "LOCAL_CLUSTER_DIR",
                        folder.resolve("cluster").toString(),
                        "LOCAL_CLUSTER_PORT",
                        Integer.toString(Ports.firstOfFree(9)));
        Ran started = Commands.run(Duration.ofSeconds(100), in(where, "local-cluster-start"));
        Ran stopped = make(in(where, "local-cluster-stop"));
        assertThat(started.exit()).as(started.err()).isZero();
        assertThat(started.out()).contains("three brokers serve");
        assertThat(stopped.out()).contains("stopped 3 brokers");
        try (var files = Files.list(folder.resolve("cluster"))) {
            assertThat(files).noneMatch(file -> file.toString().endsWith(".pid"));
        }
    }

    @Test
    @Timeout(200)
    void theDemoKillsALeaderAndLosesNothing() throws Exception {
        Ran demo = Commands.run(Duration.ofSeconds(150), in(Map.of("DEMO_LINES", "2000"), "demo"));
        assertThat(demo.exit()).as(demo.err()).isZero();
        assertThat(demo.out()).contains("is dead").containsPattern("records read back +2000\n");
    }

    private static Launch in(Map<String, String> environment, String target) {
        Launch launch = copy.make(target);
        for (var variable : environment.entrySet()) {
            launch = launch.env(variable.getKey(), variable.getValue());
        }
        return launch;
    }

    @Test
    void withoutMavenOrAJdkOneLineSaysSo() throws Exception {
        Path tools = Files.createDirectories(folder.resolve("few-tools"));
        for (String tool : List.of("sh", "env", "make", "sed", "dirname", "readlink", "find")) {
            Path file = tools.resolve(tool);
            Files.writeString(file, "#!/bin/sh\nexec " + which(tool) + " \"$@\"\n");
            assertThat(file.toFile().setExecutable(true)).isTrue();
        }
        Ran noMaven = Commands.run(LIMIT, copy.make("tools").env("PATH", tools.toString()));
        assertThat(noMaven.exit()).isEqualTo(2);
        assertThat(said(noMaven)).singleElement().asString().contains("Maven 3.8.7", "install");

        Ran noJdk = Commands.run(LIMIT, copy.make("tools").env("MLOG_JAVA_MIN", "99"));
        assertThat(noJdk.exit()).isEqualTo(2);
        assertThat(said(noJdk)).singleElement().asString().contains("Java 99", "JAVA_HOME");
    }

    /** Without what make itself adds when a recipe fails. */
    private static List<String> said(Ran ran) {
        return ran.err().lines().filter(line -> !line.startsWith("make: ***")).toList();
    }

    private static Path which(String tool) throws IOException {
        for (String place : System.getenv("PATH").split(":", -1)) {
            Path file = Path.of(place, tool);
            if (Files.isExecutable(file)) {
                return file.toRealPath();
            }
        }
        throw new IOException(tool + " is not on the path");
    }

    private static Ran make(String... arguments) throws Exception {
        return make(copy.make(arguments));
    }

    private static Ran make(Launch launch) throws Exception {
        return Commands.run(LIMIT, launch).ok();
    }
}
