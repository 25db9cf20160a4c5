package io.mlog.records;

import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The records of a compressed batch, decompressed as far as they are asked for and never beyond a
 * bound: a small batch can decompress to gigabytes. Memory follows the bytes that really come out,
 * not the lengths they claim.
 */
final class StreamedRecords implements RecordBodies {
    private static final int WINDOW_BYTES = 8 * 1024;
    private static final int MOST_VARINT_BYTES = 5;

    private final InputStream stream;
    private final int maxBytes;
    private final byte[] window = new byte[WINDOW_BYTES];
    private int at;
    private int filled;
    private long total;

    /**
     * @param stream the decompressed bytes; owned from here on
     * @param maxBytes most bytes that may come out of it
     */
    StreamedRecords(InputStream stream, int maxBytes) {
        this.stream = stream;
        this.maxBytes = maxBytes;
    }

    @Override
    public ByteBuffer next() {
        int there = available(MOST_VARINT_BYTES); // moves what is left to the window's start
        ByteBuffer varint = ByteBuffer.wrap(window, at, there);
        int length = Varint.readInt(varint);
        at = varint.position();
        if (length < 0) {
            throw new RecordFormatException("its length is " + length);
        }
        if (total - (filled - at) + length > maxBytes) {
            throw tooLarge();
        }
        return ByteBuffer.wrap(take(length));
    }

    @Override
    public boolean atEnd() {
        return available(1) == 0;
    }

    @Override
    public void close() {
        try {
            stream.close();
        } catch (IOException e) {
            throw new IllegalStateException("closing a stream in memory cannot fail", e);
        }
    }

    /** Copies the next {@code length} bytes out, in steps while they are more than the window. */
    private byte[] take(int length) {
        byte[] taken = new byte[Math.min(length, WINDOW_BYTES)];
        int copied = 0;
        while (copied < length) {
            if (available(1) == 0) {
                throw new RecordFormatException(
                        "its length is " + length + " where " + copied + " bytes are left");
            }
            int count = Math.min(length - copied, filled - at);
            if (copied + count > taken.length) {
                long doubled = Math.max(2L * taken.length, copied + (long) count);
                taken = Arrays.copyOf(taken, (int) Math.min(length, doubled));
            }
            System.arraycopy(window, at, taken, copied, count);
            at += count;
            copied += count;
        }
        return taken;
    }

    /**
     * Fills the window until it has {@code wanted} unread bytes or the stream ends; returns how
     * many of those it has.
     */
    private int available(int wanted) {
        while (filled - at < wanted) {
            if (at > 0) {
                System.arraycopy(window, at, window, 0, filled - at);
                filled -= at;
                at = 0;
            }
            int count = read();
            if (count < 0) {
                break;
            }
            filled += count;
            total += count;
            if (total > maxBytes) {
                throw tooLarge();
            }
        }
        return Math.min(wanted, filled - at);
    }

    private int read() {
        try {
            return stream.read(window, filled, WINDOW_BYTES - filled);
        } catch (MlogException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            // The libraries report bad data with exceptions of both kinds.
            throw new RecordFormatException("its bytes cannot be decompressed: " + e);
        }
    }

    private MlogException tooLarge() {
        return new MlogException(
                ErrorCode.MESSAGE_TOO_LARGE,
                "the record batch decompresses to more than the "
                        + maxBytes
                        + " bytes that are read; read it with a client that decompresses itself");
    }
}
