package io.mlog.storage;

import io.mlog.records.BatchHeader;
import io.mlog.records.GapBatch;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Writes the batches that a compaction leaves into a new segment, and a {@link GapBatch} for each
 * run of offsets of one leader epoch that it leaves out, so that no offset is missing. One thread;
 * blocks.
 */
final class CompactedBatches {
    private final Segment target;
    private final ByteBuffer output;
    private final CompactionMeter meter;
    private final long nowMs;
    private long gapBase;
    private long gapEnd;
    private int gapEpoch;

    /**
     * @param target new and empty
     */
    CompactedBatches(Segment target, CompactionMemory memory, CompactionMeter meter, long nowMs) {
        this.target = target;
        this.output = memory.output().clear();
        this.meter = meter;
        this.nowMs = nowMs;
    }

    /** The batch stays, as it is in the buffer from its position to its limit. */
    void keep(ByteBuffer batch)
            throws IOException, UncleanableException, CompactionStoppedException {
        closeGap();
        if (batch.remaining() > output.capacity()) {
            flush();
            write(batch);
        } else {
            room(batch.remaining());
            output.put(batch.duplicate());
        }
    }

    /** The batch at 0 goes: its offsets have no records any more. */
    void leaveOut(ByteBuffer batch)
            throws IOException, UncleanableException, CompactionStoppedException {
        long base = BatchHeader.baseOffset(batch, 0);
        long end = BatchHeader.lastOffset(batch, 0) + 1;
        int epoch = BatchHeader.leaderEpoch(batch, 0);
        boolean goesOn =
                gapEnd > gapBase && epoch == gapEpoch && end - gapBase <= Integer.MAX_VALUE;
        if (!goesOn) {
            closeGap();
            gapBase = base;
            gapEpoch = epoch;
        }
        gapEnd = end;
    }

    /** Most bytes of what was given so far. */
    long sizeBytes() {
        return (long) target.end().position() + output.position() + BatchHeader.SIZE;
    }

    /** Writes what is left to write; nothing follows. */
    void finish() throws IOException, UncleanableException, CompactionStoppedException {
        closeGap();
        flush();
    }

    private void closeGap() throws IOException, UncleanableException, CompactionStoppedException {
        if (gapEnd > gapBase) {
            room(BatchHeader.SIZE);
            int at = output.position();
            GapBatch.put(output, at, gapBase, (int) (gapEnd - gapBase), gapEpoch);
            output.position(at + BatchHeader.SIZE);
            gapBase = gapEnd;
        }
    }

    private void room(int bytes)
            throws IOException, UncleanableException, CompactionStoppedException {
        if (output.remaining() < bytes) {
            flush();
        }
    }

    private void flush() throws IOException, UncleanableException, CompactionStoppedException {
        if (output.position() > 0) {
            write(output.flip());
            output.clear();
        }
    }

    private void write(ByteBuffer batches)
            throws IOException, UncleanableException, CompactionStoppedException {
        int size = batches.remaining();
        if ((long) target.end().position() + size > Integer.MAX_VALUE) {
            throw new UncleanableException(
                    new Damage(
                            target.path().toString(),
                            target.end().position(),
                            target.end().offset(),
                            "a compacted segment below 2 GiB",
                            "more: lower segment.bytes"));
        }
        target.append(batches, nowMs, LogConfig.DEFAULT.indexIntervalBytes());
        meter.written(size);
    }
}
