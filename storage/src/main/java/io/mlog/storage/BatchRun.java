package io.mlog.storage;

import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import io.mlog.model.TopicPartition;
import io.mlog.records.BatchHeader;
import java.nio.ByteBuffer;

/**
 * Whole batches in a buffer, about to be appended.
 *
 * @param sizeBytes of all
 * @param offsets how many they take
 */
record BatchRun(int sizeBytes, long offsets) {
    /** Looks at the sizes again, since a wrong one would make the rest of the log unreadable. */
    static BatchRun of(ByteBuffer batches, TopicPartition target) {
        long offsets = 0;
        int at = batches.position();
        while (at < batches.limit()) {
            int left = batches.limit() - at;
            boolean whole =
                    left >= BatchHeader.SIZE
                            && BatchHeader.batchLength(batches, at)
                                    >= BatchHeader.SIZE - BatchHeader.LOG_OVERHEAD
                            && BatchHeader.batchLength(batches, at)
                                    <= left - BatchHeader.LOG_OVERHEAD
                            && BatchHeader.lastOffsetDelta(batches, at) >= 0
                            && BatchHeader.magic(batches, at) == BatchHeader.MAGIC;
            if (!whole) {
                throw new MlogException(
                        ErrorCode.CORRUPT_MESSAGE,
                        "records for "
                                + target
                                + " are no whole batches: none begins at byte "
                                + (at - batches.position())
                                + " of "
                                + batches.remaining());
            }
            offsets += BatchHeader.lastOffsetDelta(batches, at) + 1L;
            at += BatchHeader.sizeBytes(batches, at);
        }
        if (offsets == 0) {
            throw new MlogException(
                    ErrorCode.CORRUPT_MESSAGE, "there are no records for " + target);
        }
        return new BatchRun(batches.remaining(), offsets);
    }

    /** Gives the batches their offsets and their epoch, in place. */
    void assign(ByteBuffer batches, long baseOffset, int leaderEpoch) {
        long next = baseOffset;
        for (int at = batches.position(); at < batches.limit(); ) {
            BatchHeader.assign(batches, at, next, leaderEpoch);
            next += BatchHeader.lastOffsetDelta(batches, at) + 1L;
            at += BatchHeader.sizeBytes(batches, at);
        }
    }
}
