package io.mlog.storage;

import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import io.mlog.model.TopicPartition;
import io.mlog.records.BatchHeader;
import java.nio.ByteBuffer;

/** Batches that come from a leader's log with their offsets and epochs, about to be appended. */
final class CopiedBatches {
    private CopiedBatches() {}

    /**
     * Refuses what does not continue the log: cut batches, offsets that do not follow its end,
     * epochs below its latest.
     */
    static void check(ByteBuffer batches, TopicPartition target, long endOffset, int latestEpoch) {
        BatchRun.of(batches, target);
        long offset = endOffset;
        int epoch = latestEpoch;
        for (int at = batches.position();
                at < batches.limit();
                at += BatchHeader.sizeBytes(batches, at)) {
            long base = BatchHeader.baseOffset(batches, at);
            int own = BatchHeader.leaderEpoch(batches, at);
            if (base != offset || own < epoch) {
                throw new MlogException(
                        ErrorCode.CORRUPT_MESSAGE,
                        "a batch copied to %s begins at offset %d in leader epoch %d and does not continue a log that ends at %d in epoch %d"
                                .formatted(target, base, own, offset, epoch));
            }
            offset = BatchHeader.lastOffset(batches, at) + 1;
            epoch = own;
        }
    }

    /** Where the batches end that still fit into {@code segment}; at least one does. */
    static int fitting(ByteBuffer batches, Segment segment, int segmentBytes) {
        int first = batches.position();
        long room = segmentBytes - (long) segment.end().position();
        int to = first + BatchHeader.sizeBytes(batches, first);
        while (to < batches.limit()) {
            int next = to + BatchHeader.sizeBytes(batches, to);
            long relative = BatchHeader.lastOffset(batches, to) + 1 - segment.baseOffset();
            if (next - first > room || relative > Integer.MAX_VALUE) {
                return to;
            }
            to = next;
        }
        return to;
    }

    /** With the epochs that begin in the batches. */
    static LeaderEpochs epochs(LeaderEpochs before, ByteBuffer batches) {
        LeaderEpochs epochs = before;
        for (int at = batches.position();
                at < batches.limit();
                at += BatchHeader.sizeBytes(batches, at)) {
            epochs =
                    epochs.with(
                            BatchHeader.leaderEpoch(batches, at),
                            BatchHeader.baseOffset(batches, at));
        }
        return epochs;
    }
}
