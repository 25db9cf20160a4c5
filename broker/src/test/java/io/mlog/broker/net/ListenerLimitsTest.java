package io.mlog.broker.net;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.AdaptiveByteBufAllocator;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Time limits, numbers and memory that no client can exceed. */
class ListenerLimitsTest {
    private static final ConnectionLimits ONE_SECOND = ConnectionLimits.DEFAULT.withIdleMs(1_000);

    @BeforeAll
    static void watchForLeaks() {
        Leaks.watch();
    }

    @AfterAll
    static void noBufferLeaked() {
        assertThat(Leaks.found()).isEmpty();
    }

    private static long elapsedMs(long startNanos) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
    }

    @Test
    void anIdleConnectionIsClosed() throws Exception {
        try (ListenerFixture listener = ListenerFixture.serving(ONE_SECOND);
                Peer peer = listener.connect()) {
            peer.sendFrame("{hello}");
            assertThat(peer.readTextFrame()).isEqualTo("{hello}");
            long start = System.nanoTime();

            assertThat(peer.readToEnd()).isEmpty();

            assertThat(elapsedMs(start)).isBetween(900L, 5_000L);
            assertThat(listener.metric("mlog_connections_closed_total{reason=\"idle\"}"))
                    .isEqualTo(1);
        }
    }

    @Test
    void halfAFrameAndSilenceAreClosed() throws Exception {
        try (ListenerFixture listener = ListenerFixture.serving(ONE_SECOND);
                Peer peer = listener.connect()) {
            peer.sendFrame("{hello}");
            peer.send(Arrays.copyOf(Peer.framed(new byte[100]), 50));
            assertThat(peer.readTextFrame()).isEqualTo("{hello}");

            assertThat(peer.readToEnd()).isEmpty();

            assertThat(listener.metric("mlog_connections_closed_total{reason=\"half_request\"}"))
                    .isEqualTo(1);
        }
    }

    @Test
    void silenceHalfAFirstFrameAndHalfAnHttpRequestAreClosed() throws Exception {
        try (ListenerFixture listener = ListenerFixture.serving(ONE_SECOND);
                Peer silent = listener.connect();
                Peer half = listener.connect();
                Peer method = listener.connect()) {
            half.send(Arrays.copyOf(Peer.framed("{0123456789".getBytes(UTF_8)), 9));
            method.send("GE");

            assertThat(silent.readToEnd()).isEmpty();
            assertThat(half.readToEnd()).isEmpty();
            assertThat(method.readToEnd()).isEmpty();
            assertThat(listener.metric("mlog_connections_closed_total{reason=\"no_request\"}"))
                    .isEqualTo(3);
        }
    }

    @Test
    void aLargeFirstRequestMayTakeItsTimeAsLongAsItComes() throws Exception {
        ConnectionLimits defaults = ConnectionLimits.DEFAULT;
        ConnectionLimits hurried =
                new ConnectionLimits(
                        defaults.maxFrameBytes(),
                        defaults.idleMs(),
                        500,
                        defaults.unreadMs(),
                        defaults.maxConnections(),
                        defaults.maxRequestsInFlight(),
                        defaults.maxReplyBytes(),
                        defaults.maxPartialBytes());
        String large = "{" + "x".repeat(200_000) + "}";
        byte[] frame = Peer.framed(large.getBytes(UTF_8));
        try (ListenerFixture listener = ListenerFixture.serving(hurried);
                Peer peer = listener.connect()) {
            peer.send(Arrays.copyOf(frame, 100_000));
            for (int at = 100_000; at < frame.length; at += 5_000) {
                Thread.sleep(50); // a slow line, not a wait
                peer.send(Arrays.copyOfRange(frame, at, Math.min(frame.length, at + 5_000)));
            }

            assertThat(peer.readTextFrame().equals(large)).isTrue();
        }
    }

    @Test
    void whoWaitsForAnAnswerIsNotIdle() throws Exception {
        try (ListenerFixture listener = ListenerFixture.serving(ONE_SECOND);
                Peer waiting = listener.connect();
                Peer idle = listener.connect()) {
            waiting.sendFrame("{hold a}");
            idle.sendFrame("{hello}");
            idle.readFrame();
            Eventually.holds("request taken", () -> listener.services.heldJson.containsKey("a"));
            assertThat(idle.readToEnd()).isEmpty();

            listener.services.answerJson("a");

            assertThat(waiting.readTextFrame()).isEqualTo("{a}");
        }
    }

    @Test
    void connectionsBeyondTheLimitAreClosedAndTheOthersStay() throws Exception {
        try (ListenerFixture listener =
                        ListenerFixture.serving(ConnectionLimits.DEFAULT.withMaxConnections(2));
                Peer first = listener.connect();
                Peer second = listener.connect()) {
            first.sendFrame("{1}");
            second.sendFrame("{2}");
            assertThat(first.readTextFrame() + second.readTextFrame()).isEqualTo("{1}{2}");

            try (Peer third = listener.connect()) {
                assertThat(third.readToEnd()).isEmpty();
            }
            first.end();
            Eventually.holds("a place is free", () -> listener.listener.connections() == 1);
            try (Peer fourth = listener.connect()) {
                fourth.sendFrame("{4}");
                assertThat(fourth.readTextFrame()).isEqualTo("{4}");
            }
        }
    }

    @Test
    void framesThatAreAnnouncedAndNotSentTakeNoMemory() throws Exception {
        AdaptiveByteBufAllocator allocator = (AdaptiveByteBufAllocator) ByteBufAllocator.DEFAULT;
        byte[] announced = new byte[100];
        ByteBuffer.wrap(announced).putInt(90 << 20);
        List<Peer> peers = new ArrayList<>();
        try (ListenerFixture listener = ListenerFixture.serving()) {
            long before = allocator.metric().usedDirectMemory();
            for (int i = 0; i < 1_000; i++) {
                Peer peer = listener.connect();
                peer.send(announced);
                peers.add(peer);
            }
            Eventually.holds(
                    "all bytes read",
                    () -> listener.metric("mlog_network_in_bytes_total") == 100_000);

            assertThat(listener.metric("mlog_partial_frame_bytes")).isLessThan(500_000);
            assertThat(allocator.metric().usedDirectMemory() - before).isLessThan(16L << 20);
        } finally {
            for (Peer peer : peers) {
                peer.close();
            }
        }
    }

    @Test
    void aPeerThatDoesNotReadIsPausedAndThenDropped() throws Exception {
        ConnectionLimits limits = ConnectionLimits.DEFAULT.withUnreadMs(1_000);
        try (ListenerFixture listener = ListenerFixture.serving(limits);
                Peer peer = Peer.withSmallReceiveBuffer(listener.port())) {
            FakeSlice slice = FakeSlice.inMemory(new byte[1 << 20]);
            listener.services.slice = slice;
            for (int i = 0; i < 2_000; i++) {
                peer.sendFrame(FakeServices.kafkaRequest("slice"));
            }
            Eventually.holds(
                    "dropped",
                    () ->
                            listener.metric("mlog_connections_closed_total{reason=\"not_reading\"}")
                                    == 1);

            int answered = listener.services.taken.get();
            assertThat(answered).isLessThan(100);
            Eventually.holds("all slices back", () -> slice.releases() == answered);
        }
    }

    @Test
    void aPeerThatReadsLateGetsEverything() throws Exception {
        try (ListenerFixture listener = ListenerFixture.serving();
                Peer peer = Peer.withSmallReceiveBuffer(listener.port())) {
            listener.services.slice = FakeSlice.inMemory(new byte[1 << 20]);
            for (int i = 0; i < 40; i++) {
                peer.sendFrame(FakeServices.kafkaRequest("slice"));
            }
            Eventually.holds("paused", () -> listener.services.taken.get() >= 4);

            for (int i = 0; i < 40; i++) {
                assertThat(peer.readFrame()).hasSize(4 + (1 << 20));
            }
            assertThat(listener.services.taken).hasValue(40);
        }
    }
}
