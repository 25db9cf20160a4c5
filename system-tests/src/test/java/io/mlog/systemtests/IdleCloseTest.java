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

/** Connections without a request are closed; the limit here is one second. */
class IdleCloseTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final long LEAST_NANOS = 900_000_000;

    @TempDir static Path folder;
    private static BrokerProcess broker;

    @BeforeAll
    static void startBroker() throws Exception {
        broker = BrokerProcess.in(folder.resolve("data")).flag("--connections-max-idle-ms", "1000");
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
            assertClosedASecondAfter(began, connection);
        }
    }

    @Test
    void halfAFrameAndSilenceIsClosed() throws Exception {
        for (byte[] good : new byte[][] {BadInput.jsonProduce(), BadInput.allMetadata()}) {
            byte[] frame = RawConnection.frame(good);
            try (RawConnection connection = connect()) {
                long began = System.nanoTime();
                connection.send(BadInput.prefix(frame, frame.length / 2));
                assertClosedASecondAfter(began, connection);
            }
        }
    }

    @Test
    void othersDoNotNoticeThatAConnectionIsClosed() throws Exception {
        try (SteadyClient busy = new SteadyClient(broker.rpcPort());
                RawConnection silent = connect()) {
            assertThat(silent.isClosedByPeer()).isTrue();
            assertThat(busy.finish()).isLessThan(Duration.ofSeconds(3));
        }
    }

    @Test
    void silenceAfterAnAnswerIsClosedInBothLanguages() throws Exception {
        try (RawConnection json = connect()) {
            long began = System.nanoTime();
            json.sendJson("{\"id\":1,\"type\":\"ListTopics\"}");
            assertThat(json.readJson()).contains("ListTopicsResponse");
            assertClosedASecondAfter(began, json);
        }
        try (RawConnection kafka = connect()) {
            long began = System.nanoTime();
            kafka.sendFrame(BadInput.apiVersions());
            kafka.readFrame();
            assertClosedASecondAfter(began, kafka);
        }
    }

    @Test
    void aFetchThatWaitsLongerThanTheLimitIsAnswered() throws Exception {
        try (RawConnection connection = connect()) {
            connection.sendJson("{\"id\":1,\"type\":\"CreateTopic\",\"topic\":\"quiet\"}");
            assertThat(connection.readJson()).contains("CreateTopicResponse");
            connection.sendJson(
                    "{\"id\":2,\"type\":\"Fetch\",\"topic\":\"quiet\",\"offset\":0,\"maxWaitMs\":2500}");
            assertThat(connection.readJson()).contains("\"entry\":null");
        }
    }

    private static RawConnection connect() throws Exception {
        return RawConnection.to(broker.rpcPort(), PATIENCE);
    }

    private static void assertClosedASecondAfter(long began, RawConnection connection)
            throws Exception {
        assertThat(connection.isClosedByPeer()).isTrue();
        assertThat(System.nanoTime() - began).isGreaterThan(LEAST_NANOS);
    }
}
