package io.mlog.broker.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.AdaptiveByteBufAllocator;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Time limits, numbers and memory that no client can exceed. */
@ExtendWith(Leaks.class)
class ListenerLimitsTest {
    /** On the system's clock; the other limits of time are {@link ConnectionTest}'s. */
    @Test
    void aSilentConnectionIsClosed() throws Exception {
        try (ListenerFixture listener =
                ListenerFixture.serving(ConnectionLimits.DEFAULT.withIdleMs(1_000))) {
            long start = System.nanoTime();
            try (Peer peer = listener.connect()) {
                assertThat(peer.readToEnd()).isEmpty();
            }

            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(1_000_000_000);
            assertThat(listener.metric("mlog_connections_closed_total{reason=\"no_request\"}"))
                    .isEqualTo(1);
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
