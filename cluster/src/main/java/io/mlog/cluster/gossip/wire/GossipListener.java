package io.mlog.cluster.gossip.wire;

import io.mlog.cluster.net.BoundPort;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the gossip port: one platform thread accepts, one virtual thread per connection reads its
 * letters. Bounds: {@link #MAX_CONNECTIONS} at a time, of which {@link #MAX_STRANGERS} may not yet
 * have sent a letter that we took; a stranger has {@link #STRANGER_MS} for its first one. Whoever
 * breaks the protocol is told why in one byte, and disconnected.
 */
final class GossipListener {
    static final int MAX_CONNECTIONS = 1024;
    static final int MAX_STRANGERS = 64;
    static final int STRANGER_MS = 5_000;
    static final int IDLE_MS = 300_000;

    private static final int LINGER_MS = 1_000;
    private static final Logger LOG = LoggerFactory.getLogger(GossipListener.class);

    /** Whose letters these are. */
    interface Household {
        WireSettings settings();

        String clusterId();

        /** Whether a greeting with these bytes is one of our own. */
        boolean isOurs(byte[] random);

        void take(Letter letter);
    }

    private final BoundPort port;
    private final Household household;
    private final OncePerMinute complaints = new OncePerMinute(LOG, System::nanoTime);
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private final Set<Socket> strangers = ConcurrentHashMap.newKeySet();
    private final Thread thread =
            Thread.ofPlatform().daemon().name("mlog-gossip-accept").unstarted(this::acceptAll);
    private volatile boolean closed;

    GossipListener(BoundPort port, Household household) {
        this.port = port;
        this.household = household;
    }

    void start() {
        thread.start();
    }

    /** Stops accepting, disconnects everyone, gives the port back. */
    void close() throws IOException {
        closed = true;
        port.close();
        connections.forEach(GossipListener::closeQuietly);
    }

    void awaitEnd() throws InterruptedException {
        thread.join(LINGER_MS);
    }

    private void acceptAll() {
        while (!closed) {
            try {
                admit(port.accept());
            } catch (IOException e) {
                if (!closed) {
                    LOG.warn("gossip port {}: accepting failed: {}", port.address(), e.toString());
                    pause();
                }
            }
        }
    }

    private void admit(Socket socket) {
        if (connections.size() >= MAX_CONNECTIONS || strangers.size() >= MAX_STRANGERS) {
            complaints.warn(
                    "crowded",
                    "refused gossip from %s: there are %d connections, %d of them of strangers"
                            .formatted(peer(socket), connections.size(), strangers.size()));
            closeQuietly(socket);
            return;
        }
        connections.add(socket);
        strangers.add(socket);
        if (closed) {
            closeQuietly(socket);
        }
        Thread.ofVirtual().name("gossip-peer").start(() -> serve(socket));
    }

    private void serve(Socket socket) {
        try (socket) {
            TimedInput input = new TimedInput(socket, STRANGER_MS);
            try {
                converse(socket, input);
            } catch (RefusedException e) {
                refuse(socket, input, e);
            }
        } catch (EOFException e) {
            LOG.debug("gossip peer {} left", peer(socket));
        } catch (IOException e) {
            LOG.debug("gossip peer {} is disconnected: {}", peer(socket), e.toString());
        } finally {
            strangers.remove(socket);
            connections.remove(socket);
        }
    }

    private void converse(Socket socket, TimedInput input) throws IOException {
        socket.setTcpNoDelay(true);
        DataInputStream in = new DataInputStream(new BufferedInputStream(input));
        Greeting ours = Greeting.of(household.settings().isSealed());
        ours.write(socket.getOutputStream());
        IncomingLetters letters = new IncomingLetters(ours, Greeting.read(in), household);
        while (!closed) {
            Letter letter = letters.next(Frames.read(in));
            strangers.remove(socket);
            household.take(letter);
            input.expectWithin(IDLE_MS);
        }
    }

    private void refuse(Socket socket, TimedInput input, RefusedException refused)
            throws IOException {
        if (refused.refusal() != Refusal.OURSELVES) {
            complaints.warn(
                    socket.getInetAddress().getHostAddress() + refused.refusal().name(),
                    "refused gossip from %s: %s".formatted(peer(socket), refused.getMessage()));
        }
        socket.getOutputStream().write(refused.refusal().number());
        socket.shutdownOutput();
        // What is unread when a socket is closed would take the byte with it.
        input.expectWithin(LINGER_MS);
        byte[] waste = new byte[1024];
        while (input.read(waste, 0, waste.length) >= 0) {
            // Until the other end is through, or the time.
        }
    }

    private static String peer(Socket socket) {
        return socket.getRemoteSocketAddress() instanceof InetSocketAddress address
                ? address.getAddress().getHostAddress() + ":" + address.getPort()
                : "someone who left";
    }

    /** So that a process out of file descriptors does not spin. */
    private static void pause() {
        try {
            Thread.sleep(100);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            LOG.debug("closing a connection failed", e);
        }
    }
}
