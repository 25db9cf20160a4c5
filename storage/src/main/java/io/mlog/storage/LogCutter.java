package io.mlog.storage;

import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import java.io.IOException;

/**
 * Takes records away from a log at either end. Owned by the log's writer.
 *
 * <p>Whatever leaves the end lowers the recovery point first, durably, while no flush is in
 * progress: so no flush that began before can report what was cut, and a crash in between never
 * leaves a recovery point above the log's end.
 */
final class LogCutter {
    private final LogHome home;
    private final LogHealth health;
    private final LogSegments segments;
    private final LogMarks marks;
    private final LogFlush flush;
    private final SegmentSearch search;
    private final DroppedSegments dropped;
    private final LogCompactor compactor;

    LogCutter(
            LogHome home,
            LogHealth health,
            LogSegments segments,
            LogMarks marks,
            LogFlush flush,
            SegmentSearch search,
            DroppedSegments dropped,
            LogCompactor compactor) {
        this.home = home;
        this.health = health;
        this.segments = segments;
        this.marks = marks;
        this.flush = flush;
        this.search = search;
        this.dropped = dropped;
        this.compactor = compactor;
    }

    /** Cuts all at and above {@code offset}, which is below the log end. Blocks. */
    void truncateTo(long offset) throws IOException {
        exclusively(() -> {
            if (offset < marks.startOffset()) {
                restart(offset);
            } else {
                cutTo(offset);
            }
        });
    }

    /** Cuts everything. Blocks. */
    void restartAt(long offset) throws IOException {
        exclusively(() -> restart(offset));
    }

    /** Beside no flush, and while no compaction puts segments in place of others. */
    private void exclusively(LogFlush.Action action) throws IOException {
        segments.closed().lock();
        try {
            flush.exclusively(action);
        } finally {
            segments.closed().unlock();
        }
    }

    /** Makes {@code offset}, which the log has, its start. */
    void advanceStart(long offset) {
        marks.startAt(offset);
        dropBelowStart();
    }

    /**
     * Drops the segments wholly below the log's start; while a compaction puts segments in place it
     * does nothing, since that waits for the disk, and is to be called again.
     *
     * @return how many went
     */
    int dropBelowStart() {
        if (!segments.closed().tryLock()) {
            return 0;
        }
        try {
            Segment[] list = segments.list();
            int count = 0;
            while (count < list.length - 1 && list[count + 1].baseOffset() <= marks.startOffset()) {
                count++;
            }
            dropFirst(count);
            return count;
        } finally {
            segments.closed().unlock();
        }
    }

    /** A segment whose name stays comes back at the next start, below the log start. */
    private void dropFirst(int count) {
        Segment[] list = segments.list();
        segments.removeFirst(count);
        for (int i = 0; i < count; i++) {
            try {
                dropped.add(list[i]);
            } catch (IOException e) {
                LogHealth.LOGGER.warn("cannot drop {}: {}", list[i].path(), e.getMessage());
                dropped.addClosing(list[i]);
            }
        }
        if (count > 0) {
            flush.namesChanged();
        }
    }

    private void cutTo(long offset) throws IOException {
        Segment[] list = segments.list();
        int kept = Math.max(0, LogSegments.floor(list, offset));
        Segment segment = list[kept];
        try {
            Boundary end = segment.end();
            Boundary cut =
                    offset >= end.offset()
                            ? end
                            : search.locate(segment, offset, segment.boundaries(), end);
            long largest = search.maxTimestamp(segment, cut);
            LogPoint flushed = flush.flushed();
            compactor.endAt(cut.offset());
            flush.lowerTo(new LogPoint(segment.baseOffset(), cut.position(), cut.offset()));
            saveRecoveryPoint(() -> flush.restartAt(flushed));
            segments.keepFirst(kept + 1);
            for (int i = list.length - 1; i > kept; i--) {
                dropped.add(list[i]);
            }
            segment.truncate(cut, largest);
            makeCutDurable(segment, list.length > kept + 1);
            marks.endAt(cut.offset());
            flush.namesChanged();
        } catch (CorruptBatchException e) {
            throw health.damaged(e.damage());
        }
    }

    /**
     * Before anything is written in its place: else a crash may bring back some of what was cut
     * below what follows it, and the log's last epoch would hide that.
     */
    private void makeCutDurable(Segment segment, boolean namesChanged) throws IOException {
        segment.force();
        if (namesChanged) {
            home.store().syncDirectory(home.directory());
        }
    }

    private void restart(long offset) throws IOException {
        Segment[] list = segments.list();
        LogPoint flushed = flush.flushed();
        LeaderEpochs epochs = marks.epochs();
        long start = marks.startOffset();
        compactor.endAt(0);
        flush.restartAt(new LogPoint(offset, 0, offset));
        marks.restartAt(offset);
        saveRecoveryPoint(() -> {
            flush.restartAt(flushed);
            marks.startAt(start);
            marks.epochs(epochs);
        });
        for (int i = list.length - 1; i >= 0; i--) {
            dropped.add(list[i]);
        }
        segments.replaceAll(Segment.create(home.store(), home.files(offset)));
        home.store().syncDirectory(home.directory());
    }

    /** When there is no space for it nothing is cut, and the log works on. */
    private void saveRecoveryPoint(Runnable undo) throws IOException {
        try {
            home.recoveryPoints().write();
        } catch (NoSpaceException e) {
            undo.run();
            home.disk().exhausted();
            throw new MlogException(ErrorCode.DISK_FULL, home.disk().refusal());
        }
    }
}
