package io.mlog.systemtests.faults;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One connection through a {@link Door}: two sockets, and two virtual threads that carry bytes
 * between them as the links of the two directions allow. The end of either side, an orderly one or
 * a reset, reaches the other in the same way.
 */
final class Wire {
    private static final int PIECE_BYTES = 1 << 16;

    private final int caller;
    private final Socket near;
    private final Socket far = new Socket();
    private final Link there;
    private final Link back;
    private final Runnable ended;
    private final AtomicInteger directions = new AtomicInteger(2);
    private volatile boolean closed;

    /**
     * @param caller who made the connection
     * @param near the caller's connection, accepted
     * @param there what the caller sends travels by it, and the answers by {@code back}
     * @param ended told once, when it is over
     */
    Wire(int caller, Socket near, Link there, Link back, Runnable ended) {
        this.caller = caller;
        this.near = near;
        this.there = there;
        this.back = back;
        this.ended = ended;
    }

    int caller() {
        return caller;
    }

    /** Connects to the far side, when the way there is free, and carries bytes to the end. */
    void carry(InetSocketAddress target) {
        try {
            if (!there.pass(() -> closed)) {
                return;
            }
            near.setTcpNoDelay(true);
            far.setTcpNoDelay(true);
            far.connect(target);
        } catch (IOException e) {
            reset();
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            reset();
            return;
        }
        Thread.ofVirtual().name("wire-back").start(() -> copy(far, near, back));
        copy(near, far, there);
    }

    private void copy(Socket from, Socket to, Link link) {
        byte[] piece = new byte[PIECE_BYTES];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            int read = in.read(piece);
            while (read >= 0 && link.pass(() -> closed)) {
                out.write(piece, 0, read);
                read = in.read(piece);
            }
            if (link.pass(() -> closed)) {
                to.shutdownOutput();
            }
        } catch (IOException e) {
            // One side broke; a reset tells the other.
            reset();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            reset();
        }
        if (directions.decrementAndGet() == 0) {
            close();
        }
    }

    /** Ends it with a reset on both sides. */
    void reset() {
        lingerNot(near);
        lingerNot(far);
        close();
    }

    private static void lingerNot(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
        } catch (IOException e) {
            // Closed already.
        }
    }

    private synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        for (Socket socket : new Socket[] {near, far}) {
            try {
                socket.close();
            } catch (IOException e) {
                // A socket that cannot be closed is gone already.
            }
        }
        ended.run();
    }
}
