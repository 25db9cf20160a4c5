package io.mlog.storage;

import io.mlog.records.BatchHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A file run of a log's batches with its indexes. The log's writer appends, cuts and seals; any
 * thread reads up to {@link #end}; the file is closed when the last {@link #retain holder} lets go.
 *
 * <p>{@code end} is published after the bytes below it were written, so a reader never meets a
 * batch that is half there.
 */
final class Segment {
    /** The end of the active segment, which the system surely still holds in memory. */
    private static final int JUST_WRITTEN_BYTES = 8 << 20;

    /** What finding a batch behind its index entry reads, however little is wanted. */
    private static final int LEAST_BYTES = 16 << 10;

    /** Asking the system about more takes longer than handing the read over. */
    private static final int MOST_ASKED_BYTES = 4 << 20;

    private final FileStore store;
    private final SegmentFiles files;
    private final StoreFile file;
    private final AtomicInteger holders = new AtomicInteger(1);
    private final VerifiedRanges verified;
    private volatile Boundary end;
    private volatile Boundaries boundaries = new Boundaries();
    private volatile @Nullable SegmentIndex index;
    private volatile long maxTimestamp;
    private volatile long lastAppendMs;
    private volatile boolean sealed;
    private volatile int flushedPosition;
    private volatile int cuts;
    private volatile int durableCuts;
    private volatile long sealedModifiedMs;
    private volatile boolean retired;
    private volatile long firstAppendMs = -1;
    private int bytesSinceEntry;

    private Segment(
            FileStore store, SegmentFiles files, StoreFile file, int trustedFrom, Boundary end) {
        this.store = store;
        this.files = files;
        this.file = file;
        this.verified = new VerifiedRanges(trustedFrom);
        this.end = end;
    }

    /** A new, empty, active segment. */
    static Segment create(FileStore store, SegmentFiles files) throws IOException {
        StoreFile file = store.open(files.log(), FileStore.Open.CREATE);
        Segment segment = new Segment(store, files, file, 0, new Boundary(files.baseOffset(), 0));
        segment.maxTimestamp = Long.MIN_VALUE;
        segment.index = SegmentIndex.empty(store, files);
        return segment;
    }

    /**
     * A segment found on disk and sealed, its bytes durable but not checked in this life.
     *
     * @param index null to load it when first needed
     */
    static Segment sealed(
            FileStore store,
            SegmentFiles files,
            StoreFile file,
            Boundary end,
            long maxTimestamp,
            @Nullable SegmentIndex index)
            throws IOException {
        Segment segment = new Segment(store, files, file, Integer.MAX_VALUE, end);
        segment.index = index;
        segment.maxTimestamp = maxTimestamp;
        segment.sealed = true;
        segment.flushedPosition = end.position();
        segment.stampTimes();
        return segment;
    }

    /**
     * What a compaction wrote and this process therefore knows to be right, in the place of older
     * segments.
     *
     * @param index of what was written, not in files yet
     * @param firstAppendMs of the segments it was made from
     */
    static Segment compacted(
            FileStore store,
            SegmentFiles files,
            Segment written,
            SegmentIndex index,
            long firstAppendMs)
            throws IOException {
        StoreFile file = store.open(files.log(), FileStore.Open.WRITE);
        Segment segment = new Segment(store, files, file, 0, written.end());
        segment.index = index;
        segment.maxTimestamp = written.maxTimestamp();
        segment.sealed = true;
        segment.flushedPosition = written.end().position();
        segment.stampTimes();
        segment.firstAppendMs = firstAppendMs;
        return segment;
    }

    /**
     * A segment found on disk that goes on taking appends.
     *
     * @param checkedFrom position from which its batches were checked by recovery
     * @param load what walking it gave
     * @param modifiedMs time of the last append before this life
     */
    static Segment active(
            FileStore store,
            SegmentFiles files,
            StoreFile file,
            int checkedFrom,
            SegmentLoad load,
            long modifiedMs) {
        Segment segment = new Segment(store, files, file, checkedFrom, load.end());
        segment.index = load.index();
        segment.maxTimestamp = load.maxTimestamp();
        segment.flushedPosition = load.end().position();
        segment.lastAppendMs = modifiedMs;
        segment.firstAppendMs = load.end().position() == 0 ? -1 : modifiedMs;
        segment.bytesSinceEntry = load.bytesSinceEntry();
        return segment;
    }

    /** Writes batches that already have their offsets; readers see them when it returns. */
    void append(ByteBuffer batches, long nowMs, int indexIntervalBytes) throws IOException {
        Boundary start = end;
        int first = batches.position();
        file.write(batches, start.position());
        Boundary at = start;
        long largest = maxTimestamp;
        for (int from = first; from < batches.limit(); ) {
            if (bytesSinceEntry >= indexIntervalBytes) {
                index().add(at, largest);
                bytesSinceEntry = 0;
            }
            int size = BatchHeader.sizeBytes(batches, from);
            largest = Math.max(largest, BatchHeader.maxTimestamp(batches, from));
            at = new Boundary(BatchHeader.lastOffset(batches, from) + 1, at.position() + size);
            bytesSinceEntry += size;
            from += size;
        }
        if (firstAppendMs < 0) {
            firstAppendMs = nowMs;
        }
        lastAppendMs = nowMs;
        maxTimestamp = largest;
        end = at;
    }

    /** Cuts what a failed append left behind the end. */
    void cutToEnd() throws IOException {
        cut(end.position());
    }

    /** A cut needs to be made durable as an append does: the bytes would come back otherwise. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // the log's writer is the only one
    private void cut(int position) throws IOException {
        cuts++;
        file.truncate(position);
    }

    /** No append follows. */
    void seal() throws IOException {
        index().seal(end, maxTimestamp);
        sealedModifiedMs = store.lastModifiedMs(files.log());
        sealed = true;
    }

    /**
     * Cuts all behind {@code cut}, a boundary of this segment, and takes appends again.
     *
     * @param largestTimestamp of the batches that stay
     */
    void truncate(Boundary cut, long largestTimestamp) throws IOException {
        SegmentIndex shorter = index().cutAt(cut.position());
        shorter.deleteFiles();
        end = cut;
        boundaries = new Boundaries();
        index = shorter;
        maxTimestamp = largestTimestamp;
        flushedPosition = Math.min(flushedPosition, cut.position());
        bytesSinceEntry = cut.position() - shorter.last(first()).position();
        sealed = false;
        cut(cut.position());
    }

    /** Makes what was written and cut durable. */
    void force() throws IOException {
        int before = cuts;
        file.force();
        durableCuts = before;
    }

    void flushed(int upTo) {
        flushedPosition = upTo;
    }

    boolean isFlushed() {
        return flushedPosition >= end.position() && durableCuts == cuts;
    }

    /** The index, loaded or made again when it is not there. */
    SegmentIndex index() throws IOException {
        SegmentIndex present = index;
        return present != null ? present : loadIndex();
    }

    /**
     * Whether the bytes behind the batch of {@code offset} can be served without a check and
     * without waiting for the disk, as far as can be told without doing either.
     */
    boolean isAtHand(long offset, int maxBytes) throws IOException {
        SegmentIndex present = index;
        Boundary to = end;
        if (present == null && offset != baseOffset()) {
            return false;
        }
        int from = present == null ? 0 : present.floor(offset, first()).position();
        int upTo = (int) Math.min(to.position(), (long) from + Math.max(maxBytes, LEAST_BYTES));
        if (needsCheck(from, upTo)) {
            return false;
        }
        boolean justWritten = !sealed && from >= to.position() - JUST_WRITTEN_BYTES;
        return justWritten
                || (upTo - from <= MOST_ASKED_BYTES && file.isInMemory(from, upTo - from));
    }

    private synchronized SegmentIndex loadIndex() throws IOException {
        SegmentIndex present = index;
        if (present == null) {
            present = SegmentIndex.load(store, files, true);
            if (present == null) {
                present = SegmentLoad.headersOnly(store, files, file, end).index();
            }
            index = present;
        }
        return present;
    }

    /** Makes the index of a sealed segment again from the log, since it pointed wrong. */
    synchronized void rebuildIndex() throws IOException {
        if (sealed) {
            index = SegmentLoad.headersOnly(store, files, file, end).index();
        }
    }

    /** Its files' names are about to be another segment's: its index is not written any more. */
    void retire(boolean yes) {
        retired = yes;
    }

    /** Writes the index entries that are not yet in files. */
    void persistIndex() throws IOException {
        SegmentIndex present = index;
        if (present != null && !retired) {
            present.persist();
        }
    }

    /**
     * Whether bytes must be checked before they are served: they were not written or checked in
     * this life, or the sealed file was changed since.
     */
    boolean needsCheck(int from, int to) throws IOException {
        if (sealed) {
            long modified = modifiedMs();
            if (modified != sealedModifiedMs) {
                verified.forget();
                sealedModifiedMs = modified;
            }
        }
        return !verified.covers(from, to);
    }

    /** A file that was dropped or replaced while it is read has lost its name, not its bytes. */
    private long modifiedMs() throws IOException {
        try {
            return store.lastModifiedMs(files.log());
        } catch (NoSuchFileException dropped) {
            return sealedModifiedMs;
        }
    }

    void checked(int from, int to) {
        verified.add(from, to);
    }

    /** Damage was found: whatever was known is to be checked again. */
    void distrust() {
        verified.forget();
    }

    private void stampTimes() throws IOException {
        long modified = store.lastModifiedMs(files.log());
        sealedModifiedMs = modified;
        lastAppendMs = modified;
        firstAppendMs = modified;
    }

    /** Keeps the file open; false when it is already given up. */
    boolean retain() {
        while (true) {
            int present = holders.get();
            if (present == 0) {
                return false;
            }
            if (holders.compareAndSet(present, present + 1)) {
                return true;
            }
        }
    }

    /** Lets go; the last one closes the file. */
    void release() {
        if (holders.decrementAndGet() == 0) {
            closeFile();
        }
    }

    /** Closes the file of a dropped segment for good, unless a reader holds it. */
    boolean closeUnlessHeld() {
        if (!holders.compareAndSet(1, 0)) {
            return false;
        }
        closeFile();
        return true;
    }

    private void closeFile() {
        try {
            file.close();
        } catch (IOException e) {
            // Everything that counts was forced before: there is nothing left to lose or to do.
            LogHealth.LOGGER.warn("cannot close {}: {}", files.log(), e.getMessage());
        }
    }

    SegmentFiles files() {
        return files;
    }

    StoreFile file() {
        return file;
    }

    Path path() {
        return files.log();
    }

    long baseOffset() {
        return files.baseOffset();
    }

    Boundary first() {
        return new Boundary(files.baseOffset(), 0);
    }

    Boundary end() {
        return end;
    }

    /** To be taken before {@link #end} when something will be remembered. */
    Boundaries boundaries() {
        return boundaries;
    }

    boolean isSealed() {
        return sealed;
    }

    long maxTimestamp() {
        return maxTimestamp;
    }

    long lastAppendMs() {
        return lastAppendMs;
    }

    /** Time of the first append, -1 before it. */
    long firstAppendMs() {
        return firstAppendMs;
    }
}
