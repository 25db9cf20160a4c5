package io.mlog.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.systemtests.harness.BrokerProcess;
import io.mlog.systemtests.harness.Commands;
import io.mlog.systemtests.harness.JsonRpc;
import io.mlog.systemtests.harness.Launch;
import io.mlog.systemtests.harness.Ran;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How a start goes, and how it is refused: with one readable line. */
class StartTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Pattern LOG_LINE = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT");

    @TempDir Path folder;
    private BrokerProcess broker;

    @BeforeEach
    void prepare() throws Exception {
        broker = BrokerProcess.in(folder.resolve("data"));
    }

    @AfterEach
    void endBroker() {
        broker.close();
    }

    @Test
    void theFirstScreenTellsWhatAnOperatorNeeds() throws Exception {
        broker.start();
        assertThat(JsonRpc.call(broker.rpcPort(), "{\"id\":1,\"type\":\"DescribeCluster\"}"))
                .contains("node-1");
        broker.process()
                .out()
                .awaitLine(
                        LIMIT, "the end of the screen", line -> line.contains("stops the broker"));
        assertThat(broker.process().output())
                .contains(
                        "node-1",
                        Integer.toString(broker.rpcPort()),
                        broker.dataDir().toString(),
                        "group",
                        "bin/producer");
    }

    /** The cache is named after what it was made from, so that it cannot hold other classes. */
    @Test
    void theBuildLeavesAnAheadOfTimeCacheThatStartsUse() throws Exception {
        assertThat(classesLoadedWithCache("on"))
                .contains("io.mlog.cli.Mlog source: shared objects file");
        assertThat(classesLoadedWithCache("off")).contains("io.mlog.cli.Mlog source: file:");
    }

    private String classesLoadedWithCache(String onOrOff) throws Exception {
        Path log = folder.resolve("classes-" + onOrOff);
        Commands.run(
                        LIMIT,
                        Launch.bin("mlog", "--version")
                                .env("MLOG_AOT", onOrOff)
                                .env("MLOG_JVM_OPTS", "-Xlog:class+load:file=" + log))
                .ok();
        return Files.readString(log);
    }

    /** Whichever port it is, before anything else happens: the data directory is not even made. */
    @ParameterizedTest
    @ValueSource(strings = {"--rpc-port", "--raft-addr"})
    void aBusyPortEndsTheStartNamingFlagPortAndTheWayOut(String flag) throws Exception {
        try (ServerSocket busy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(busy.getLocalPort());
            String value = flag.endsWith("-addr") ? "127.0.0.1:" + port : port;
            Ran ran = startAndEnd(broker.flag(flag, value).launch());
            assertThat(ran.exit()).isEqualTo(1);
            assertThat(ran.err()).contains(flag, port, "make run ARGS='" + flag + " ");
            assertOneLine(ran);
            assertThat(broker.dataDir()).doesNotExist();
        }
    }

    @Test
    void aDirectoryThatIsAnothersIsRefused() throws Exception {
        broker.start();
        try (BrokerProcess second = BrokerProcess.in(broker.dataDir())) {
            Ran inUse = startAndEnd(second.launch());
            assertThat(inUse.exit()).isEqualTo(1);
            assertThat(inUse.err()).contains(broker.dataDir().toString(), "in use");
            assertOneLine(inUse);
        }
        assertThat(broker.http("/ready").statusCode()).isEqualTo(200);
        broker.stop();

        Ran other = startAndEnd(broker.launch().with("--node-id", "stranger"));
        assertThat(other.exit()).isEqualTo(1);
        assertThat(other.err()).contains(broker.dataDir().toString(), "node-1", "stranger");
        assertOneLine(other);
    }

    /** Else the broker would found a cluster that knows nothing of the records it holds. */
    @Test
    @Timeout(120)
    void partitionsWithoutTheMetadataLogAreRefusedAndLeftAsTheyAre() throws Exception {
        broker.start();
        produce("kept");
        broker.kill9();
        Path raft = broker.dataDir().resolve("raft");
        Path elsewhere = Files.move(raft, folder.resolve("elsewhere"));
        byte[] records = Files.readAllBytes(records());

        Ran ran = startAndEnd(broker.launch());
        assertThat(ran.exit()).isEqualTo(1);
        assertThat(ran.err())
                .contains(
                        broker.dataDir() + " belongs to cluster ",
                        "its metadata log in raft is gone",
                        "restore that directory",
                        "--data-dir");
        assertOneLine(ran);
        assertThat(raft).doesNotExist();
        assertThat(records()).hasBinaryContent(records);

        Files.move(elsewhere, raft);
        broker.start();
        assertThat(fetch()).contains("a2VwdA==");
    }

    private Path records() {
        return broker.dataDir().resolve("t-0/00000000000000000000.log");
    }

    @Test
    @Timeout(120)
    void recordsTopicsConfigsAndCommittedOffsetsSurviveAKillAndACleanStop() throws Exception {
        broker.start();
        call(
                "{\"id\":1,\"type\":\"CreateTopic\",\"topic\":\"kept\",\"partitions\":3,"
                        + "\"configs\":{\"retention.ms\":\"86400000\"}}");
        call(
                "{\"id\":1,\"type\":\"CommitOffset\",\"topic\":\"kept\",\"partition\":2,"
                        + "\"consumerId\":\"me\",\"offset\":0}");
        produce("kept");
        broker.kill9();
        broker.start();
        assertKept();

        long began = System.nanoTime();
        assertThat(broker.stop()).as("exit code after SIGTERM").isZero();
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
        broker.start();
        assertKept();
    }

    private void assertKept() throws Exception {
        assertThat(fetch()).contains("a2VwdA==");
        assertThat(call("{\"id\":1,\"type\":\"DescribeTopic\",\"topic\":\"kept\"}"))
                .contains("\"partition\":2", "86400000");
        assertThat(
                        call(
                                "{\"id\":1,\"type\":\"FetchOffset\",\"topic\":\"kept\",\"partition\":2,"
                                        + "\"consumerId\":\"me\"}"))
                .contains("\"offset\":0");
    }

    @ParameterizedTest
    @CsvSource({
        "--flush, sometimes, group",
        "--rpc-port, 70000, 65535",
        "--rpc-port, many, 65535",
        "--bind-addr, nowhere, nowhere",
        "--segment-bytes, -5, -5",
        "--log-level, loud, loud"
    })
    void aWrongValueIsRefusedWithItsNameAndWhatIsAllowed(String flag, String value, String expected)
            throws Exception {
        Ran ran = startAndEnd(broker.flag(flag, value).launch());
        assertThat(ran.exit()).isEqualTo(2);
        assertThat(ran.err()).contains(flag, value, expected);
        assertThat(ran.err()).doesNotContain("\tat ");
    }

    @Test
    void anUnknownFlagIsRefused() throws Exception {
        Ran ran = startAndEnd(broker.launch().with("--flsuh", "os"));
        assertThat(ran.exit()).isEqualTo(2);
        assertThat(ran.err()).contains("--flsuh");
    }

    @Test
    @Timeout(120)
    void flagsBeatTheEnvironmentWhichBeatsTheFile() throws Exception {
        Path file =
                Files.writeString(
                        folder.resolve("mlog.conf"),
                        "retention-ms=111000\nsegment-ms=222000\nretention-bytes=333000\n");
        broker.environment("MLOG_SEGMENT_MS", "444000")
                .environment("MLOG_RETENTION_BYTES", "555000")
                .flag("--config", file.toString(), "--retention-bytes", "666000");
        broker.start();
        call("{\"id\":1,\"type\":\"CreateTopic\",\"topic\":\"t\"}");
        assertThat(call("{\"id\":1,\"type\":\"DescribeTopic\",\"topic\":\"t\"}"))
                .contains("111000", "444000", "666000")
                .doesNotContain("222000", "333000", "555000");
    }

    private static Ran startAndEnd(Launch launch) throws Exception {
        return Commands.run(LIMIT, launch);
    }

    /**
     * Log lines begin with their time; what else is printed for a person is one line without a
     * trace.
     */
    private static void assertOneLine(Ran ran) {
        assertThat(ran.err().lines().filter(line -> !LOG_LINE.matcher(line).lookingAt()))
                .singleElement()
                .asString()
                .startsWith("mlog");
        assertThat(ran.err() + ran.out()).doesNotContain("\tat ");
    }

    private void produce(String value) throws Exception {
        assertThat(
                        call(
                                "{\"id\":1,\"type\":\"Produce\",\"topic\":\"t\",\"acks\":2,\"text\":\""
                                        + value
                                        + "\"}"))
                .contains("ProduceResponse");
    }

    private String fetch() throws Exception {
        return call("{\"id\":1,\"type\":\"Fetch\",\"topic\":\"t\",\"offset\":0}");
    }

    private String call(String request) throws Exception {
        return JsonRpc.call(broker.rpcPort(), request);
    }
}
