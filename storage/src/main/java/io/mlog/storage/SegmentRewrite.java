package io.mlog.storage;

import io.mlog.model.MlogException;
import io.mlog.records.BatchHeader;
import io.mlog.records.GapBatch;
import io.mlog.records.RawRecords;
import io.mlog.records.RewrittenBatch;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The second pass of a compaction: fills a new segment from a run of old ones, with those records
 * that are the last of their key as far as the table of keys tells. One use, one thread; blocks.
 *
 * <p>What stays: every record at or above the offset that the table reaches; below it a record with
 * a key, when the table has no later one of that key. A tombstone goes when the delete horizon of
 * its batch has passed; a batch with tombstones and without a horizon gets one. A batch of which
 * nothing stays remains without records when it is the last that its producer is known by.
 */
final class SegmentRewrite {
    private final CompactionRange range;
    private final long reached;
    private final CompactionMemory memory;
    private final CompactionMeter meter;
    private final CompactedBatches written;
    private long earliestHorizonMs = CleanedTo.NO_TOMBSTONES;
    private boolean changed;

    /**
     * @param reached offset up to which the table of keys tells the last of each
     * @param target new and empty
     */
    SegmentRewrite(
            CompactionRange range,
            long reached,
            CompactionMemory memory,
            CompactionMeter meter,
            Segment target) {
        this.range = range;
        this.reached = reached;
        this.memory = memory;
        this.meter = meter;
        this.written = new CompactedBatches(target, memory, meter, range.nowMs());
    }

    /** Writes what is left of a segment. */
    void add(Segment segment)
            throws IOException,
                    CorruptBatchException,
                    UncleanableException,
                    CompactionStoppedException {
        BatchReader reader = new BatchReader(segment, segment.first(), memory);
        while (reader.next()) {
            meter.read(reader.batch().limit());
            take(segment, reader);
        }
    }

    /** Nothing follows. */
    void finish() throws IOException, UncleanableException, CompactionStoppedException {
        written.finish();
    }

    /** Most bytes of what was written so far. */
    long sizeBytes() {
        return written.sizeBytes();
    }

    /** When the first of the tombstones that stayed may go. */
    long earliestHorizonMs() {
        return earliestHorizonMs;
    }

    /** Whether any batch differs from before. */
    boolean isChanged() {
        return changed;
    }

    private void take(Segment segment, BatchReader reader)
            throws IOException, UncleanableException, CompactionStoppedException {
        ByteBuffer batch = reader.batch();
        if (reader.baseOffset() >= reached || BatchHeader.control(batch, 0)) {
            written.keep(batch);
        } else if (!reader.hasRecords()) {
            keepWithout(batch, batch);
        } else {
            filter(segment, reader);
        }
    }

    private void filter(Segment segment, BatchReader reader)
            throws IOException, UncleanableException, CompactionStoppedException {
        ByteBuffer batch = reader.batch();
        RewrittenBatch rewritten = memory.rewritten();
        rewritten.begin(batch, 0);
        long horizonMs = RewrittenBatch.deleteHorizonMs(batch, 0);
        boolean tombstones = false;
        try (RawRecords records =
                RawRecords.open(batch, 0, RewrittenBatch.MAX_DECOMPRESSED_BYTES)) {
            while (records.next()) {
                if (stays(records, horizonMs)) {
                    rewritten.keep(records);
                    tombstones |= !records.hasValue();
                }
            }
            boolean needsHorizon = tombstones && horizonMs < 0;
            if (needsHorizon) {
                horizonMs = horizonOfNow();
            }
            if (tombstones) {
                earliestHorizonMs = Math.min(earliestHorizonMs, horizonMs);
            }
            write(batch, rewritten, needsHorizon ? horizonMs : -1);
        } catch (MlogException e) {
            throw DirtyKeys.unreadable(segment, reader, e);
        }
    }

    private boolean stays(RawRecords record, long horizonMs) {
        if (record.offset() >= reached) {
            return true;
        }
        ByteBuffer key = record.key();
        if (key == null || record.offset() < memory.keys().get(key)) {
            return false;
        }
        return record.hasValue() || horizonMs < 0 || range.nowMs() < horizonMs;
    }

    private long horizonOfNow() {
        long horizon = range.nowMs() + range.deleteRetentionMs();
        return horizon < 0 ? Long.MAX_VALUE - 1 : horizon;
    }

    private void write(ByteBuffer batch, RewrittenBatch rewritten, long newHorizonMs)
            throws IOException, UncleanableException, CompactionStoppedException {
        boolean all = rewritten.kept() == BatchHeader.recordCount(batch, 0);
        if (rewritten.kept() == 0) {
            keepWithout(batch, rewritten.buildEmpty());
        } else if (newHorizonMs >= 0) {
            changed = true;
            written.keep(rewritten.buildWithHorizon(newHorizonMs));
        } else if (all) {
            written.keep(batch);
        } else {
            changed = true;
            written.keep(rewritten.build());
        }
    }

    /** Nothing of the batch stays, unless its producer is known by it. */
    private void keepWithout(ByteBuffer batch, ByteBuffer empty)
            throws IOException, UncleanableException, CompactionStoppedException {
        long producerId = BatchHeader.producerId(batch, 0);
        Long last = range.lastBatches().get(producerId);
        boolean isLast = last != null && last == BatchHeader.baseOffset(batch, 0);
        if (isLast) {
            changed |= BatchHeader.recordCount(batch, 0) > 0;
            written.keep(empty);
        } else {
            changed |= !GapBatch.is(batch, 0);
            written.leaveOut(batch);
        }
    }
}
