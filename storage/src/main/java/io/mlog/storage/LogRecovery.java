package io.mlog.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Opens a log found on disk. Reads from the recovery point on only: what lies before it was fsynced
 * and checked; what lies behind may be torn and is cut at the last whole batch with a good
 * checksum, and what stays is written again and fsynced, since the process before may have seen an
 * fsync fail, after which pages that never reached the disk look clean.
 *
 * <p>What is missing or wrong <em>before</em> the recovery point is damage: it is reported, kept as
 * it is and never served, and its offsets are not given again. When there is no recovery point, a
 * bad batch in a closed segment counts as damage and in the last segment as a torn tail.
 *
 * <p>One use, one thread; blocks.
 */
final class LogRecovery {
    private static final int COPY_BYTES = 256 << 10;

    private final LogHome home;
    private final LogConfig config;
    private final @Nullable RecoveryPoint point;
    private final boolean stoppedCleanly;
    private final RecoveryNotes notes = new RecoveryNotes();
    private final SegmentOpener opener;
    private LeaderEpochs savedEpochs = LeaderEpochs.EMPTY;

    /**
     * @param point null when there is none for this log
     * @param stoppedCleanly whether the stop marker was there
     */
    LogRecovery(
            LogHome home, LogConfig config, @Nullable RecoveryPoint point, boolean stoppedCleanly) {
        this.home = home;
        this.config = config;
        this.point = point;
        this.stoppedCleanly = stoppedCleanly;
        this.opener = new SegmentOpener(home, config, notes);
    }

    /**
     * A log as it was found and repaired.
     *
     * @param epochs of its batches
     * @param savedEpochs of the epochs file
     */
    record Recovered(
            List<Segment> segments,
            LeaderEpochs epochs,
            LeaderEpochs savedEpochs,
            long logStartOffset,
            RecoveryReport report) {}

    Recovered run() throws IOException {
        try {
            return recover();
        } catch (IOException | RuntimeException e) {
            notes.segments.forEach(Segment::release);
            throw e;
        }
    }

    private Recovered recover() throws IOException {
        List<SegmentFiles> found = dropOfBeforeRestart(new SegmentListing(home).read());
        boolean epochsKnown = readEpochs();
        long start = point == null ? 0 : point.logStartOffset();
        if (!found.isEmpty()) {
            start = Math.max(start, found.get(0).baseOffset());
        }
        open(found);
        if (notes.endOffset() < start) {
            restartAt(start);
        }
        if (!epochsKnown) {
            readEpochsFromBatches();
        }
        LeaderEpochs epochs = notes.epochs.endingAt(notes.endOffset()).startingAt(start);
        saveEpochs(epochs);
        return new Recovered(notes.segments, epochs, savedEpochs, start, notes.report());
    }

    /**
     * What was scanned counts as flushed from now on, and the next start reads the epochs of that
     * from their file alone. On a full disk the first flush saves them, as the recovery point has
     * no space either.
     */
    private void saveEpochs(LeaderEpochs epochs) throws IOException {
        if (epochs.encode().equals(savedEpochs.encode())) {
            return;
        }
        try {
            CheckedFile.replace(
                    home.store(),
                    home.directory().resolve(LogFlush.EPOCHS_FILE),
                    FileKind.LEADER_EPOCHS,
                    epochs.encode());
            savedEpochs = epochs;
        } catch (NoSpaceException full) {
            LogHealth.LOGGER.warn(
                    "the leader epochs of {} are not saved yet: {}",
                    home.topicPartition(),
                    full.getMessage());
        }
    }

    /**
     * When the log was empty at the recovery point, a segment that begins below it is one that
     * should have gone when the log began anew there.
     */
    private List<SegmentFiles> dropOfBeforeRestart(List<SegmentFiles> found) throws IOException {
        if (point == null || !point.isEmptyThere()) {
            return found;
        }
        List<SegmentFiles> kept = new ArrayList<>();
        for (SegmentFiles each : found) {
            if (each.baseOffset() >= point.logStartOffset()) {
                kept.add(each);
            } else {
                each.renameAway(home.store());
                each.unlink(home.store());
            }
        }
        return kept;
    }

