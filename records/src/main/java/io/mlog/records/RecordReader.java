package io.mlog.records;

import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * Reads the records of one batch, in order and only as far as it is asked. The checksum is checked
 * first, so that damaged bytes are refused and never read as records; what a good checksum does not
 * prove (a producer's mistake inside the batch) is checked on the way.
 *
 * <p>Key, value and header values of what it returns are views: see {@link LogRecord}. Records of
 * control batches are returned as they are; the caller skips such batches. Not thread-safe; close
 * it unless it was read to its end.
 */
public final class RecordReader implements Iterator<LogRecord>, AutoCloseable {
    private final RecordBodies bodies;
    private final long baseOffset;
    private final int count;
    private final long baseTimestampMs;
    private final int lastOffsetDelta;
    private final boolean logAppendTime;
    private final long maxTimestampMs;
    private int read;
    private int previousDelta = -1;
    private @Nullable ByteBuffer peeked;

    private RecordReader(ByteBuffer buffer, int at, RecordBodies bodies) {
        this.bodies = bodies;
        this.baseOffset = BatchHeader.baseOffset(buffer, at);
        this.count = BatchHeader.recordCount(buffer, at);
        this.baseTimestampMs = BatchHeader.baseTimestamp(buffer, at);
        this.lastOffsetDelta = BatchHeader.lastOffsetDelta(buffer, at);
        this.logAppendTime = BatchHeader.logAppendTime(buffer, at);
        this.maxTimestampMs = BatchHeader.maxTimestamp(buffer, at);
    }

    /**
     * Opens the batch whose first byte is at index {@code at}.
     *
     * @param buffer neither its position nor its bytes are changed; must stay as it is while
     *     records are in use
     * @param maxDecompressedBytes most bytes a compressed batch may decompress to; nothing beyond
     *     is read
     * @throws MlogException CORRUPT_MESSAGE when there is no whole batch with a good checksum,
     *     UNSUPPORTED_COMPRESSION_TYPE when its codec cannot be loaded
     */
    public static RecordReader open(ByteBuffer buffer, int at, int maxDecompressedBytes) {
        BatchState state = BatchCheck.whole(buffer, at);
        if (!state.isWhole()) {
            throw corrupt("the record batch at byte " + at + " is not one: " + state.describe());
        }
        return new RecordReader(buffer, at, RecordBodies.of(buffer, at, maxDecompressedBytes));
    }

    @Override
    public boolean hasNext() {
        return read < count;
    }

    /**
     * The next record.
     *
     * @throws MlogException CORRUPT_MESSAGE when the bytes are not what the header says,
     *     MESSAGE_TOO_LARGE when they decompress to more than the bound
     */
    @Override
    public LogRecord next() {
        if (!hasNext()) {
            throw new NoSuchElementException("all " + count + " records have been read");
        }
        try {
            ByteBuffer body = peeked == null ? bodies.next() : peeked;
            peeked = null;
            LogRecord parsed = parse(body);
            passed((int) (parsed.offset() - baseOffset));
            return parsed;
        } catch (RecordFormatException e) {
            throw corruptRecord(e);
        }
    }

    /**
     * Passes by the records below {@code offset} without making objects of them.
     *
     * @throws MlogException as {@link #next}
     */
    public void skipTo(long offset) {
        try {
            while (hasNext()) {
                int delta = peekedDelta();
                if (baseOffset + delta >= offset) {
                    return;
                }
                peeked = null;
                passed(delta);
            }
        } catch (RecordFormatException e) {
            throw corruptRecord(e);
        }
    }

    /** Gives the decompressor's memory back; again does nothing. */
    @Override
    public void close() {
        bodies.close();
    }

    private int peekedDelta() {
        if (peeked == null) {
            peeked = bodies.next();
        }
        ByteBuffer body = peeked.duplicate();
        attributes(body);
        Varint.readLong(body);
        return Varint.readInt(body);
    }

    /** Deltas rise, with gaps where compaction took records out, and end within the batch. */
    private void passed(int delta) {
        if (delta <= previousDelta || delta > lastOffsetDelta) {
            throw new RecordFormatException(
                    "its offset delta is "
                            + delta
                            + " after "
                            + previousDelta
                            + ", the last of the batch is "
                            + lastOffsetDelta);
        }
        boolean last = read + 1 == count;
        if (last && !bodies.atEnd()) {
            throw new RecordFormatException("bytes follow it, and it should be the last");
        }
        previousDelta = delta;
        read++;
        if (last) {
            bodies.close();
        }
    }

    private LogRecord parse(ByteBuffer body) {
        attributes(body);
        long timestampDelta = Varint.readLong(body);
        int offsetDelta = Varint.readInt(body);
        ByteBuffer key = bytes(body, "key");
        ByteBuffer value = bytes(body, "value");
        List<RecordHeader> headers = headers(body);
        if (body.hasRemaining()) {
            throw new RecordFormatException(
                    body.remaining() + " bytes follow its headers inside its length");
        }
        return new LogRecord(
                baseOffset + offsetDelta,
                logAppendTime ? maxTimestampMs : baseTimestampMs + timestampDelta,
                key,
                value,
                headers);
    }

    /** The attributes of a record mean nothing today. */
    private static void attributes(ByteBuffer body) {
        if (!body.hasRemaining()) {
            throw new RecordFormatException("its length is 0");
        }
        body.get();
    }

    private static @Nullable ByteBuffer bytes(ByteBuffer body, String field) {
        int length = Varint.readInt(body);
        if (length < 0) {
            return null;
        }
        if (length > body.remaining()) {
            throw new RecordFormatException(
                    "its "
                            + field
                            + " has length "
                            + length
                            + " where "
                            + body.remaining()
                            + " bytes are left");
        }
        ByteBuffer view = body.slice(body.position(), length);
        body.position(body.position() + length);
        return view;
    }

    private static List<RecordHeader> headers(ByteBuffer body) {
        int headerCount = Varint.readInt(body);
        if (headerCount == 0) {
            return List.of();
        }
        if (headerCount < 0 || headerCount > body.remaining() / 2) {
            throw new RecordFormatException(
                    "it says it has " + headerCount + " headers in " + body.remaining() + " bytes");
        }
        List<RecordHeader> headers = new ArrayList<>(headerCount);
        for (int i = 0; i < headerCount; i++) {
            ByteBuffer key = bytes(body, "header key");
            if (key == null) {
                throw new RecordFormatException("header " + i + " has no key");
            }
            headers.add(
                    new RecordHeader(
                            StandardCharsets.UTF_8.decode(key).toString(),
                            bytes(body, "header value")));
        }
        return headers;
    }

    private MlogException corruptRecord(RecordFormatException e) {
        return corrupt(
                "record "
                        + read
                        + " of "
                        + count
                        + " in the batch with base offset "
                        + baseOffset
                        + " is not one: "
                        + e.getMessage());
    }

    private static MlogException corrupt(String message) {
        return new MlogException(ErrorCode.CORRUPT_MESSAGE, message);
    }
}
