package io.mlog.records;

import java.nio.ByteBuffer;

/**
 * A batch without records and without a producer that stands for offsets whose records compaction
 * took away, so that batches go on following each other without a gap (decision 30). No state: any
 * thread.
 */
public final class GapBatch {
    private static final long NO_TIMESTAMP = -1;

    private GapBatch() {}

    /**
     * Writes one at index {@code at}, {@link BatchHeader#SIZE} bytes.
     *
     * @param offsets how many it stands for, at least 1
     */
    public static void put(
            ByteBuffer target, int at, long baseOffset, int offsets, int leaderEpoch) {
        target.putLong(at, baseOffset)
                .putInt(at + 8, BatchHeader.SIZE - BatchHeader.LOG_OVERHEAD)
                .putInt(at + 12, leaderEpoch)
                .put(at + 16, BatchHeader.MAGIC)
                .putShort(at + 21, (short) 0)
                .putInt(at + 23, offsets - 1)
                .putLong(at + 27, NO_TIMESTAMP)
                .putLong(at + 35, NO_TIMESTAMP)
                .putLong(at + 43, BatchHeader.NO_PRODUCER_ID)
                .putShort(at + 51, (short) -1)
                .putInt(at + 53, -1)
                .putInt(at + 57, 0);
        target.putInt(at + 17, (int) BatchCheck.checksum(target, at, BatchHeader.SIZE));
    }

    /** Whether the batch at index {@code at} is one. */
    public static boolean is(ByteBuffer buffer, int at) {
        return BatchHeader.recordCount(buffer, at) == 0
                && BatchHeader.producerId(buffer, at) == BatchHeader.NO_PRODUCER_ID
                && !BatchHeader.control(buffer, at);
    }

    /** Lets the batch at index {@code at} begin at {@code offset}, when it is one that holds it. */
    static void beginAt(ByteBuffer batches, int at, long offset) {
        long base = BatchHeader.baseOffset(batches, at);
        long last = BatchHeader.lastOffset(batches, at);
        if (is(batches, at) && base < offset && offset <= last) {
            int offsets = (int) (last - offset + 1);
            put(batches, at, offset, offsets, BatchHeader.leaderEpoch(batches, at));
        }
    }
}
