package io.mlog.records;

import java.nio.ByteBuffer;
import java.util.OptionalLong;

/**
 * How much of what a leader sent continues a follower's log: the batches up to the first that is
 * not whole, has a bad checksum, does not begin where the one before ended, or is of a leader epoch
 * that it cannot have.
 *
 * @param end index behind the last good batch
 * @param problem what is wrong with the one behind it; empty when nothing is, or when it is only
 *     cut short by the end of the bytes
 */
public record CopiedRun(int end, String problem) {
    /**
     * Looks at the batches from position to limit; changes neither. A leader that has compacted its
     * log may send a {@link GapBatch} that begins below where this log ends: it is made to begin
     * there, in place.
     *
     * @param endOffset where the follower's log ends
     * @param latestEpoch leader epoch of its last record, -1 when it has none
     * @param askedEpoch the leadership that was asked: no batch is of a later one
     */
    public static CopiedRun check(
            ByteBuffer batches, long endOffset, int latestEpoch, int askedEpoch) {
        int at = batches.position();
        long offset = endOffset;
        int epoch = latestEpoch;
        while (at < batches.limit()) {
            BatchState state = BatchCheck.whole(batches, at);
            if (state instanceof BatchState.Truncated && at > batches.position()) {
                break;
            }
            if (!state.isWhole()) {
                return new CopiedRun(at, "a batch for offset " + offset + ": " + state.describe());
            }
            if (at == batches.position()) {
                GapBatch.beginAt(batches, at, endOffset);
            }
            int own = BatchHeader.leaderEpoch(batches, at);
            long base = BatchHeader.baseOffset(batches, at);
            int lastDelta = BatchHeader.lastOffsetDelta(batches, at);
            if (base != offset || own < epoch || own > askedEpoch || lastDelta < 0) {
                return new CopiedRun(
                        at,
                        "a batch at offset %d with last offset delta %d of leader epoch %d, where offset %d of an epoch from %d to %d follows"
                                .formatted(base, lastDelta, own, offset, epoch, askedEpoch));
            }
            offset = base + lastDelta + 1;
            epoch = own;
            at += BatchHeader.sizeBytes(batches, at);
        }
        return new CopiedRun(at, "");
    }

    /**
     * Where the first batch begins, when it is whole and holds {@code offset}, but begins below: so
     * it is when the leader has deleted the records below {@code offset}, and not all of the batch.
     */
    public static OptionalLong beginsBelow(ByteBuffer batches, long offset) {
        int at = batches.position();
        if (!BatchCheck.whole(batches, at).isWhole()) {
            return OptionalLong.empty();
        }
        long base = BatchHeader.baseOffset(batches, at);
        return base < offset && offset <= BatchHeader.lastOffset(batches, at)
                ? OptionalLong.of(base)
                : OptionalLong.empty();
    }

    /** Whether something was wrong. */
    public boolean isRefused() {
        return !problem.isEmpty();
    }
}
