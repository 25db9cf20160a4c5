package io.mlog.records;

import io.mlog.model.MlogException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Builds one record batch at a time, in memory it keeps for the next one.
 *
 * <p>The bound is on the bytes before compression: {@link #append} returns false, and changes
 * nothing, when a record does not fit any more. Compression never makes the batch larger than that:
 * records that do not shrink are stored as they are. Not thread-safe.
 */
public final class RecordBatchBuilder {
    /** Memory up to this size is kept for the next batch. */
    private static final int KEEP_BYTES = 1 << 20;

    private static final int NO_BYTES_LENGTH = -1;
    private static final long NO_TIMESTAMP = -1;
    private static final byte[][] NO_KEYS = new byte[0][];

    private final int maxBytes;
    private final GrowingBytes records;
    private final GrowingBytes compressed;
    private Codec codec = Codec.NONE;
    private long producerId = BatchHeader.NO_PRODUCER_ID;
    private short producerEpoch = -1;
    private int baseSequence = -1;
    private int count;
    private long baseTimestampMs = NO_TIMESTAMP;
    private long maxTimestampMs = NO_TIMESTAMP;

    /**
     * @param initialBytes memory to begin with, at least {@link BatchHeader#SIZE}
     * @param maxBytes most bytes of a batch, header included, before compression; at least {@code
     *     initialBytes} and at most 1 GiB
     */
    public RecordBatchBuilder(int initialBytes, int maxBytes) {
        if (initialBytes < BatchHeader.SIZE || maxBytes < initialBytes || maxBytes > 1 << 30) {
            throw new IllegalArgumentException(
                    "no such sizes: initialBytes " + initialBytes + ", maxBytes " + maxBytes);
        }
        this.maxBytes = maxBytes;
        this.records = new GrowingBytes(initialBytes);
        this.compressed = new GrowingBytes(BatchHeader.SIZE);
        reset(Codec.NONE);
    }

    /** Forgets everything and begins a batch without a producer id. */
    public void reset(Codec newCodec) {
        codec = newCodec;
        producerId = BatchHeader.NO_PRODUCER_ID;
        producerEpoch = -1;
        baseSequence = -1;
        count = 0;
        baseTimestampMs = NO_TIMESTAMP;
        maxTimestampMs = NO_TIMESTAMP;
        records.clear(KEEP_BYTES);
        records.size(BatchHeader.SIZE);
        compressed.clear(KEEP_BYTES);
    }

    /** Names the idempotent producer of this batch; until the next reset. */
    public void producer(long id, short epoch, int newBaseSequence) {
        if (id < 0 || epoch < 0 || newBaseSequence < 0) {
            throw new IllegalArgumentException(
                    "no such producer: id "
                            + id
                            + ", epoch "
                            + epoch
                            + ", base sequence "
                            + newBaseSequence);
        }
        producerId = id;
        producerEpoch = epoch;
        baseSequence = newBaseSequence;
    }

    /** Records appended since the last reset. */
    public int count() {
        return count;
    }

    /** Bytes of the batch so far, header included, before compression. */
    public int sizeBytes() {
        return records.size();
    }

    /**
     * Appends a record.
     *
     * @param timestampMs ms since the epoch, or -1 for none
     * @param key bytes between position and limit, or null; position and limit stay
     * @param value as key
     * @return whether it fitted; when not, nothing changed
     */
    public boolean append(
            long timestampMs,
            @Nullable ByteBuffer key,
            @Nullable ByteBuffer value,
            List<RecordHeader> headers) {
        long timestampDelta = timestampDelta(timestampMs);
        long bodyBytes =
                fixedBytes(timestampDelta)
                        + (long) sizeOf(key)
                        + sizeOf(value)
                        + Varint.sizeBytes(headers.size());
        byte[][] headerKeys = headers.isEmpty() ? NO_KEYS : new byte[headers.size()][];
        for (int i = 0; i < headerKeys.length; i++) {
            headerKeys[i] = headers.get(i).key().getBytes(StandardCharsets.UTF_8);
            bodyBytes +=
                    Varint.sizeBytes(headerKeys[i].length)
                            + (long) headerKeys[i].length
                            + sizeOf(headers.get(i).value());
        }
        if (!fits(bodyBytes)) {
            return false;
        }
        int at = begin((int) bodyBytes, timestampDelta);
        at = put(at, key);
        at = put(at, value);
        at = Varint.put(records.array(), at, headers.size());
        for (int i = 0; i < headerKeys.length; i++) {
            at = put(at, headerKeys[i], 0, headerKeys[i].length);
            at = put(at, headers.get(i).value());
        }
        end(at, timestampMs);
        return true;
    }

    /**
     * Appends a record that has only a value, without allocating anything but room.
     *
     * @param timestampMs ms since the epoch, or -1 for none
     * @return whether it fitted; when not, nothing changed
     */
    public boolean appendValue(long timestampMs, byte[] bytes, int offset, int length) {
        long timestampDelta = timestampDelta(timestampMs);
        long bodyBytes = fixedBytes(timestampDelta) + 2L + Varint.sizeBytes(length) + length;
        if (!fits(bodyBytes)) {
            return false;
        }
        int at = begin((int) bodyBytes, timestampDelta);
        at = Varint.put(records.array(), at, NO_BYTES_LENGTH);
        at = put(at, bytes, offset, length);
        at = Varint.put(records.array(), at, 0);
        end(at, timestampMs);
        return true;
    }

    /**
     * Finishes the batch: base offset 0, leader epoch -1.
     *
     * @return the whole batch between position and limit of a heap buffer, writable; it belongs to
     *     this builder again at the next {@link #reset}
     * @throws IllegalStateException when nothing was appended
     * @throws MlogException UNSUPPORTED_COMPRESSION_TYPE when the codec's library cannot be loaded
     */
    public ByteBuffer build() {
        if (count == 0) {
            throw new IllegalStateException("a batch without a record");
        }
        GrowingBytes from = records;
        Codec used = Codec.NONE;
        if (codec != Codec.NONE) {
            compressed.size(0);
            compressed.reserve(BatchHeader.SIZE);
            compressed.size(BatchHeader.SIZE);
            int length = records.size() - BatchHeader.SIZE;
            Compressor.compress(codec, records.array(), BatchHeader.SIZE, length, compressed);
            if (compressed.size() < records.size()) {
                from = compressed;
                used = codec;
            }
        }
        ByteBuffer batch = ByteBuffer.wrap(from.array(), 0, from.size());
        writeHeader(batch, used);
        return batch;
    }

    private void writeHeader(ByteBuffer batch, Codec used) {
        int size = batch.limit();
        batch.putLong(0, 0)
                .putInt(8, size - BatchHeader.LOG_OVERHEAD)
                .putInt(12, -1)
                .put(16, BatchHeader.MAGIC)
                .putShort(21, (short) used.id())
                .putInt(23, count - 1)
                .putLong(27, baseTimestampMs)
                .putLong(35, maxTimestampMs)
                .putLong(43, producerId)
                .putShort(51, producerEpoch)
                .putInt(53, baseSequence)
                .putInt(57, count);
        batch.putInt(17, (int) BatchCheck.checksum(batch, 0, size));
    }

    private long timestampDelta(long timestampMs) {
        if (timestampMs < NO_TIMESTAMP) {
            throw new IllegalArgumentException("timestamp " + timestampMs + " is negative");
        }
        return count == 0 ? 0 : timestampMs - baseTimestampMs;
    }

    /** Attributes, timestamp delta and offset delta. */
    private int fixedBytes(long timestampDelta) {
        return 1 + Varint.sizeBytes(timestampDelta) + Varint.sizeBytes(count);
    }

    private boolean fits(long bodyBytes) {
        return bodyBytes <= maxBytes
                && records.size() + Varint.sizeBytes((int) bodyBytes) + bodyBytes <= maxBytes;
    }

    /** Makes room and writes what every record begins with; returns where the key goes. */
    private int begin(int bodyBytes, long timestampDelta) {
        records.reserve(Varint.sizeBytes(bodyBytes) + bodyBytes);
        byte[] array = records.array();
        int at = Varint.put(array, records.size(), bodyBytes);
        array[at++] = 0;
        at = Varint.put(array, at, timestampDelta);
        return Varint.put(array, at, count);
    }

    private void end(int at, long timestampMs) {
        records.size(at);
        if (count == 0) {
            baseTimestampMs = timestampMs;
        }
        maxTimestampMs = Math.max(maxTimestampMs, timestampMs);
        count++;
    }

    private static int sizeOf(@Nullable ByteBuffer bytes) {
        return bytes == null ? 1 : Varint.sizeBytes(bytes.remaining()) + bytes.remaining();
    }

    private int put(int at, @Nullable ByteBuffer bytes) {
        if (bytes == null) {
            return Varint.put(records.array(), at, NO_BYTES_LENGTH);
        }
        int length = bytes.remaining();
        int from = Varint.put(records.array(), at, length);
        bytes.get(bytes.position(), records.array(), from, length);
        return from + length;
    }

    private int put(int at, byte[] bytes, int offset, int length) {
        int from = Varint.put(records.array(), at, length);
        System.arraycopy(bytes, offset, records.array(), from, length);
        return from + length;
    }
}
