package io.mlog.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The part of a recovery that reads: scans the segments from the recovery point on, cuts a torn
 * tail, keeps the rest, and makes what it kept durable. One use, one thread; blocks.
 */
final class TailScan {
    private static final int COPY_BYTES = 256 << 10;

    private final LogHome home;
    private final LogConfig config;
    private final @Nullable RecoveryPoint point;
    private final SegmentOpener opener;
    private final RecoveryNotes notes;
    private final List<SegmentFiles> found;
    private final int from;
    private long expected;

    /**
     * @param found all segments, in order
     * @param from index of the one where the scan begins; those before are open already
     */
    TailScan(
            LogHome home,
            LogConfig config,
            @Nullable RecoveryPoint point,
            SegmentOpener opener,
            RecoveryNotes notes,
            List<SegmentFiles> found,
            int from) {
        this.home = home;
        this.config = config;
        this.point = point;
        this.opener = opener;
        this.notes = notes;
        this.found = found;
        this.from = from;
        this.expected = point == null ? 0 : point.logStartOffset();
    }

    void run() throws IOException {
        if (point != null) {
            // What the checkpoint says about the tail may be about a tail that was cut.
            notes.epochs = notes.epochs.endingAt(pointOffset());
        }
        for (int i = from; i < found.size(); i++) {
            SegmentFiles files = found.get(i);
            Long next = i == found.size() - 1 ? null : found.get(i + 1).baseOffset();
            if (i > from && files.baseOffset() != expected && !bridge(files)) {
                cutFrom(i, "segment begins at offset " + files.baseOffset() + ", not " + expected);
                break;
            }
            if (!scan(files, holdsPoint(files) ? pointPosition() : 0, next)) {
                cutFrom(i + 1, "");
                break;
            }
        }
        if (notes.segments.isEmpty()
                || expected < pointOffset()
                || notes.lastSegment().isSealed()) {
            startBehindPoint();
        }
        home.store().syncDirectory(home.directory());
    }

    /** The bytes up to the recovery point are not all there: their offsets stay unused. */
    private void startBehindPoint() throws IOException {
        if (!notes.segments.isEmpty() && !notes.lastSegment().isSealed()) {
            notes.lastSegment().seal();
        }
        if (expected < pointOffset()) {
            SegmentFiles files =
                    notes.segments.isEmpty() ? home.files(expected) : notes.lastSegment().files();
            Boundary end =
                    notes.segments.isEmpty()
                            ? new Boundary(expected, 0)
                            : notes.lastSegment().end();
            notes.damages.add(SegmentOpener.hole(files, end, pointOffset()));
        }
        opener.startAt(Math.max(expected, pointOffset()));
    }

    private boolean holdsPoint(SegmentFiles files) {
        return point != null && files.baseOffset() == point.durable().segmentBase();
    }

    private long pointOffset() {
        return point == null ? 0 : point.durable().offset();
    }

    private int pointPosition() {
        return point == null ? 0 : point.durable().position();
    }

    /** Whether a gap before a segment is damage to step over rather than a tail to cut. */
    private boolean bridge(SegmentFiles files) {
        boolean durable = files.baseOffset() <= pointOffset() || point == null;
        if (durable && files.baseOffset() > expected) {
            Segment before = notes.lastSegment();
            notes.damages.add(SegmentOpener.hole(before.files(), before.end(), files.baseOffset()));
            return true;
        }
        return false;
    }

    /** Checks and keeps a segment; false when the log ends in it. */
    private boolean scan(SegmentFiles files, int checkFrom, @Nullable Long nextBase)
            throws IOException {
        StoreFile file = home.store().open(files.log(), FileStore.Open.WRITE);
        long modified = home.store().lastModifiedMs(files.log());
        int size = SegmentOpener.size(files.log(), file);
        SegmentLoad load = opener.walk(files, file, size, checkFrom, notes::noteEpoch);
        if (load.end().position() < checkFrom) {
            notes.damages.add(
                    load.damage() == null ? shorter(files, load, checkFrom) : load.damage());
            if (size < checkFrom) {
                opener.sealDamaged(files, file, load.end(), load);
                expected = Math.max(load.end().offset(), pointOffset());
                return true;
            }
            load = walkBehindPoint(file, size, load);
        }
        notes.scannedBytes += load.end().position() - checkFrom;
        expected = load.end().offset();
        Damage damage = load.damage();
        if (damage != null && point == null && nextBase != null && nextBase >= expected) {
            file.close();
            notes.damages.add(damage);
            notes.segments.add(opener.openTrusted(files, nextBase));
            expected = nextBase;
            return true;
        }
        if (damage != null) {
            notes.cutBytes += size - load.end().position();
            notes.noteCut(damage.toString());
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
        return SegmentLoad.walk(file, index, at, size, at.position(), config, notes::noteEpoch);
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
        if (!notes.segments.isEmpty() && !notes.lastSegment().isSealed()) {
            notes.lastSegment().seal();
        }
        notes.segments.add(Segment.active(home.store(), files, file, checkFrom, load, modified));
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
                notes.cutBytes += file.size();
            }
            files.renameAway(home.store());
            files.unlink(home.store());
            notes.noteCut(reason);
        }
    }
}
