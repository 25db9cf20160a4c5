package io.mlog.storage;

import io.mlog.model.MlogException;
import io.mlog.records.RawRecords;
import io.mlog.records.RewrittenBatch;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The first pass of a compaction: gathers the last offset of each key in the dirty part of a log,
 * until the end of it or of the memory. One use, one thread; blocks.
 */
final class DirtyKeys {
    private final CompactionRange range;
    private final CompactionMemory memory;
    private final CompactionMeter meter;
    private final SegmentSearch search;

    DirtyKeys(
            CompactionRange range,
            CompactionMemory memory,
            CompactionMeter meter,
            SegmentSearch search) {
        this.range = range;
        this.memory = memory;
        this.meter = meter;
        this.search = search;
    }

    /**
     * Fills the table.
     *
     * @return the offset up to which it tells the last of each key
     */
    long gather()
            throws IOException,
                    CorruptBatchException,
                    UncleanableException,
                    CompactionStoppedException {
        memory.keys().reset(Math.max(0, range.end() - range.firstDirty()));
        for (Segment segment : range.segments()) {
            if (segment.end().offset() > range.firstDirty()) {
                SegmentGroup.hold(segment);
                long reached;
                try {
                    reached = gather(segment);
                } finally {
                    segment.release();
                }
                if (reached < segment.end().offset()) {
                    return reached;
                }
            }
        }
        return range.end();
    }

    private long gather(Segment segment)
            throws IOException,
                    CorruptBatchException,
                    UncleanableException,
                    CompactionStoppedException {
        long from = Math.max(range.firstDirty(), segment.baseOffset());
        Boundary start = search.locate(segment, from, segment.boundaries(), segment.end());
        BatchReader reader = new BatchReader(segment, start, memory);
        while (reader.next()) {
            meter.read(reader.batch().limit());
            if (reader.hasRecords()) {
                long full = put(segment, reader);
                if (full >= 0) {
                    return full;
                }
            }
        }
        return segment.end().offset();
    }

    /** Offset of the first record for which there is no room, -1 when there is for all. */
    private long put(Segment segment, BatchReader reader) throws UncleanableException {
        try (RawRecords records =
                RawRecords.open(reader.batch(), 0, RewrittenBatch.MAX_DECOMPRESSED_BYTES)) {
            while (records.next()) {
                ByteBuffer key = records.key();
                if (key != null
                        && records.offset() >= range.firstDirty()
                        && !memory.keys().put(key, records.offset())) {
                    return records.offset();
                }
            }
            return -1;
        } catch (MlogException e) {
            throw unreadable(segment, reader, e);
        }
    }

    static UncleanableException unreadable(Segment segment, BatchReader reader, MlogException why) {
        return new UncleanableException(
                new Damage(
                        segment.path().toString(),
                        reader.position(),
                        reader.baseOffset(),
                        "records that can be read",
                        why.reason()));
    }
}
