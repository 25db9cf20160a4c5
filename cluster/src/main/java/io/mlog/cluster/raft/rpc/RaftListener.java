package io.mlog.cluster.raft.rpc;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the Raft port: one platform thread accepts, one virtual thread per connection answers its
 * calls in order. At most {@link #MAX_CONNECTIONS}; a peer that says nothing for {@link #IDLE_MS},
 * speaks another protocol or sends a frame out of bounds is disconnected. Does not authenticate.
 */
final class RaftListener implements Closeable {
    static final int MAX_CONNECTIONS = 256;
    static final int GREETING_MS = 5_000;
    static final int IDLE_MS = 300_000;

    private static final Logger LOG = LoggerFactory.getLogger(RaftListener.class);

    private final RaftPort port;
    private final Supplier<RaftSession> sessions;
    private final WireEvents events;
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /**
     * @param sessions gives each connection what answers its calls
     */
    RaftListener(RaftPort port, Supplier<RaftSession> sessions, WireEvents events) {
        this.port = port;
        this.sessions = sessions;
        this.events = events;
    }

    void start() {
        Thread.ofPlatform().name("raft-accept").daemon().start(this::acceptAll);
    }

    /** Stops accepting and disconnects everyone; the port is free when this returns. */
    @Override
    public void close() throws IOException {
        closed = true;
        port.close();
        connections.forEach(RaftListener::closeQuietly);
    }

    private void acceptAll() {
        while (!closed) {
            try {
                admit(port.accept());
            } catch (IOException e) {
                if (!closed) {
                    LOG.warn("raft port {}: accepting failed: {}", port.address(), e.toString());
                    pause();
                }
            }
        }
    }

    private void admit(Socket socket) {
        connections.add(socket);
        if (closed || connections.size() > MAX_CONNECTIONS) {
            connections.remove(socket);
            closeQuietly(socket);
            return;
        }
        Thread.ofVirtual().name("raft-peer").start(() -> serve(socket));
    }

    private void serve(Socket socket) {
        RaftSession session = sessions.get();
        try (socket) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(GREETING_MS);
            var in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
            var out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
            RaftFrames.readGreeting(in);
            socket.setSoTimeout(IDLE_MS);
            while (!closed) {
                answer(session, RaftFrames.read(in), out);
            }
        } catch (EOFException e) {
            LOG.debug("raft peer {} left", socket.getRemoteSocketAddress());
        } catch (IOException e) {
            if (!closed) {
                LOG.info(
                        "raft peer {} is disconnected: {}",
                        socket.getRemoteSocketAddress(),
                        e.getMessage());
            }
        } finally {
            connections.remove(socket);
            if (!closed) {
                session.leader().ifPresent(events::leaderHungUp);
            }
        }
    }

    private static void answer(RaftSession session, byte[] frame, DataOutputStream out)
            throws IOException {
        ByteString reply;
        try {
            reply = session.answer(frame);
        } catch (IOException | RuntimeException e) {
            RaftFrames.writeFailure(out, e.toString());
            return;
        }
        RaftFrames.write(out, RaftFrames.DONE, reply);
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
