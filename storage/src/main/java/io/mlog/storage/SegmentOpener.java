package io.mlog.storage;

import java.io.IOException;
import java.nio.file.Path;

/** Opens the segments of a log in the ways that its recovery needs. One thread; blocks. */
final class SegmentOpener {
    private final LogHome home;
    private final LogConfig config;
    private final RecoveryNotes notes;

    SegmentOpener(LogHome home, LogConfig config, RecoveryNotes notes) {
        this.home = home;
        this.config = config;
        this.notes = notes;
    }

    /** A sealed segment before the recovery point. */
    Segment openTrusted(SegmentFiles files, long nextBase) throws IOException {
        StoreFile file = home.store().open(files.log(), FileStore.Open.WRITE);
        Boundary end = new Boundary(nextBase, size(files.log(), file));
        SealedIndexCheck check = SealedIndexCheck.of(home.store(), files, end);
        if (check.good()) {
            return Segment.sealed(home.store(), files, file, end, check.maxTimestamp(), null);
        }
        SegmentLoad load = SegmentLoad.headersOnly(home.store(), files, file, end);
        if (load.damage() != null) {
            notes.damages.add(load.damage());
        } else if (load.end().offset() != nextBase) {
            notes.damages.add(hole(files, load.end(), nextBase));
        }
        return Segment.sealed(home.store(), files, file, end, load.maxTimestamp(), load.index());
    }

    /** Batches that should be there and are not. */
    static Damage hole(SegmentFiles files, Boundary end, long nextBase) {
        return new Damage(
                files.log().toString(),
                end.position(),
                end.offset(),
                "batches up to offset " + nextBase,
                "the end of the file");
    }

    /**
     * Walks a segment by its index as far as it is believed, header by header up to {@code
     * checkFrom}, and by checksums behind.
     */
    SegmentLoad walk(
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

    /** Keeps a segment as it is; what lies behind {@code end} answers as damaged. */
    void sealDamaged(SegmentFiles files, StoreFile file, Boundary end, SegmentLoad load)
            throws IOException {
        load.index().seal(end, load.maxTimestamp());
        notes.segments.add(
                Segment.sealed(home.store(), files, file, end, load.maxTimestamp(), load.index()));
    }

    /** Begins a new segment, durably. */
    void startAt(long offset) throws IOException {
        notes.segments.add(Segment.create(home.store(), home.files(offset)));
        home.store().syncDirectory(home.directory());
    }

    /** The size of a segment's file, which this room never lets grow beyond 2 GiB. */
    static int size(Path path, StoreFile file) throws IOException {
        long size = file.size();
        if (size > Integer.MAX_VALUE) {
            throw CheckedFile.damaged(path, 0, "a segment below 2 GiB", size + " bytes");
        }
        return (int) size;
    }
}
