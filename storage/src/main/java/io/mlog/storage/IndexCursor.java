package io.mlog.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;

/**
 * Reads a segment's two index files in lockstep beside a walk of its log and holds each entry
 * against the batch it names. Needs memory for a few entries, however long the files are. One
 * thread.
 */
final class IndexCursor implements AutoCloseable {
    private static final int WINDOW_ENTRIES = 1024;

    private final CheckReport report;
    private final SegmentFiles files;
    private final Reach reach;
    private final StoreFile index;
    private final StoreFile times;
    private final long count;
    private final boolean ended;
    private final ByteBuffer offsets =
            ByteBuffer.allocate(WINDOW_ENTRIES * IndexEntries.INDEX_BYTES);
    private final ByteBuffer stamps =
            ByteBuffer.allocate(WINDOW_ENTRIES * IndexEntries.TIME_INDEX_BYTES);
    private long windowStart;
    private int windowCount;
    private long next;

    private IndexCursor(
            CheckReport report, SegmentFiles files, Reach reach, StoreFile index, StoreFile times)
            throws IOException {
        this.report = report;
        this.files = files;
        this.reach = reach;
        this.index = index;
        this.times = times;
        long indexed = index.size() / IndexEntries.INDEX_BYTES;
        long timed = times.size() / IndexEntries.TIME_INDEX_BYTES;
        this.ended = reach.closed() && timed > indexed;
        this.count = Math.min(indexed, timed);
        checkSizes(indexed, timed);
    }

    /** Null when the segment has no index, which an active one need not have. */
    static @Nullable IndexCursor open(
            FileStore store, SegmentFiles files, Reach reach, CheckReport report)
            throws IOException {
        StoreFile index = null;
        StoreFile times = null;
        try {
            index = store.open(files.index(), FileStore.Open.READ);
            times = store.open(files.timeIndex(), FileStore.Open.READ);
            return new IndexCursor(report, files, reach, index, times);
        } catch (NoSuchFileException e) {
            close(index);
            if (index != null || reach.closed()) {
                String missing = String.valueOf(index == null ? files.index() : files.timeIndex());
                report.tell(reach.stoppedCleanly(), new Damage(missing, 0, -1, "an index", "none"));
            }
            return null;
        } catch (IOException e) {
            close(index);
            close(times);
            throw e;
        }
    }

    private void checkSizes(long indexed, long timed) throws IOException {
        long wantedTimes = indexed + (reach.closed() ? 1 : 0);
        boolean whole =
                index.size() == indexed * IndexEntries.INDEX_BYTES
                        && times.size() == timed * IndexEntries.TIME_INDEX_BYTES;
        if (!whole || timed != wantedTimes) {
            tell(
                    new Damage(
                            files.timeIndex().toString(),
                            times.size(),
                            -1,
                            wantedTimes
                                    + " entries of 12 bytes for "
                                    + index.size()
                                    + " bytes of offset index",
                            times.size() + " bytes"));
        }
    }

    /**
     * The walk stands at a batch.
     *
     * @param timestampBefore largest one of the batches before it; ignored unless {@code
     *     timesKnown}
     */
    void meet(Boundary batch, long timestampBefore, boolean timesKnown) throws IOException {
        while (next < count && position() < batch.position()) {
            astray();
        }
        if (next < count && position() > batch.position() && nextMeets(batch)) {
            astray();
        }
        if (next < count && position() == batch.position()) {
            compare(batch, timestampBefore, timesKnown);
            next++;
        }
    }

