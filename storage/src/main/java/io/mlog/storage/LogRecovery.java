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
    private final List<Segment> segments = new ArrayList<>();
    private final List<Damage> damages = new ArrayList<>();
    private LeaderEpochs epochs = LeaderEpochs.EMPTY;
    private LeaderEpochs savedEpochs = LeaderEpochs.EMPTY;
    private long scannedBytes;
    private long cutBytes;
    private String cutReason = "";
    private boolean clean;

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
            segments.forEach(Segment::release);
            throw e;
        }
    }

    private Recovered recover() throws IOException {
        List<SegmentFiles> found = new SegmentListing(home).read();
        boolean epochsKnown = readEpochs();
        long start = point == null ? 0 : point.logStartOffset();
        if (!found.isEmpty()) {
            start = Math.max(start, found.get(0).baseOffset());
        }
        open(found);
        if (end() < start) {
            restartAt(start);
        }
        if (!epochsKnown) {
            readEpochsFromBatches();
        }
        epochs = epochs.endingAt(end()).startingAt(start);
        RecoveryReport report =
                new RecoveryReport(clean, scannedBytes, cutBytes, cutReason, List.copyOf(damages));
        return new Recovered(segments, epochs, savedEpochs, start, report);
    }

    private long end() {
        return segments.get(segments.size() - 1).end().offset();
    }

    /** Reads the epochs file; false when there is none or it is damaged. */
    private boolean readEpochs() throws IOException {
        Path file = home.directory().resolve(LogFlush.EPOCHS_FILE);
        try {
            savedEpochs =
                    LeaderEpochs.decode(
                            CheckedFile.read(home.store(), file, FileKind.LEADER_EPOCHS));
            epochs = savedEpochs;
            return true;
        } catch (NoSuchFileException e) {
            return false;
        } catch (DamagedFileException e) {
            damages.add(e.damage());
        } catch (IllegalArgumentException e) {
            String found = String.valueOf(e.getMessage());
            damages.add(new Damage(file.toString(), 16, -1, "rising epochs", found));
        }
        return false;
    }

    private void readEpochsFromBatches() throws IOException {
        epochs = LeaderEpochs.EMPTY;
        for (Segment segment : segments) {
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
                    noteEpoch(walk);
                }
            } catch (CorruptBatchException e) {
                damages.add(e.damage());
            }
        }
    }

    private void noteEpoch(BatchWalk walk) {
        epochs = epochs.with(walk.leaderEpoch(), walk.baseOffset());
    }

    private void open(List<SegmentFiles> found) throws IOException {
        int from = firstToScan(found);
        for (int i = 0; i < from; i++) {
            segments.add(openTrusted(found.get(i), found.get(i + 1).baseOffset()));
        }
        if (from < found.size() && fitsStop(found, from)) {
            clean = true;
            openActiveUnscanned(found.get(from));
            return;
        }
        new TailScan(found, from).run();
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

    private boolean fitsStop(List<SegmentFiles> found, int last) throws IOException {
        if (!stoppedCleanly || point == null || last != found.size() - 1) {
            return false;
        }
        SegmentFiles files = found.get(last);
        try (StoreFile file = home.store().open(files.log(), FileStore.Open.READ)) {
            return files.baseOffset() == point.durable().segmentBase()
                    && file.size() == point.durable().position();
        }
    }

    /** A sealed segment before the recovery point. */
    private Segment openTrusted(SegmentFiles files, long nextBase) throws IOException {
        StoreFile file = home.store().open(files.log(), FileStore.Open.WRITE);
        Boundary end = new Boundary(nextBase, size(files, file));
        SealedIndexCheck check = SealedIndexCheck.of(home.store(), files, end);
        if (check.good()) {
            return Segment.sealed(home.store(), files, file, end, check.maxTimestamp(), null);
        }
        SegmentLoad load = SegmentLoad.headersOnly(home.store(), files, file, end);
        if (load.damage() != null) {
            damages.add(load.damage());
        } else if (load.end().offset() != nextBase) {
            damages.add(hole(files, load.end(), nextBase));
        }
        return Segment.sealed(home.store(), files, file, end, load.maxTimestamp(), load.index());
    }

    private static Damage hole(SegmentFiles files, Boundary end, long nextBase) {
        return new Damage(
                files.log().toString(),
                end.position(),
                end.offset(),
                "batches up to offset " + nextBase,
                "the end of the file");
    }

    /** The active segment of a log that was stopped cleanly: its end is known. */
    private void openActiveUnscanned(SegmentFiles files) throws IOException {
        StoreFile file = home.store().open(files.log(), FileStore.Open.WRITE);
        int size = size(files, file);
        SegmentLoad load = walk(files, file, size, Integer.MAX_VALUE, walk -> {});
        if (load.damage() != null) {
            damages.add(load.damage());
        }
        SegmentLoad known = load.endingAt(new Boundary(pointOffset(), size));
        long modified = home.store().lastModifiedMs(files.log());
        segments.add(Segment.active(home.store(), files, file, size, known, modified));
    }

    private long pointOffset() {
        return point == null ? 0 : point.durable().offset();
    }

    private SegmentLoad walk(
            SegmentFiles files,
            StoreFile file,
            int size,
            int checkFrom,
            SegmentLoad.Listener listener)
            throws IOException {
        SegmentIndex index = SegmentIndex.load(home.store(), files, false);
        Boundary first = new Boundary(files.baseOffset(), 0);
        int believed = Math.min(size, checkFrom);
        SegmentIndex usable =
                index == null
                        ? SegmentIndex.empty(home.store(), files)
                        : index.last(first).position() < believed ? index : index.cutAt(believed);
        SegmentLoad load = SegmentLoad.walk(file, usable, first, size, checkFrom, config, listener);
        if (load.end().position() < believed && usable.count() > 0) {
            SegmentIndex anew = SegmentIndex.empty(home.store(), files);
            load = SegmentLoad.walk(file, anew, first, size, checkFrom, config, listener);
        }
        return load;
    }

    private void sealDamaged(SegmentFiles files, StoreFile file, Boundary end, SegmentLoad load)
            throws IOException {
        load.index().seal(end, load.maxTimestamp());
        segments.add(
                Segment.sealed(home.store(), files, file, end, load.maxTimestamp(), load.index()));
    }

    private void startAt(long offset) throws IOException {
        segments.add(Segment.create(home.store(), home.files(offset)));
        home.store().syncDirectory(home.directory());
    }

    /** The log ended below its start: nothing of it is readable. */
    private void restartAt(long offset) throws IOException {
        for (Segment segment : segments) {
            segment.files().renameAway(home.store());
            segment.closeUnlessHeld();
            segment.files().unlink(home.store());
        }
        segments.clear();
        startAt(offset);
    }

    private static int size(SegmentFiles files, StoreFile file) throws IOException {
        long size = file.size();
        if (size > Integer.MAX_VALUE) {
            throw CheckedFile.damaged(files.log(), 0, "a segment below 2 GiB", size + " bytes");
        }
        return (int) size;
    }

    /** Scans the segments from the recovery point on; checks, cuts, keeps. */
    private final class TailScan {
        private final List<SegmentFiles> found;
        private final int from;
        private long expected;

        TailScan(List<SegmentFiles> found, int from) {
            this.found = found;
            this.from = from;
            this.expected = point == null ? 0 : point.logStartOffset();
        }

        void run() throws IOException {
            for (int i = from; i < found.size(); i++) {
                SegmentFiles files = found.get(i);
                Long next = i == found.size() - 1 ? null : found.get(i + 1).baseOffset();
                if (i > from && files.baseOffset() != expected && !bridge(files)) {
                    cutFrom(
                            i,
                            "segment begins at offset " + files.baseOffset() + ", not " + expected);
                    break;
                }
                if (!scan(files, holdsPoint(files) ? pointPosition() : 0, next)) {
                    cutFrom(i + 1, "");
                    break;
                }
            }
            if (segments.isEmpty() || expected < pointOffset() || lastSegment().isSealed()) {
                startBehindPoint();
            }
            home.store().syncDirectory(home.directory());
        }

        /** The bytes up to the recovery point are not all there: their offsets stay unused. */
        private void startBehindPoint() throws IOException {
            if (!segments.isEmpty() && !lastSegment().isSealed()) {
                lastSegment().seal();
            }
            if (expected < pointOffset()) {
                SegmentFiles files =
                        segments.isEmpty() ? home.files(expected) : lastSegment().files();
                Boundary end = segments.isEmpty() ? new Boundary(expected, 0) : lastSegment().end();
                damages.add(hole(files, end, pointOffset()));
            }
            startAt(Math.max(expected, pointOffset()));
        }

        private Segment lastSegment() {
            return segments.get(segments.size() - 1);
        }

        private boolean holdsPoint(SegmentFiles files) {
            return point != null && files.baseOffset() == point.durable().segmentBase();
        }

        private int pointPosition() {
            return point == null ? 0 : point.durable().position();
        }

        /** Whether a gap before a segment is damage to step over rather than a tail to cut. */
        private boolean bridge(SegmentFiles files) {
            boolean durable = files.baseOffset() <= pointOffset() || point == null;
            if (durable && files.baseOffset() > expected) {
                Segment before = segments.get(segments.size() - 1);
                damages.add(hole(before.files(), before.end(), files.baseOffset()));
                return true;
            }
            return false;
        }

        /** Checks and keeps a segment; false when the log ends in it. */
        private boolean scan(SegmentFiles files, int checkFrom, @Nullable Long nextBase)
                throws IOException {
            StoreFile file = home.store().open(files.log(), FileStore.Open.WRITE);
            long modified = home.store().lastModifiedMs(files.log());
            int size = size(files, file);
            SegmentLoad load = walk(files, file, size, checkFrom, LogRecovery.this::noteEpoch);
            if (load.end().position() < checkFrom) {
                damages.add(
                        load.damage() == null ? shorter(files, load, checkFrom) : load.damage());
                if (size < checkFrom) {
                    sealDamaged(files, file, load.end(), load);
                    expected = Math.max(load.end().offset(), pointOffset());
                    return true;
                }
                load = walkBehindPoint(file, size, load);
            }
            scannedBytes += load.end().position() - checkFrom;
            expected = load.end().offset();
            Damage damage = load.damage();
            if (damage != null && point == null && nextBase != null && nextBase >= expected) {
                file.close();
                damages.add(damage);
                segments.add(openTrusted(files, nextBase));
                expected = nextBase;
                return true;
            }
            if (damage != null) {
                cutBytes += size - load.end().position();
                cutReason = damage.toString();
                file.truncate(load.end().position());
            }
            makeDurable(file, checkFrom, load.end().position());
            keep(files, file, checkFrom, load, modified);
            return damage == null;
        }

        /** The headers before the recovery point are damaged: goes on at the point itself. */
        private SegmentLoad walkBehindPoint(StoreFile file, int size, SegmentLoad before)
                throws IOException {
            Boundary at = new Boundary(pointOffset(), pointPosition());
            SegmentIndex index = before.index();
            index.add(at, before.maxTimestamp());
            return SegmentLoad.walk(
                    file, index, at, size, at.position(), config, LogRecovery.this::noteEpoch);
        }

        private Damage shorter(SegmentFiles files, SegmentLoad load, int checkFrom) {
            return new Damage(
                    files.log().toString(),
                    load.end().position(),
                    load.end().offset(),
                    checkFrom + " bytes up to offset " + pointOffset(),
                    load.end().position() + " bytes");
        }

        private void keep(
                SegmentFiles files, StoreFile file, int checkFrom, SegmentLoad load, long modified)
                throws IOException {
            if (!segments.isEmpty() && !lastSegment().isSealed()) {
                lastSegment().seal();
            }
            segments.add(Segment.active(home.store(), files, file, checkFrom, load, modified));
        }

        /** Writes what was kept once more and waits for the disk. */
        private void makeDurable(StoreFile file, int from, int to) throws IOException {
            ByteBuffer copy = ByteBuffer.allocate(Math.min(COPY_BYTES, Math.max(0, to - from)));
            for (int at = from; at < to; at += copy.limit()) {
                copy.clear().limit(Math.min(copy.capacity(), to - at));
                file.read(copy, at);
                file.write(copy.flip(), at);
            }
            file.force();
        }

        private void cutFrom(int first, String reason) throws IOException {
            for (int i = found.size() - 1; i >= first; i--) {
                SegmentFiles files = found.get(i);
                try (StoreFile file = home.store().open(files.log(), FileStore.Open.READ)) {
                    cutBytes += file.size();
                }
                files.renameAway(home.store());
                files.unlink(home.store());
                cutReason = cutReason.isEmpty() ? reason : cutReason;
            }
        }
    }
}
