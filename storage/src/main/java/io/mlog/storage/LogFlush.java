package io.mlog.storage;

import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Makes a log durable beside its writer, and knows up to where it is. One flush at a time; a
 * truncation waits for the flush in progress and holds {@link #exclusively the same lock}, so no
 * flush that began before it can report what it cut.
 */
final class LogFlush {
    static final String EPOCHS_FILE = "leader-epochs";

    private final ReentrantLock lock = new ReentrantLock();
    private final LogHome home;
    private final LogSegments segments;
    private final LogHealth health;
    private final Supplier<LeaderEpochs> epochs;
    private final ProducerSnapshots snapshots;
    private volatile LogPoint flushed;
    private volatile boolean namesDirty;
    private LeaderEpochs savedEpochs;

    /**
     * @param flushed what recovery made durable
     * @param savedEpochs what the epochs file holds
     */
    LogFlush(
            LogHome home,
            LogSegments segments,
            LogHealth health,
            Supplier<LeaderEpochs> epochs,
            ProducerSnapshots snapshots,
            LogPoint flushed,
            LeaderEpochs savedEpochs) {
        this.home = home;
        this.segments = segments;
        this.health = health;
        this.epochs = epochs;
        this.snapshots = snapshots;
        this.flushed = flushed;
        this.savedEpochs = savedEpochs;
    }

    LogPoint flushed() {
        return flushed;
    }

    /** A file of the log was created, renamed or deleted. */
    void namesChanged() {
        namesDirty = true;
    }

    /** Something to do while no flush is in progress. */
    interface Action {
        /** Runs with the lock held. */
        void run() throws IOException;
    }

    /** Runs while no flush is in progress. */
    void exclusively(Action action) throws IOException {
        lock.lock();
        try {
            action.run();
        } finally {
            lock.unlock();
        }
    }

    /** Nothing above {@code point} counts as durable; the caller holds the lock. */
    void lowerTo(LogPoint point) {
        if (!lock.isHeldByCurrentThread()) {
            throw new IllegalStateException("lowered without the lock");
        }
        if (point.offset() < flushed.offset()) {
            flushed = point;
        }
    }

    /**
     * Everything below {@code point} counts as durable: the log begins anew there, or was not cut
     * after all; the caller holds the lock.
     */
    void restartAt(LogPoint point) {
        if (!lock.isHeldByCurrentThread()) {
            throw new IllegalStateException("restarted without the lock");
        }
        flushed = point;
    }

    long flush() {
        lock.lock();
        try {
            health.check();
            flushAll();
            return flushed.offset();
        } finally {
            lock.unlock();
        }
    }

    private void flushAll() {
        Segment[] list = segments.list();
        Segment last = list[list.length - 1];
        Boundaries known = last.boundaries();
        Boundary end = last.end();
        List<Segment> dirty = dirtySegments(list);
        // Taken after the end: an epoch is noted before its first batch can be seen.
        LeaderEpochs wanted = epochs.get();
        if (!dirty.isEmpty() || namesDirty || wanted != savedEpochs) {
            force(dirty, last, end);
            saveEpochs(wanted);
            known.remember(end);
            flushed = new LogPoint(last.baseOffset(), end.position(), end.offset());
        }
        writeSnapshot();
    }

    private static List<Segment> dirtySegments(Segment[] list) {
        List<Segment> dirty = new ArrayList<>(2);
        for (int i = list.length - 1; i >= 0; i--) {
            if (!list[i].isFlushed()) {
                dirty.add(list[i]);
            } else if (i < list.length - 1) {
                break;
            }
        }
        return dirty;
    }

    private void force(List<Segment> dirty, Segment last, Boundary end) {
        try {
            for (Segment segment : dirty) {
                forceHeld(segment, segment == last ? end.position() : segment.end().position());
            }
            if (namesDirty) {
                namesDirty = false;
                home.store().syncDirectory(home.directory());
            }
        } catch (IOException e) {
            throw health.fail("a failed fsync, which cannot be repeated,", e);
        }
    }

    private static void forceHeld(Segment segment, int upTo) throws IOException {
        if (!segment.retain()) {
            return; // dropped by retention meanwhile: nothing to keep
        }
        try {
            segment.force();
            segment.flushed(upTo);
        } finally {
            segment.release();
        }
    }

    private void saveEpochs(LeaderEpochs wanted) {
        if (wanted == savedEpochs) {
            return;
        }
        try {
            CheckedFile.replace(
                    home.store(),
                    home.directory().resolve(EPOCHS_FILE),
                    FileKind.LEADER_EPOCHS,
                    wanted.encode());
            savedEpochs = wanted;
        } catch (NoSpaceException e) {
            home.disk().exhausted();
            throw new MlogException(ErrorCode.DISK_FULL, home.disk().refusal());
        } catch (IOException e) {
            throw health.fail("the leader epochs could not be saved", e);
        }
    }

    private void writeSnapshot() {
        try {
            snapshots.writeTaken();
        } catch (IOException e) {
            LogHealth.LOGGER.warn(
                    "producer state of {} is not saved, the next start may take longer: {}",
                    home.topicPartition(),
                    e.getMessage());
        }
    }
}
