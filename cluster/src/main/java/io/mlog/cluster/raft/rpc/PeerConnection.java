package io.mlog.cluster.raft.rpc;

import io.mlog.model.HostPort;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.ratis.protocol.exceptions.TimeoutIOException;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection to one lane of one peer: one call at a time, made when first needed and
 * again after a failure, each time to where the peer is by then. Any thread; calls queue on a lock.
 */
final class PeerConnection implements Closeable {
    /** Where the peer is now. */
    @FunctionalInterface
    interface Whereabouts {
        HostPort now() throws IOException;
    }

    /** A request as it writes itself. */
    @FunctionalInterface
    interface Request {
        void writeTo(DataOutputStream out) throws IOException;
    }

    private static final int MOST_CONNECT_MS = 1000;

    /** Well before the peer gives an idle connection up: a call must not meet that. */
    private static final long MOST_IDLE_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final Whereabouts whereabouts;
    private final Runnable lost;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable Link link;
    private volatile boolean closed;

    /**
     * @param lost told when a connection broke or could not be made
     */
    PeerConnection(Whereabouts whereabouts, Runnable lost) {
        this.whereabouts = whereabouts;
        this.lost = lost;
    }

    /**
     * The peer's answer. Fails with {@link NotSentException} when the request certainly did not
     * reach it, and with the peer's sentence when it could not answer.
     *
     * @param timeoutMs bounds the wait for an earlier call, for the connection, and for the answer
     */
    ByteString call(RaftCall call, Request request, int timeoutMs) throws IOException {
        awaitTurn(call, timeoutMs);
        try {
            return connected(Math.min(timeoutMs, MOST_CONNECT_MS)).call(request, timeoutMs);
        } catch (NotSentException | RefusedByPeerException e) {
            throw e;
        } catch (SocketTimeoutException e) {
            drop();
            // An InterruptedIOException, as which it would end the appender's thread for good.
            throw new TimeoutIOException(
                    "no answer to %s within %d ms".formatted(call, timeoutMs), e);
        } catch (IOException e) {
            drop();
            lost.run();
            throw e;
        } finally {
            lock.unlock();
        }
    }

    /** Fails a call that is waiting for its answer; the next one connects again. */
    void drop() {
        Link present = link;
        link = null;
        if (present != null) {
            present.close();
        }
    }

    /** Fails a call that is waiting, and every later one. */
    @Override
    public void close() {
        closed = true;
        drop();
    }

    private void awaitTurn(RaftCall call, int timeoutMs) throws IOException {
        try {
            if (!lock.tryLock(timeoutMs, TimeUnit.MILLISECONDS)) {
                throw new NotSentException(
                        "%s waited %d ms for an earlier call".formatted(call, timeoutMs));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NotSentException(call + " was interrupted");
        }
    }

    private Link connected(int timeoutMs) throws NotSentException {
        Link present = link;
        if (present != null && present.isIdleFor(MOST_IDLE_NANOS)) {
            drop();
            present = null;
        }
        if (present == null) {
            present = connect(timeoutMs);
            link = present;
        }
        if (closed) {
            drop();
            throw new NotSentException("the connection was closed");
        }
        return present;
    }

    private Link connect(int timeoutMs) throws NotSentException {
        try {
            return Link.to(whereabouts.now(), timeoutMs);
        } catch (IOException e) {
            lost.run();
            throw new NotSentException("no connection", e);
        }
    }

    /** The peer is there and answered that it cannot. */
    private static final class RefusedByPeerException extends IOException {
        private static final long serialVersionUID = 1L;

        RefusedByPeerException(String sentence) {
            super(sentence);
        }
    }

    private static final class Link {
        private final Socket socket;
        private final DataInputStream in;
        private final DataOutputStream out;
        private long usedNanos = System.nanoTime(); // of the caller whose turn it is

        private Link(Socket socket) throws IOException {
            this.socket = socket;
            in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
            out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
        }

        static Link to(HostPort address, int timeoutMs) throws IOException {
            Socket socket = new Socket();
            try {
                socket.setTcpNoDelay(true);
                socket.connect(new InetSocketAddress(address.host(), address.port()), timeoutMs);
                Link link = new Link(socket);
                RaftFrames.writeGreeting(link.out);
                return link;
            } catch (IOException e) {
                socket.close();
                throw e;
            }
        }

        boolean isIdleFor(long nanos) {
            return System.nanoTime() - usedNanos > nanos;
        }

        ByteString call(Request request, int timeoutMs) throws IOException {
            socket.setSoTimeout(timeoutMs);
            request.writeTo(out);
            byte[] reply = RaftFrames.read(in);
            usedNanos = System.nanoTime();
            if (reply[0] != RaftFrames.DONE) {
                throw new RefusedByPeerException(
                        new String(reply, 1, reply.length - 1, StandardCharsets.UTF_8));
            }
            return ByteString.copyFrom(reply, 1, reply.length - 1);
        }

        void close() {
            try {
                socket.close();
            } catch (IOException e) {
                // A socket that is given up has nothing left to lose.
            }
        }
    }
}