    /** Reads the epochs file; false when there is none or it is damaged. */
    private boolean readEpochs() throws IOException {
        Path file = home.directory().resolve(LogFlush.EPOCHS_FILE);
        try {
            savedEpochs =
                    LeaderEpochs.decode(
                            CheckedFile.read(home.store(), file, FileKind.LEADER_EPOCHS));
            notes.epochs = savedEpochs;
            return true;
        } catch (NoSuchFileException e) {
            return false;
        } catch (DamagedFileException e) {
            notes.damages.add(e.damage());
        } catch (IllegalArgumentException e) {
            String found = String.valueOf(e.getMessage());
            notes.damages.add(new Damage(file.toString(), 16, -1, "rising epochs", found));
        }
        return false;
    }

    private void readEpochsFromBatches() throws IOException {
        notes.epochs = LeaderEpochs.EMPTY;
        for (Segment segment : notes.segments) {
            ByteBuffer window = ByteBuffer.allocate(COPY_BYTES);
            BatchWalk walk =
                    new BatchWalk(
                            segment.file(),
                            segment.path(),
                            segment.first(),
                            segment.end().position(),
                            window);
            try {
                while (walk.next()) {
                    notes.noteEpoch(walk);
                }
            } catch (CorruptBatchException e) {
                notes.damages.add(e.damage());
            }
        }
    }

    private void open(List<SegmentFiles> found) throws IOException {
        int from = firstToScan(found);
        for (int i = 0; i < from; i++) {
            notes.segments.add(opener.openTrusted(found.get(i), found.get(i + 1).baseOffset()));
        }
        if (point != null && from < found.size() && fitsStop(point, found, from)) {
            notes.clean = true;
            openActiveUnscanned(found.get(from), point.durable().offset());
            return;
        }
        new TailScan(home, config, point, opener, notes, found, from).run();
    }

    /** Index of the segment that holds the recovery point; 0 when everything must be scanned. */
    private int firstToScan(List<SegmentFiles> found) {
        if (point == null) {
            return 0;
        }
        int first = 0;
        for (int i = 0; i < found.size(); i++) {
            if (found.get(i).baseOffset() <= point.durable().segmentBase()) {
                first = i;
            }
        }
        return first;
    }

    private boolean fitsStop(RecoveryPoint point, List<SegmentFiles> found, int last)
            throws IOException {
        if (!stoppedCleanly || last != found.size() - 1) {
            return false;
        }
        SegmentFiles files = found.get(last);
        try (StoreFile file = home.store().open(files.log(), FileStore.Open.READ)) {
            return files.baseOffset() == point.durable().segmentBase()
                    && file.size() == point.durable().position();
        }
    }

    /** The active segment of a log that was stopped cleanly: its end is known. */
    private void openActiveUnscanned(SegmentFiles files, long knownEnd) throws IOException {
        StoreFile file = home.store().open(files.log(), FileStore.Open.WRITE);
        int size = SegmentOpener.size(files.log(), file);
        SegmentLoad load = opener.walk(files, file, size, Integer.MAX_VALUE, walk -> {});
        if (load.damage() != null) {
            notes.damages.add(load.damage());
        }
        SegmentLoad known = load.endingAt(new Boundary(knownEnd, size));
        long modified = home.store().lastModifiedMs(files.log());
        notes.segments.add(Segment.active(home.store(), files, file, size, known, modified));
    }

    /** The log ended below its start: nothing of it is readable. */
    private void restartAt(long offset) throws IOException {
        for (Segment segment : notes.segments) {
            segment.files().renameAway(home.store());
            segment.closeUnlessHeld();
            segment.files().unlink(home.store());
        }
        notes.segments.clear();
        opener.startAt(offset);
    }
}
