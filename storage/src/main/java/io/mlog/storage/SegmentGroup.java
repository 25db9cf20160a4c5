package io.mlog.storage;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A run of old segments that a compaction writes into one new segment: as many as fit into {@code
 * segment.bytes} by what is left of them. How much will be left of the next one is not known before
 * it is written; so that full segments are joined, too, a new one that is not half full yet may
 * become half as large again. One use, one thread; blocks.
 */
final class SegmentGroup implements AutoCloseable {
    /** Old bytes for each new segment at most, so that what was done is soon put in place. */
    private static final int MOST_OLD_SEGMENTS = 16;

    private final LogHome home;
    private final CompactionRange range;
    private final Segment written;
    private final SegmentRewrite rewrite;
    private final List<Segment> old = new ArrayList<>();
    private long oldBytes;
    private boolean swapped;

    private SegmentGroup(
            LogHome home, CompactionRange range, Segment written, SegmentRewrite rewrite) {
        this.home = home;
        this.range = range;
        this.written = written;
        this.rewrite = rewrite;
    }

    /** Begins with nothing; {@code first} will be the first to be added. */
    static SegmentGroup begin(
            LogHome home,
            CompactionRange range,
            long reached,
            CompactionMemory memory,
            CompactionMeter meter,
            Segment first)
            throws IOException {
        SegmentFiles files = first.files().at(SegmentFiles.CLEANED);
        home.store().delete(files.log());
        Segment written = Segment.create(home.store(), files);
        return new SegmentGroup(
                home, range, written, new SegmentRewrite(range, reached, memory, meter, written));
    }

    /** Whether there is room for all of a segment. */
    boolean fits(Segment next) {
        int bytes = next.end().position();
        long size = rewrite.sizeBytes();
        long most =
                size <= range.segmentBytes() / 2
                        ? Math.min(Integer.MAX_VALUE, range.segmentBytes() * 3L / 2)
                        : range.segmentBytes();
        return size + bytes <= most
                && oldBytes + bytes <= (long) MOST_OLD_SEGMENTS * range.segmentBytes()
                && next.end().offset() - old.getFirst().baseOffset() <= Integer.MAX_VALUE;
    }

    void add(Segment next)
            throws IOException,
                    CorruptBatchException,
                    UncleanableException,
                    CompactionStoppedException {
        int bytes = next.end().position();
        if (!home.disk().fits(bytes)) {
            throw new NoSpaceException("there may be no space for " + bytes + " bytes more");
        }
        hold(next);
        old.add(next);
        oldBytes += bytes;
        rewrite.add(next);
    }

    /** Keeps a file open while it is read; to be released. */
    static void hold(Segment segment) throws CompactionStoppedException {
        if (!segment.retain()) {
            throw new CompactionStoppedException(segment.path() + " was dropped");
        }
    }

    /**
     * Puts the new segment in the place of the old ones, unless it is the same as before.
     *
     * @return when the first of its tombstones may go
     */
    long finish(SegmentSwap swap)
            throws IOException, UncleanableException, CompactionStoppedException {
        rewrite.finish();
        if (rewrite.isChanged() || old.size() > 1) {
            written.force();
            written.seal();
            swapped = swap.swap(old, written);
            if (!swapped) {
                throw new CompactionStoppedException(
                        "the log was cut, dropped or closed meanwhile");
            }
        }
        return rewrite.earliestHorizonMs();
    }

    @Override
    public void close() throws IOException {
        old.forEach(Segment::release);
        written.release();
        if (!swapped) {
            home.store().delete(written.path());
        }
    }
}
