package io.mlog.cluster.gossip.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.model.HostPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PeerLinkTest {
    private static final byte[] LETTER = new byte[4096];

    private final Kept kept = new Kept();

    /** Whether the one who writes or the one who waits finds out first is a matter of luck. */
    @Test
    void endThatAWriteFindsOutIsToldOnce() throws Exception {
        try (ServerSocket there = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            HostPort address = new HostPort("127.0.0.1", there.getLocalPort());
            for (int i = 1; i <= 50; i++) {
                PeerLink link = new PeerLink(address, kept);
                Thread peer = Thread.ofVirtual().start(() -> breakOff(there));
                link.open();
                writeUntilItFails(link);
                link.close();
                assertThat(kept.told.poll(30, TimeUnit.SECONDS)).as("end %d", i).isEqualTo(address);
                peer.join();
            }
            assertThat(kept.told).isEmpty();
        }
    }

    @Test
    void endOfOurOwnIsNotTold() throws Exception {
        try (ServerSocket there = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            HostPort address = new HostPort("127.0.0.1", there.getLocalPort());
            PeerLink link = new PeerLink(address, kept);
            Thread peer = Thread.ofVirtual().start(() -> readToTheEnd(there));
            link.open();
            link.write(LETTER);
            link.close();
            peer.join();
            writeUntilItFails(link);
            Post.await("the connection is forgotten", () -> kept.greetings.get() == 0);
            assertThat(kept.told).isEmpty();
        }
    }

    private static void writeUntilItFails(PeerLink link) {
        try {
            while (true) {
                link.write(LETTER);
            }
        } catch (IOException e) {
            // As it should.
        }
    }

    /** Goes as a process does that is killed while there is something for it to read. */
    private static void breakOff(ServerSocket there) {
        try (Socket socket = Post.greeted(there)) {
            socket.getInputStream().skipNBytes(LETTER.length);
            socket.setSoLinger(true, 0);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void readToTheEnd(ServerSocket there) {
        try (Socket socket = Post.greeted(there)) {
            var _ = socket.getInputStream().readAllBytes();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static final class Kept implements PeerLink.Keeper {
        final BlockingQueue<HostPort> told = new LinkedBlockingQueue<>();
        final AtomicInteger greetings = new AtomicInteger();

        @Override
        public WireSettings settings() {
            return new WireSettings(new HostPort("127.0.0.1", 1), List.of());
        }

        @Override
        public void greeted(byte[] random) {
            greetings.incrementAndGet();
        }

        @Override
        public void forget(byte[] random) {
            greetings.decrementAndGet();
        }

        @Override
        public void ended(HostPort peer, Optional<Refusal> refusal) {
            told.add(peer);
        }
    }
}