    /** The walk has come to the end of the segment. */
    void finish(Boundary end, long maxTimestamp, boolean timesKnown) throws IOException {
        if (next < count) {
            astray();
        }
        if (!ended) {
            return;
        }
        ByteBuffer last = ByteBuffer.allocate(IndexEntries.TIME_INDEX_BYTES);
        times.read(last, count * IndexEntries.TIME_INDEX_BYTES);
        long relative = end.offset() - files.baseOffset();
        if (last.getInt(8) != relative || (timesKnown && last.getLong(0) != maxTimestamp)) {
            tell(
                    timeDamage(
                            count,
                            end.offset(),
                            "largest timestamp " + maxTimestamp + " and end " + relative,
                            last.getLong(0) + " and " + last.getInt(8)));
        }
    }

    /**
     * Where a walk may go on behind damage: what the next entry names, which stays the present one;
     * null when there is none.
     */
    @Nullable Boundary nextAfter(int position) throws IOException {
        while (next < count) {
            Boundary named = new Boundary(files.baseOffset() + relativeOffset(), position());
            if (named.position() > position) {
                return named;
            }
            next++;
        }
        return null;
    }

    /** Passes the present entry. */
    void skip() {
        next++;
    }

    /** Whether the present entry is wrong, since the one behind it is about this batch. */
    private boolean nextMeets(Boundary batch) throws IOException {
        if (next + 1 >= count) {
            return false;
        }
        next++;
        boolean meets =
                position() == batch.position()
                        && relativeOffset() == batch.offset() - files.baseOffset();
        next--;
        return meets;
    }

    private void astray() throws IOException {
        tell(
                new Damage(
                        files.index().toString(),
                        next * IndexEntries.INDEX_BYTES,
                        files.baseOffset() + relativeOffset(),
                        "the position of a batch",
                        String.valueOf(position())));
        next++;
    }

    private void compare(Boundary batch, long timestampBefore, boolean timesKnown)
            throws IOException {
        long relative = batch.offset() - files.baseOffset();
        if (relativeOffset() != relative) {
            tell(
                    new Damage(
                            files.index().toString(),
                            next * IndexEntries.INDEX_BYTES,
                            batch.offset(),
                            "relative offset " + relative,
                            String.valueOf(relativeOffset())));
        }
        int at = (int) (next - windowStart) * IndexEntries.TIME_INDEX_BYTES;
        long stamp = stamps.getLong(at);
        int stampedOffset = stamps.getInt(at + 8);
        if (stampedOffset != relative || (timesKnown && stamp != timestampBefore)) {
            tell(
                    timeDamage(
                            next,
                            batch.offset(),
                            "timestamp " + timestampBefore + " before relative offset " + relative,
                            stamp + " and " + stampedOffset));
        }
    }

    /** Indexes are never forced and made again when wrong, so a crash excuses them. */
    private void tell(Damage damage) {
        report.tell(reach.stoppedCleanly(), damage);
    }

    private Damage timeDamage(long entry, long offset, String expected, String found) {
        return new Damage(
                files.timeIndex().toString(),
                entry * IndexEntries.TIME_INDEX_BYTES,
                offset,
                expected,
                found);
    }

    private int relativeOffset() throws IOException {
        return offsets.getInt(load() * IndexEntries.INDEX_BYTES);
    }

    private int position() throws IOException {
        return offsets.getInt(load() * IndexEntries.INDEX_BYTES + 4);
    }

    /** Brings the present entry into the window; returns its place there. */
    private int load() throws IOException {
        if (next < windowStart || next >= windowStart + windowCount) {
            windowStart = next;
            windowCount = (int) Math.min(WINDOW_ENTRIES, count - next);
            offsets.clear().limit(windowCount * IndexEntries.INDEX_BYTES);
            stamps.clear().limit(windowCount * IndexEntries.TIME_INDEX_BYTES);
            index.read(offsets, next * IndexEntries.INDEX_BYTES);
            times.read(stamps, next * IndexEntries.TIME_INDEX_BYTES);
        }
        return (int) (next - windowStart);
    }

    private static void close(@Nullable StoreFile file) throws IOException {
        if (file != null) {
            file.close();
        }
    }

    @Override
    public void close() throws IOException {
        index.close();
        times.close();
    }
}
