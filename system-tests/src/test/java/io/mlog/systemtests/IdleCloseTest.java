package io.mlog.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.systemtests.harness.BadInput;
import io.mlog.systemtests.harness.BrokerProcess;
import io.mlog.systemtests.harness.RawConnection;
import io.mlog.systemtests.harness.SteadyClient;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Connections without a request are closed; the limit here is so long that a machine which stands
 * still for a moment does not pass for a client that is silent.
 */
class IdleCloseTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int LIMIT_MS = 2_500;
    private static final long LEAST_NANOS = (LIMIT_MS - 100) * 1_000_000L;

    @TempDir static Path folder;
    private static BrokerProcess broker;

    @BeforeAll
    static void startBroker() throws Exception {
        broker =
                BrokerProcess.in(folder.resolve("data"))
                        .flag("--connections-max-idle-ms", Integer.toString(LIMIT_MS));
        broker.start();
    }

    @AfterAll
    static void endBroker() {
        broker.close();
    }

    @Test
    void silenceFromTheBeginningIsClosed() throws Exception {
        long began = System.nanoTime();
        try (RawConnection connection = connect()) {
            assertClosedAfterTheLimit(began, connection);
        }
    }

    @Test
    void halfAFrameAndSilenceIsClosed() throws Exception {
        long began = System.nanoTime();
        try (RawConnection json = connect();
                RawConnection kafka = connect()) {
            json.send(halfOf(BadInput.jsonProduce()));
            kafka.send(halfOf(BadInput.allMetadata()));
            assertClosedAfterTheLimit(began, json);
            assertClosedAfterTheLimit(began, kafka);
        }
    }

    @Test
    void othersDoNotNoticeThatAConnectionIsClosed() throws Exception {
        try (SteadyClient busy = new SteadyClient(broker.rpcPort());
                RawConnection silent = connect()) {
            long before = busy.answers();
            assertThat(silent.isClosedByPeer()).isTrue();
            // It asks again a millisecond after each answer.
            assertThat(busy.answers() - before).isGreaterThan(100);
            busy.finish();
        }
    }

    @Test
    void silenceAfterAnAnswerIsClosedInBothLanguages() throws Exception {
        try (RawConnection json = connect();
                RawConnection kafka = connect()) {
            long began = System.nanoTime();
            json.sendJson("{\"id\":1,\"type\":\"ListTopics\"}");
            kafka.sendFrame(BadInput.apiVersions());
            assertThat(json.readJson()).contains("ListTopicsResponse");
            kafka.readFrame();
            assertClosedAfterTheLimit(began, json);
            assertClosedAfterTheLimit(began, kafka);
        }
    }

    @Test
    void aFetchThatWaitsLongerThanTheLimitIsAnswered() throws Exception {
        try (RawConnection connection = connect()) {
            connection.sendJson("{\"id\":1,\"type\":\"CreateTopic\",\"topic\":\"quiet\"}");
            assertThat(connection.readJson()).contains("CreateTopicResponse");
            connection.sendJson(
                    "{\"id\":2,\"type\":\"Fetch\",\"topic\":\"quiet\",\"offset\":0,\"maxWaitMs\":%d}"
                            .formatted(LIMIT_MS + 1_500));
            assertThat(connection.readJson()).contains("\"entry\":null");
        }
    }

    private static RawConnection connect() throws Exception {
        return RawConnection.to(broker.rpcPort(), PATIENCE);
    }

    private static byte[] halfOf(byte[] payload) {
        byte[] frame = RawConnection.frame(payload);
        return BadInput.prefix(frame, frame.length / 2);
    }

    private static void assertClosedAfterTheLimit(long began, RawConnection connection)
            throws Exception {
        assertThat(connection.isClosedByPeer()).isTrue();
        assertThat(System.nanoTime() - began).isGreaterThan(LEAST_NANOS);
    }
}
