package io.mlog.records;

import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Walks the records of one batch without making objects of them: for who wants their keys, or their
 * bytes as they are. The batch's checksum is checked first; what a good checksum does not prove is
 * checked as far as it is read. Not thread-safe; close it unless it was walked to its end.
 */
public final class RawRecords implements AutoCloseable {
    private static final ByteBuffer NONE = ByteBuffer.allocate(0);

    private final RecordBodies bodies;
    private final long baseOffset;
    private final int lastOffsetDelta;
    private final int count;
    private int walked;
    private ByteBuffer body = NONE;
    private long timestampDelta;
    private int offsetDelta = -1;
    private @Nullable ByteBuffer key;
    private boolean hasValue;

    private RawRecords(ByteBuffer buffer, int at, RecordBodies bodies) {
        this.bodies = bodies;
        this.baseOffset = BatchHeader.baseOffset(buffer, at);
        this.lastOffsetDelta = BatchHeader.lastOffsetDelta(buffer, at);
        this.count = BatchHeader.recordCount(buffer, at);
    }

    /**
     * Opens the batch whose first byte is at index {@code at}.
     *
     * @param buffer stays as it is while this is in use
     * @param maxDecompressedBytes most bytes a compressed batch may decompress to
     * @throws MlogException as {@link RecordReader#open}
     */
    public static RawRecords open(ByteBuffer buffer, int at, int maxDecompressedBytes) {
        BatchState state = BatchCheck.whole(buffer, at);
        if (!state.isWhole()) {
            throw corrupt("the record batch at byte " + at + " is not one: " + state.describe());
        }
        return new RawRecords(buffer, at, RecordBodies.of(buffer, at, maxDecompressedBytes));
    }

    /**
     * Goes to the next record; false when there is none.
     *
     * @throws MlogException as {@link RecordReader#next}
     */
    public boolean next() {
        try {
            if (walked >= count) {
                return false;
            }
            parse(bodies.next());
            walked++;
            if (walked == count) {
                if (!bodies.atEnd()) {
                    throw new RecordFormatException("bytes follow it, and it should be the last");
                }
                bodies.close();
            }
            return true;
        } catch (RecordFormatException e) {
            throw corrupt(
                    "record "
                            + walked
                            + " of "
                            + count
                            + " in the batch with base offset "
                            + baseOffset
                            + " is not one: "
                            + e.getMessage());
        }
    }

    private void parse(ByteBuffer next) {
        ByteBuffer at = next.duplicate();
        if (!at.hasRemaining()) {
            throw new RecordFormatException("its length is 0");
        }
        at.get();
        timestampDelta = Varint.readLong(at);
        int delta = Varint.readInt(at);
        if (delta <= offsetDelta || delta > lastOffsetDelta) {
            throw new RecordFormatException(
                    "its offset delta is "
                            + delta
                            + " after "
                            + offsetDelta
                            + ", the last of the batch is "
                            + lastOffsetDelta);
        }
        offsetDelta = delta;
        key = bytes(at, "key");
        hasValue = bytes(at, "value") != null;
        body = next;
    }

    private static @Nullable ByteBuffer bytes(ByteBuffer at, String field) {
        int length = Varint.readInt(at);
        if (length < 0) {
            return null;
        }
        if (length > at.remaining()) {
            throw new RecordFormatException(
                    "its "
                            + field
                            + " has length "
                            + length
                            + " where "
                            + at.remaining()
                            + " bytes are left");
        }
        ByteBuffer view = at.slice(at.position(), length);
        at.position(at.position() + length);
        return view;
    }

    /** How many records the batch has. */
    public int count() {
        return count;
    }

    /** Offset of the present record. */
    public long offset() {
        return baseOffset + offsetDelta;
    }

    /** Key of the present record, null when it has none; good until the next step. */
    public @Nullable ByteBuffer key() {
        return key;
    }

    /** Whether the present record has a value; one without is a tombstone. */
    public boolean hasValue() {
        return hasValue;
    }

    /** The present record's time, in ms after the batch's base timestamp. */
    long timestampDelta() {
        return timestampDelta;
    }

    /** The present record from its attributes on, without its length; good until the next step. */
    ByteBuffer body() {
        return body;
    }

    /** Gives the decompressor's memory back; again does nothing. */
    @Override
    public void close() {
        bodies.close();
    }

    private static MlogException corrupt(String message) {
        return new MlogException(ErrorCode.CORRUPT_MESSAGE, message);
    }
}
