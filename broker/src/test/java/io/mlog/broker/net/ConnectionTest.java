package io.mlog.broker.net;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.broker.net.HandMovedConnections.Line;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a connection does as time passes, and at its end. */
@ExtendWith(Leaks.class)
class ConnectionTest {
    private static final ConnectionLimits ONE_SECOND = ConnectionLimits.DEFAULT.withIdleMs(1_000);

    /** Limits of time are looked at so often. */
    private static final int LOOK_MS = 250;

    private static void passOneSecond(HandMovedConnections connections) {
        for (int ms = 0; ms < 1_000; ms += LOOK_MS) {
            connections.pass(LOOK_MS);
        }
    }

    @Test
    void anIdleConnectionIsClosed() {
        try (HandMovedConnections connections = HandMovedConnections.serving(ONE_SECOND)) {
            Line line = connections.connect();
            connections.pass(900);
            line.sendFrame("{hello}");
            assertThat(line.answers()).isEqualTo("{hello}");
            connections.pass(900);
            assertThat(line.isOpen()).isTrue();

            passOneSecond(connections);

            assertThat(line.isOpen()).isFalse();
            assertThat(connections.closedFor(CloseReason.IDLE)).isEqualTo(1);
        }
    }

    @Test
    void halfAFrameAndSilenceAreClosed() {
        try (HandMovedConnections connections = HandMovedConnections.serving(ONE_SECOND)) {
            Line line = connections.connect();
            line.sendFrame("{hello}");
            line.send(Arrays.copyOf(Peer.framed(new byte[100]), 50));
            assertThat(line.answers()).isEqualTo("{hello}");

            passOneSecond(connections);

            assertThat(line.isOpen()).isFalse();
            assertThat(connections.closedFor(CloseReason.HALF_REQUEST)).isEqualTo(1);
        }
    }

    @Test
    void silenceHalfAFirstFrameAndHalfAnHttpRequestAreClosed() {
        try (HandMovedConnections connections = HandMovedConnections.serving(ONE_SECOND)) {
            Line silent = connections.connect();
            Line half = connections.connect();
            Line method = connections.connect();
            half.send(Arrays.copyOf(Peer.framed("{0123456789".getBytes(UTF_8)), 9));
            method.send("GE".getBytes(UTF_8));

            passOneSecond(connections);

            assertThat(silent.isOpen() || half.isOpen() || method.isOpen()).isFalse();
            assertThat(connections.closedFor(CloseReason.NO_REQUEST)).isEqualTo(3);
        }
    }

    @Test
    void aLargeFirstRequestMayTakeItsTimeAsLongAsItComes() {
        byte[] frame = Peer.framed(("{" + "x".repeat(200_000) + "}").getBytes(UTF_8));
        try (HandMovedConnections connections = HandMovedConnections.serving(ONE_SECOND)) {
            Line large = connections.connect();
            Line small = connections.connect();
            large.send(Arrays.copyOf(frame, 100_000));
            small.send(Arrays.copyOf(frame, 10_000));
            for (int at = 100_000; at < frame.length; at += 20_000) {
                connections.pass(500);
                large.send(Arrays.copyOfRange(frame, at, Math.min(frame.length, at + 20_000)));
                if (small.isOpen()) {
                    small.send((byte) 'x');
                }
            }

            assertThat(large.answers()).hasSize(200_002);
            assertThat(small.isOpen()).isFalse();
            assertThat(connections.closedFor(CloseReason.NO_REQUEST)).isEqualTo(1);
        }
    }

    @Test
    void whoWaitsForAnAnswerIsNotIdle() {
        try (HandMovedConnections connections = HandMovedConnections.serving(ONE_SECOND)) {
            Line waiting = connections.connect();
            Line idle = connections.connect();
            waiting.sendFrame("{hold a}");
            idle.sendFrame("{hello}");
            passOneSecond(connections);
            assertThat(idle.isOpen()).isFalse();

            connections.services.answerJson("a");

            assertThat(waiting.answers()).isEqualTo("{a}");
        }
    }

    @Test
    void requestsSentBeforeTheBrokerIsReadyAreAnsweredThen() {
        try (HandMovedConnections connections = HandMovedConnections.starting(ONE_SECOND)) {
            Line line = connections.connect();
            Line silent = connections.connect();
            line.sendKafka("early");
            passOneSecond(connections);
            assertThat(silent.isOpen()).isFalse();
            assertThat(connections.services.taken).hasValue(0);

            connections.becomeReady();
            connections.resume();

            assertThat(line.answers()).isEqualTo("early");
        }
    }

    /** The loop is busy while the idle time passes and the broker becomes ready. */
    @Test
    void aRequestThatWaitedIsNotTakenForSilenceAtTheMomentTheBrokerIsReady() {
        try (HandMovedConnections connections = HandMovedConnections.starting(ONE_SECOND)) {
            Line line = connections.connect();
            line.sendKafka("early");
            connections.becomeReady();
            connections.pass(3_000);

            connections.resume();

            assertThat(line.answers()).isEqualTo("early");
        }
    }

    @Test
    void whatIsReadAfterTheEndWasToldIsNotTakenEvenIfItIsReadBeforeTheEndIsHeard() {
        try (HandMovedConnections connections = HandMovedConnections.serving(ONE_SECOND)) {
            Line line = connections.connect();
            line.sendFrame("{hold a}");
            connections.end();
            line.sendFrame("{hold b}");
            assertThat(connections.services.heldJson).containsOnlyKeys("a");

            connections.services.answerJson("a");

            assertThat(line.answers()).isEqualTo("{a}");
            assertThat(line.isOpen()).isFalse();
        }
    }

    @Test
    void aConnectionThatComesAfterTheEndWasToldEndsAtOnce() {
        try (HandMovedConnections connections = HandMovedConnections.serving(ONE_SECOND)) {
            connections.end();

            assertThat(connections.connect().isOpen()).isFalse();
        }
    }
}
