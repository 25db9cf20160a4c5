package io.mlog.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.systemtests.harness.Await;
import io.mlog.systemtests.harness.BadInput;
import io.mlog.systemtests.harness.BrokerProcess;
import io.mlog.systemtests.harness.JsonRpc;
import io.mlog.systemtests.harness.RawConnection;
import io.mlog.systemtests.harness.SteadyClient;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever arrives on the port, the process lives and others do not notice: a steady client asks
 * all the time and must never wait long.
 */
class BadInputTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** Much shorter than what a broker waits for the rest of a request, long for a busy machine. */
    private static final Duration UNNOTICED = Duration.ofSeconds(10);

    private static final int BAD_CONNECTIONS = 3_000;
    private static final int OPEN_AT_ONCE = 50;
    private static final long MOST_GROWTH = 80L << 20;

    @TempDir static Path folder;
    private static BrokerProcess broker;
    private SteadyClient steady;

    @BeforeAll
    static void startBroker() throws Exception {
        broker = BrokerProcess.in(folder.resolve("data"));
        broker.start();
    }

    @AfterAll
    static void endBroker() {
        broker.close();
    }

    @BeforeEach
    void startSteadyClient() throws Exception {
        steady = new SteadyClient(broker.rpcPort());
    }

    @AfterEach
    void nobodyElseNoticed() throws Exception {
        try (SteadyClient client = steady) {
            assertThat(client.finish()).isLessThan(UNNOTICED);
        }
        assertThat(broker.process().isAlive()).isTrue();
    }

    @Test
    @Timeout(120)
    void threeThousandBadConnectionsCostLittleMemory() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        long before = broker.stat().rssBytes();
        int socketsBefore = broker.stat().sockets();
        ArrayDeque<RawConnection> open = new ArrayDeque<>();
        for (int i = 0; i < BAD_CONNECTIONS; i++) {
            RawConnection connection = connect();
            sendWhatItTakes(connection, BadInput.any(random));
            open.add(connection);
            if (open.size() > OPEN_AT_ONCE) {
                open.removeFirst().close();
            }
        }
        long grown = broker.stat().rssBytes() - before;
        for (RawConnection connection : open) {
            connection.close();
        }
        System.out.printf("%d bad connections: RSS %+,d bytes%n", BAD_CONNECTIONS, grown);
        assertThat(grown).isLessThan(MOST_GROWTH);
        Await.until(
                PATIENCE,
                "the broker to close what its peers closed",
                () -> broker.stat().sockets() <= socketsBefore);
    }

    /** The broker may close before everything is sent. */
    private static void sendWhatItTakes(RawConnection connection, byte[] bytes) {
        try {
            connection.send(bytes);
        } catch (IOException e) {
            // Closed meanwhile, as it may.
        }
    }

    @Test
    void randomBytesBeyondAnyLengthAreClosed() throws Exception {
        SplittableRandom random = new SplittableRandom(11);
        for (int i = 0; i < 200; i++) {
            byte[] bytes = new byte[random.nextInt(4, 2_000)];
            random.nextBytes(bytes);
            bytes[0] = (byte) random.nextInt(0x80, 0x100);
            assertClosed(bytes);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MAX_VALUE, (100 << 20) + 1, 0, -1})
    void aLengthOutOfRangeIsClosedBeforeAnythingIsAllocated(int length) throws Exception {
        long before = broker.stat().rssBytes();
        assertClosed(ByteBuffer.allocate(64).putInt(length).put((byte) '{').array());
        assertThat(broker.stat().rssBytes() - before).isLessThan(MOST_GROWTH);
    }

    @Test
    void aTooLongSecondFrameIsClosedToo() throws Exception {
        try (RawConnection connection = connect()) {
            connection.sendJson("{\"id\":1,\"type\":\"ListTopics\"}");
            assertThat(connection.readJson()).contains("ListTopicsResponse");
            connection.send(ByteBuffer.allocate(4).putInt(Integer.MAX_VALUE).array());
            assertThat(connection.isClosedByPeer()).isTrue();
        }
    }

    @Test
    void tlsIsClosed() throws Exception {
        assertClosed(BadInput.tlsHello(new SplittableRandom(3)));
    }

    @Test
    void httpIsAnsweredAsHttp() throws Exception {
        assertThat(broker.http("/health").statusCode()).isEqualTo(200);
        assertThat(broker.http("/metrics").body()).contains("mlog_");
        assertThat(broker.http("/").body()).contains(Integer.toString(broker.rpcPort()));
        assertThat(broker.http("/nowhere").statusCode()).isEqualTo(404);
        assertThat(firstLineFor("PUT / HTTP/1.1\r\nHost: a\r\n\r\n")).startsWith("HTTP/1.1 4");
        assertThat(firstLineFor("GET nonsense\r\n\r\n")).startsWith("HTTP/1.");
    }

    private static String firstLineFor(String request) throws Exception {
        try (RawConnection connection = connect()) {
            connection.send(request.getBytes(StandardCharsets.US_ASCII));
            return connection.readLine();
        }
    }

    @Test
    void anUnknownKafkaRequestIsClosed() throws Exception {
        assertClosed(RawConnection.frame(BadInput.kafkaRequest(200, 0, new byte[20])));
        assertClosed(RawConnection.frame(BadInput.kafkaRequest(1, 99, new byte[20])));
        assertClosed(RawConnection.frame(BadInput.kafkaRequest(3, 8, new byte[0])));
    }

    /** Kafka's own classes would need minutes to hours to read these. */
    @Test
    void aKafkaRequestOfManyEqualNamesHoldsNobodyUp() throws Exception {
        try (RawConnection connection = connect()) {
            connection.sendFrame(BadInput.kafkaProduceOfTopics(9_000));
            assertThat(connection.readFrame()).hasSizeGreaterThan(9_000);
        }
        assertClosed(RawConnection.frame(BadInput.kafkaProduceOfTopics(10_001)));
        assertClosed(RawConnection.frame(BadInput.metadataOfEmptyNames(900_000)));
    }

    @Test
    void anUnknownVersionOfApiVersionsIsToldTheKnownOnes() throws Exception {
        try (RawConnection connection = connect()) {
            connection.sendFrame(BadInput.kafkaRequest(18, 99, new byte[0]));
            String answer = HexFormat.of().formatHex(connection.readFrame());
            assertThat(answer).as("correlation id 8, error 35").startsWith("000000080023");
            assertThat(answer).as("key 18 from version 0").contains("00120000");
            connection.sendFrame(BadInput.apiVersions());
            assertThat(HexFormat.of().formatHex(connection.readFrame())).startsWith("000000080000");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"id\":1,\"type\":\"Produce\",\"topic\":5,\"text\":\"a\"}",
                "{\"id\":1,\"type\":\"Produce\",\"topic\":\"t\",\"value\":\"no base64!\"}",
                "{\"id\":1,\"type\":\"Produce\",\"topic\":\"t\",\"text\":\"a\",\"acks\":\"all\"}",
                "{\"id\":1,\"type\":\"Produce\",\"topic\":\"t\"}",
                "{\"id\":1,\"type\":\"Produce\",\"topic\":\"../../etc\",\"text\":\"a\"}",
                "{\"id\":1,\"type\":\"Fetch\",\"topic\":\"t\",\"offset\":-1}",
                "{\"id\":1,\"type\":\"Fetch\",\"topic\":\"t\",\"offset\":1e99}",
                "{\"id\":1,\"type\":\"FetchBatch\",\"topic\":\"t\",\"offset\":{},\"maxCount\":1}",
                "{\"id\":1,\"type\":\"CreateTopic\",\"topic\":\"t\",\"partitions\":-3}",
                "{\"id\":1,\"type\":\"CreateTopic\",\"topic\":\"t\",\"configs\":[1]}",
                "{\"id\":1,\"type\":\"Nonsense\"}",
                "{\"id\":1,\"type\":7}",
                "{\"id\":1}",
                "{\"id\":\"one\",\"type\":\"ListTopics\"}",
                "{\"id\":1,\"type\":\"ListTopics\"",
                "{]",
                "{\"a\\"
            })
    void wrongJsonIsRefusedAndTheConnectionStays(String json) throws Exception {
        try (RawConnection connection = connect()) {
            connection.sendJson(json);
            String answer = connection.readJson();
            assertThat(answer).contains("\"type\":\"Error\"");
            assertThat(JsonRpc.text(answer, "code")).isNotEqualTo("UNKNOWN_SERVER_ERROR");
            assertThat(JsonRpc.text(answer, "message")).isNotEmpty();
            connection.sendJson("{\"id\":2,\"type\":\"ListTopics\"}");
            assertThat(connection.readJson()).contains("ListTopicsResponse");
        }
    }

    @Test
    void deepNestingIsRefused() throws Exception {
        try (RawConnection connection = connect()) {
            connection.sendJson(
                    "{\"id\":1,\"type\":\"ListTopics\",\"x\":" + "[".repeat(1_000_000) + "}");
            assertThat(connection.readJson()).contains("INVALID_REQUEST");
        }
    }

    @Test
    @Timeout(120)
    void everyPrefixOfAGoodFrameLeavesTheBrokerServing() throws Exception {
        for (byte[] good :
                new byte[][] {
                    BadInput.jsonProduce(), BadInput.apiVersions(), BadInput.allMetadata()
                }) {
            byte[] frame = RawConnection.frame(good);
            for (int length = 0; length < frame.length; length++) {
                try (RawConnection connection = connect()) {
                    connection.send(BadInput.prefix(frame, length));
                    connection.endSending();
                    assertThat(connection.isClosedByPeer()).as("after %d bytes", length).isTrue();
                }
                shortenedFrame(good, length);
            }
        }
        assertThat(
                        JsonRpc.call(
                                broker.rpcPort(),
                                new String(BadInput.jsonProduce(), StandardCharsets.UTF_8)))
                .contains("ProduceResponse");
    }

    /** A frame that is whole, of a payload that is cut: refused or closed, but not waited for. */
    private static void shortenedFrame(byte[] good, int length) throws IOException {
        if (length >= good.length) {
            return;
        }
        try (RawConnection connection = connect()) {
            connection.sendFrame(BadInput.prefix(good, length));
            connection.endSending();
            assertThat(connection.isClosedByPeer()).as("payload of %d bytes", length).isTrue();
        }
    }

    @Test
    void aWaitingFetchDelaysNoRequestBehindIt() throws Exception {
        JsonRpc.call(broker.rpcPort(), "{\"id\":1,\"type\":\"CreateTopic\",\"topic\":\"quiet\"}");
        try (RawConnection connection = connect()) {
            connection.sendJson(
                    "{\"id\":1,\"type\":\"Fetch\",\"topic\":\"quiet\",\"offset\":0,\"maxWaitMs\":15000}");
            connection.sendJson("{\"id\":2,\"type\":\"ListTopics\"}");
            assertThat(connection.readJson()).contains("\"id\":2", "ListTopicsResponse");
            JsonRpc.call(
                    broker.rpcPort(),
                    "{\"id\":1,\"type\":\"Produce\",\"topic\":\"quiet\",\"text\":\"woken\"}");
            assertThat(connection.readJson()).contains("\"id\":1", "d29rZW4=");
        }
    }

    private static RawConnection connect() throws IOException {
        return RawConnection.to(broker.rpcPort(), PATIENCE);
    }

    private static void assertClosed(byte[] bytes) throws IOException {
        try (RawConnection connection = connect()) {
            sendWhatItTakes(connection, bytes);
            assertThat(connection.isClosedByPeer())
                    .as(
                            "closed after %s",
                            HexFormat.of().formatHex(bytes, 0, Math.min(16, bytes.length)))
                    .isTrue();
        }
    }
}
