package io.mlog.storage;

import io.mlog.model.MlogException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Puts a compacted segment in the place of those it was made from, so that a crash at any moment
 * leaves the old ones or the new one. One thread at a time; blocks.
 *
 * <p>B is the base offset of the first old segment, and of the new one; the others' are above it
 * and below the new one's end.
 *
 * <pre>
 * step                                             a crash behind it leaves        the next start
 * 1 B.log.cleaned is written and forced            old ones, B.log.cleaned         deletes B.log.cleaned
 * 2 renamed to B.log.swap, directory synced        old ones, B.log.swap            goes on at 3
 * 3 old ones renamed to .deleted, their indexes
 *   deleted, in order of offsets, then synced      some or no old ones, B.log.swap goes on at 3
 * 4 B.log.swap renamed to B.log, directory synced  B.log, the new one              deletes *.deleted
 * 5 the list of segments is changed, the index
 *   written                                        the same                        makes the index again
 * </pre>
 *
 * <p>The start goes on from B.log.swap alone: the segments that begin from B on and below its last
 * batch's end are the old ones. When that cannot be read, though it was forced, and no old one is
 * gone yet, the old ones stay.
 */
final class SegmentSwap {
    private static final int WINDOW_BYTES = 64 << 10;

    private final LogHome home;
    private final LogHealth health;
    private final LogSegments segments;
    private final LogFlush flush;
    private final DroppedSegments dropped;

    SegmentSwap(
            LogHome home,
            LogHealth health,
            LogSegments segments,
            LogFlush flush,
            DroppedSegments dropped) {
        this.home = home;
        this.health = health;
        this.segments = segments;
        this.flush = flush;
        this.dropped = dropped;
    }

    /**
     * Swaps in what was written to {@link SegmentFiles#CLEANED} files.
     *
     * @param written forced and sealed; its file is closed here
     * @return false when the old segments are not the log's any more: nothing was done
     * @throws IOException before anything was done
     * @throws MlogException STORAGE_ERROR: it failed half-way, and the log is offline
     */
    boolean swap(List<Segment> old, Segment written) throws IOException {
        segments.closed().lock();
        try {
            if (health.offlineReason().isPresent() || !segments.holdsClosed(old)) {
                return false;
            }
            // The file of recovery points may still name one of them as the place to scan from.
            home.recoveryPoints().write();
            flush.exclusively(() -> old.forEach(each -> each.retire(true)));
            long modifiedMs = 0;
            for (Segment each : old) {
                modifiedMs = Math.max(modifiedMs, each.lastAppendMs());
            }
            home.store().lastModifiedMs(written.path(), modifiedMs);
            SegmentFiles swap = written.files().at(SegmentFiles.SWAP);
            home.store().rename(written.path(), swap.log());
            try {
                persistIndex(replace(old, written, swap));
            } catch (IOException e) {
                throw health.fail("segments that were replaced only in part", e);
            }
            return true;
        } finally {
            old.forEach(each -> each.retire(!segments.holdsClosed(List.of(each))));
            segments.closed().unlock();
        }
    }

    private Segment replace(List<Segment> old, Segment written, SegmentFiles swap)
            throws IOException {
        home.store().syncDirectory(home.directory());
        for (Segment each : old) {
            each.files().renameAway(home.store());
        }
        home.store().syncDirectory(home.directory());
        SegmentFiles files = swap.at("");
        home.store().rename(swap.log(), files.log());
        home.store().syncDirectory(home.directory());
        Segment compacted =
                Segment.compacted(
                        home.store(),
                        files,
                        written,
                        written.index().named(files),
                        old.getFirst().firstAppendMs());
        segments.replace(old, compacted);
        old.forEach(dropped::addRenamed);
        return compacted;
    }

    private static void persistIndex(Segment compacted) {
        try {
            compacted.persistIndex();
        } catch (IOException e) {
            LogHealth.LOGGER.warn(
                    "the index of {} is not saved and will be made again: {}",
                    compacted.path(),
                    e.getMessage());
        }
    }

    /** Gives back the space of what was replaced and nobody reads any more. */
    void reap() {
        dropped.reap();
    }

    /**
     * Finishes the swaps that a crash cut short and deletes what did not get so far; before
     * segments are listed.
     */
    static void finishAll(LogHome home) throws IOException {
        FileStore store = home.store();
        for (SegmentFiles swap : SegmentFiles.list(store, home.directory(), SegmentFiles.SWAP)) {
            finish(home, swap);
        }
        for (SegmentFiles cleaned :
                SegmentFiles.list(store, home.directory(), SegmentFiles.CLEANED)) {
            store.delete(cleaned.log());
        }
    }

    private static void finish(LogHome home, SegmentFiles swap) throws IOException {
        FileStore store = home.store();
        SegmentFiles files = swap.at("");
        Long end = end(store, swap);
        if (end == null && store.exists(files.log())) {
            LogHealth.LOGGER.error(
                    "{} cannot be read and is deleted; what it was made from is there", swap.log());
            store.delete(swap.log());
            return;
        }
        for (SegmentFiles old : SegmentFiles.list(store, home.directory(), "")) {
            if (old.baseOffset() >= swap.baseOffset() && end != null && old.baseOffset() < end) {
                old.renameAway(store);
            }
        }
        store.delete(files.index());
        store.delete(files.timeIndex());
        store.syncDirectory(home.directory());
        store.rename(swap.log(), files.log());
        store.syncDirectory(home.directory());
    }

    /** Offset behind the last batch of a file; null when not all of it can be read. */
    static @Nullable Long end(FileStore store, SegmentFiles files) throws IOException {
        try (StoreFile file = store.open(files.log(), FileStore.Open.READ)) {
            int size = SegmentOpener.size(files.log(), file);
            Boundary first = new Boundary(files.baseOffset(), 0);
            BatchWalk walk =
                    new BatchWalk(
                            file, files.log(), first, size, ByteBuffer.allocate(WINDOW_BYTES));
            while (walk.next()) {
                walk.checkCrc();
            }
            return walk.nextOffset();
        } catch (CorruptBatchException | DamagedFileException e) {
            return null;
        }
    }
}
