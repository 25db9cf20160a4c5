package io.mlog.records;

import java.nio.ByteBuffer;

/**
 * Reads and patches the fixed header of a record batch v2 at a position of a buffer, without
 * allocating. Nothing here checks: whoever takes bytes from outside calls {@link BatchCheck} first.
 *
 * <p>The layout (big-endian), from Kafka's "Record Batch" format, magic 2:
 *
 * <pre>
 * offset size field
 *      0    8 base offset               outside the checksum: assigned by the leader in place
 *      8    4 batch length              bytes after this field: whole size is length + 12
 *     12    4 partition leader epoch    outside the checksum: assigned by the leader in place
 *     16    1 magic                     2
 *     17    4 CRC-32C                   of everything from offset 21 to the end of the batch
 *     21    2 attributes                bits 0-2 codec, 3 log-append time, 4 transactional, 5 control,
 *                                       6 delete horizon
 *     23    4 last offset delta
 *     27    8 base timestamp            ms since the epoch (or the delete horizon, with bit 6)
 *     35    8 max timestamp             ms since the epoch
 *     43    8 producer id               -1: none
 *     51    2 producer epoch            -1: none
 *     53    4 base sequence             -1: none
 *     57    4 record count
 *     61    - records, compressed as one block when a codec is set
 * </pre>
 */
public final class BatchHeader {
    /** Size of the header, in bytes. */
    public static final int SIZE = 61;

    /**
     * Bytes before the part that {@link #batchLength} counts: base offset and the length itself.
     */
    public static final int LOG_OVERHEAD = 12;

    /** Where the checksummed part starts, in bytes from the start of the batch. */
    public static final int CRC_START = 21;

    /** The magic byte of this format. */
    public static final byte MAGIC = 2;

    /** Producer id of a batch whose producer is not idempotent. */
    public static final long NO_PRODUCER_ID = -1;

    private BatchHeader() {}

    public static long baseOffset(ByteBuffer buffer, int at) {
        return buffer.getLong(at);
    }

    public static int batchLength(ByteBuffer buffer, int at) {
        return buffer.getInt(at + 8);
    }

    /**
     * The whole batch's size in bytes, header included; may overflow when the length is corrupt.
     */
    public static int sizeBytes(ByteBuffer buffer, int at) {
        return batchLength(buffer, at) + LOG_OVERHEAD;
    }

    public static int leaderEpoch(ByteBuffer buffer, int at) {
        return buffer.getInt(at + 12);
    }

    public static byte magic(ByteBuffer buffer, int at) {
        return buffer.get(at + 16);
    }

    /** The stored checksum as an unsigned 32-bit number. */
    public static long crc(ByteBuffer buffer, int at) {
        return buffer.getInt(at + 17) & 0xFFFF_FFFFL;
    }

    public static short attributes(ByteBuffer buffer, int at) {
        return buffer.getShort(at + 21);
    }

    /** The codec's number: 0 none, 1 gzip, 2 snappy, 3 lz4, 4 zstd. */
    public static int codecId(ByteBuffer buffer, int at) {
        return attributes(buffer, at) & 0x07;
    }

    public static boolean logAppendTime(ByteBuffer buffer, int at) {
        return (attributes(buffer, at) & 0x08) != 0;
    }

    public static boolean transactional(ByteBuffer buffer, int at) {
        return (attributes(buffer, at) & 0x10) != 0;
    }

    public static boolean control(ByteBuffer buffer, int at) {
        return (attributes(buffer, at) & 0x20) != 0;
    }

    public static int lastOffsetDelta(ByteBuffer buffer, int at) {
        return buffer.getInt(at + 23);
    }

    public static long lastOffset(ByteBuffer buffer, int at) {
        return baseOffset(buffer, at) + lastOffsetDelta(buffer, at);
    }

    /** Milliseconds since the epoch. */
    public static long baseTimestamp(ByteBuffer buffer, int at) {
        return buffer.getLong(at + 27);
    }

    /** Milliseconds since the epoch. */
    public static long maxTimestamp(ByteBuffer buffer, int at) {
        return buffer.getLong(at + 35);
    }

    public static long producerId(ByteBuffer buffer, int at) {
        return buffer.getLong(at + 43);
    }

    public static short producerEpoch(ByteBuffer buffer, int at) {
        return buffer.getShort(at + 51);
    }

    public static int baseSequence(ByteBuffer buffer, int at) {
        return buffer.getInt(at + 53);
    }

    public static int recordCount(ByteBuffer buffer, int at) {
        return buffer.getInt(at + 57);
    }

    /** Writes base offset and leader epoch in place; both lie outside the checksum. */
    public static void assign(ByteBuffer buffer, int at, long baseOffset, int leaderEpoch) {
        buffer.putLong(at, baseOffset);
        buffer.putInt(at + 12, leaderEpoch);
    }
}
