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
import java.util.concurrent.locks.ReentrantLock;
import org.apache.ratis.protocol.exceptions.TimeoutIOException;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.com.google.protobuf.MessageLite;
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

    private final Whereabouts whereabouts;
    private final int timeoutMs;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable Link link;
    private volatile boolean closed;

    /**
     * @param timeoutMs bounds connecting, and every read
     */
    PeerConnection(Whereabouts whereabouts, int timeoutMs) {
        this.whereabouts = whereabouts;
        this.timeoutMs = timeoutMs;
    }

    /** The peer's answer; fails with its sentence when it could not answer. */
    ByteString call(RaftCall call, MessageLite request) throws IOException {
        lock.lock();
        try {
            return connected().call(call, request);
        } catch (SocketTimeoutException e) {
            drop();
            // An InterruptedIOException, as which it would end the appender's thread for good.
            throw new TimeoutIOException(
                    "no answer to %s within %d ms".formatted(call, timeoutMs), e);
        } catch (RefusedByPeerException e) {
            throw e;
        } catch (IOException e) {
            drop();
            throw e;
        } finally {
            lock.unlock();
        }
    }

    /** Fails a call that is waiting, and every later one. */
    @Override
    public void close() {
        closed = true;
        drop();
    }

    private Link connected() throws IOException {
        Link present = link;
        if (present == null) {
            present = Link.to(whereabouts.now(), timeoutMs);
            link = present;
        }
        if (closed) {
            drop();
            throw new IOException("the connection was closed");
        }
        return present;
    }

    private void drop() {
        Link present = link;
        link = null;
        if (present != null) {
            present.close();
        }
    }

    /** The peer is there and answered that it cannot. */
    private static final class RefusedByPeerException extends IOException {
        private static final long serialVersionUID = 1L;

        RefusedByPeerException(String sentence) {
            super(sentence);
        }
    }

    private record Link(Socket socket, DataInputStream in, DataOutputStream out) {
        static Link to(HostPort address, int timeoutMs) throws IOException {
            Socket socket = new Socket();
            try {
                socket.setTcpNoDelay(true);
                socket.setSoTimeout(timeoutMs);
                socket.connect(new InetSocketAddress(address.host(), address.port()), timeoutMs);
                var out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
                RaftFrames.writeGreeting(out);
                return new Link(
                        socket,
                        new DataInputStream(new BufferedInputStream(socket.getInputStream())),
                        out);
            } catch (IOException e) {
                socket.close();
                throw e;
            }
        }

        ByteString call(RaftCall call, MessageLite request) throws IOException {
            RaftFrames.write(out, call.number(), request);
            byte[] reply = RaftFrames.read(in);
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
