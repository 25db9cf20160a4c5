package io.mlog.cluster.gossip.wire;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.concurrent.TimeUnit;

/**
 * What a socket receives, until a deadline: a peer that sends a byte now and then does not extend
 * it. For the one thread that reads.
 */
final class TimedInput extends InputStream {
    private static final String TOO_LATE = "it said nothing in time";

    private final Socket socket;
    private final InputStream in;
    private long deadlineNanos;

    /**
     * @param ms the first deadline, from now
     */
    TimedInput(Socket socket, long ms) throws IOException {
        this.socket = socket;
        this.in = socket.getInputStream();
        expectWithin(ms);
    }

    /** Moves the deadline to that time from now. */
    void expectWithin(long ms) {
        deadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ms);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        long leftMs = TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime());
        if (leftMs <= 0) {
            throw new SocketTimeoutException(TOO_LATE);
        }
        socket.setSoTimeout((int) leftMs);
        try {
            return in.read(bytes, offset, length);
        } catch (SocketTimeoutException e) {
            throw new SocketTimeoutException(TOO_LATE);
        }
    }
}
