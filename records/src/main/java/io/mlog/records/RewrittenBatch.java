package io.mlog.records;

import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import java.nio.ByteBuffer;

/**
 * Builds what compaction leaves of a batch, one at a time, in memory it keeps for the next one. The
 * offsets of the records stay, and so do base offset, last offset, leader epoch, producer and
 * sequence, codec and timestamp type; the records' bytes are copied as they are. Not thread-safe.
 *
 * <p>A batch with tombstones can be given a delete horizon, the time from which they may go, in
 * Kafka's format: attribute bit 6 says that the base timestamp is the horizon, and the records'
 * timestamp deltas are made to fit.
 */
public final class RewrittenBatch {
    /** Most bytes that a batch may decompress to; more could not be held while it is rewritten. */
    public static final int MAX_DECOMPRESSED_BYTES = 64 << 20;

    private static final int KEEP_BYTES = 1 << 20;
    private static final int LOG_APPEND_TIME = 0x08;
    private static final int DELETE_HORIZON = 0x40;
    private static final int CODEC = 0x07;
    private static final long NO_TIMESTAMP = -1;

    private final GrowingBytes records = new GrowingBytes(64 << 10);
    private final GrowingBytes shifted = new GrowingBytes(BatchHeader.SIZE);
    private final GrowingBytes compressed = new GrowingBytes(BatchHeader.SIZE);
    private ByteBuffer original = ByteBuffer.allocate(0);
    private int at;
    private int kept;
    private long largestDelta;

    /**
     * Begins with the batch at index {@code newAt}, which must stay as it is until {@link #build}.
     */
    public void begin(ByteBuffer newOriginal, int newAt) {
        original = newOriginal;
        at = newAt;
        kept = 0;
        largestDelta = Long.MIN_VALUE;
        for (GrowingBytes bytes : new GrowingBytes[] {records, shifted, compressed}) {
            bytes.clear(KEEP_BYTES);
            bytes.reserve(BatchHeader.SIZE);
            bytes.size(BatchHeader.SIZE);
        }
    }

    /** Keeps the present record of the batch begun. */
    public void keep(RawRecords present) {
        ByteBuffer body = present.body();
        put(records, body.remaining(), body);
        largestDelta = Math.max(largestDelta, present.timestampDelta());
        kept++;
    }

    /** Records kept so far. */
    public int kept() {
        return kept;
    }

    /** The time from which a batch's tombstones may go, -1 when it has none. */
    public static long deleteHorizonMs(ByteBuffer buffer, int at) {
        return (BatchHeader.attributes(buffer, at) & DELETE_HORIZON) == 0
                ? -1
                : BatchHeader.baseTimestamp(buffer, at);
    }

    /**
     * What is left, at least one record.
     *
     * @return a whole batch between position and limit of a heap buffer; it belongs to this again
     *     at the next {@link #begin}
     */
    public ByteBuffer build() {
        return build(
                records, BatchHeader.baseTimestamp(original, at), attributes() & DELETE_HORIZON);
    }

    /**
     * The same with a delete horizon.
     *
     * @param deleteHorizonMs ms since the epoch
     */
    public ByteBuffer buildWithHorizon(long deleteHorizonMs) {
        long shift = BatchHeader.baseTimestamp(original, at) - deleteHorizonMs;
        ByteBuffer all = ByteBuffer.wrap(records.array(), 0, records.size());
        all.position(BatchHeader.SIZE);
        while (all.hasRemaining()) {
            int length = Varint.readInt(all);
            ByteBuffer body = all.slice(all.position(), length);
            all.position(all.position() + length);
            putShifted(body, shift);
        }
        return build(shifted, deleteHorizonMs, DELETE_HORIZON);
    }

    private void putShifted(ByteBuffer body, long shift) {
        byte attributes = body.get();
        long delta = Varint.readLong(body) + shift;
        int size = 1 + Varint.sizeBytes(delta) + body.remaining();
        shifted.reserve(Varint.sizeBytes(size) + size);
        int next = Varint.put(shifted.array(), shifted.size(), size);
        shifted.array()[next++] = attributes;
        next = Varint.put(shifted.array(), next, delta);
        int rest = body.remaining();
        body.get(shifted.array(), next, rest);
        shifted.size(next + rest);
    }

    private static void put(GrowingBytes to, int size, ByteBuffer body) {
        if ((long) to.size() + size > 2L * MAX_DECOMPRESSED_BYTES) {
            throw new MlogException(
                    ErrorCode.MESSAGE_TOO_LARGE,
                    "a record batch has more than " + MAX_DECOMPRESSED_BYTES + " bytes of records");
        }
        to.reserve(Varint.sizeBytes(size) + size);
        int next = Varint.put(to.array(), to.size(), size);
        body.get(body.position(), to.array(), next, size);
        to.size(next + size);
    }

    private ByteBuffer build(GrowingBytes plain, long baseTimestamp, int horizon) {
        if (kept == 0) {
            throw new IllegalStateException("a batch without a record");
        }
        Codec codec = Codec.of(attributes() & CODEC);
        GrowingBytes from = plain;
        if (codec != Codec.NONE) {
            Compressor.compress(
                    codec,
                    plain.array(),
                    BatchHeader.SIZE,
                    plain.size() - BatchHeader.SIZE,
                    compressed);
            if (compressed.size() < plain.size()) {
                from = compressed;
            } else {
                codec = Codec.NONE;
            }
        }
        boolean stamped = (attributes() & LOG_APPEND_TIME) != 0;
        long largest =
                stamped
                        ? BatchHeader.maxTimestamp(original, at)
                        : BatchHeader.baseTimestamp(original, at) + largestDelta;
        ByteBuffer batch = ByteBuffer.wrap(from.array(), 0, from.size());
        int rest = attributes() & ~(CODEC | DELETE_HORIZON);
        header(batch, (short) (rest | codec.id() | horizon), kept, baseTimestamp, largest);
        return batch;
    }

    private int attributes() {
        return BatchHeader.attributes(original, at);
    }

    /**
     * The batch begun without any record, for the sake of its producer's sequence.
     *
     * @return as {@link #build}
     */
    public ByteBuffer buildEmpty() {
        ByteBuffer batch = ByteBuffer.wrap(records.array(), 0, BatchHeader.SIZE);
        header(batch, (short) 0, 0, NO_TIMESTAMP, NO_TIMESTAMP);
        return batch;
    }

    private void header(
            ByteBuffer batch, short attributes, int count, long baseTimestamp, long largest) {
        int size = batch.limit();
        batch.putLong(0, BatchHeader.baseOffset(original, at))
                .putInt(8, size - BatchHeader.LOG_OVERHEAD)
                .putInt(12, BatchHeader.leaderEpoch(original, at))
                .put(16, BatchHeader.MAGIC)
                .putShort(21, attributes)
                .putInt(23, BatchHeader.lastOffsetDelta(original, at))
                .putLong(27, baseTimestamp)
                .putLong(35, largest)
                .putLong(43, BatchHeader.producerId(original, at))
                .putShort(51, BatchHeader.producerEpoch(original, at))
                .putInt(53, BatchHeader.baseSequence(original, at))
                .putInt(57, count);
        batch.putInt(17, (int) BatchCheck.checksum(batch, 0, size));
    }
}
