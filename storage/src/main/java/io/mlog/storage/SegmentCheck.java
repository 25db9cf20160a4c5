package io.mlog.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Checks one segment: each batch's header, length and checksum, that offsets and epochs go on, and
 * its indexes. Behind a broken header it goes on where the index names a batch that is one. One
 * use, one thread.
 */
final class SegmentCheck {
    private final FileStore store;
    private final SegmentFiles files;
    private final Reach reach;
    private final @Nullable LeaderEpochs epochs;
    private final CheckReport report;
    private final ByteBuffer window;
    private @Nullable Boundary atReach;
    private long maxTimestamp = Long.MIN_VALUE;
    private boolean timesKnown = true;
    private @Nullable Damage pending;
    private int size;

    /**
     * @param epochs of the log; null when they are not known
     * @param window scratch memory
     */
    SegmentCheck(
            FileStore store,
            SegmentFiles files,
            Reach reach,
            @Nullable LeaderEpochs epochs,
            CheckReport report,
            ByteBuffer window) {
        this.store = store;
        this.files = files;
        this.reach = reach;
        this.epochs = epochs;
        this.report = report;
        this.window = window;
    }

    /**
     * What a check came to.
     *
     * @param sizeBytes of the file
     * @param end behind the last batch; null when damage hides it
     * @param atReach the first boundary at or behind the durable bytes; null when damage hides it
     */
    record Outcome(int sizeBytes, @Nullable Boundary end, @Nullable Boundary atReach) {}

    Outcome run() throws IOException {
        report.segment();
        try (StoreFile file = store.open(files.log(), FileStore.Open.READ);
                IndexCursor index = IndexCursor.open(store, files, reach, report)) {
            size = SegmentOpener.size(files.log(), file);
            Boundary first = new Boundary(files.baseOffset(), 0);
            atReach = reach.durableBytes() == 0 ? first : null;
            Boundary end = walkAll(file, first, index);
            if (end != null && index != null) {
                index.finish(end, maxTimestamp, timesKnown);
            }
            return new Outcome(size, end, atReach);
        }
    }

    private @Nullable Boundary walkAll(StoreFile file, Boundary first, @Nullable IndexCursor index)
            throws IOException {
        Boundary from = first;
        while (from != null) {
            BatchWalk walk = new BatchWalk(file, files.log(), from, size, window);
            Damage damage = walk(walk, index);
            if (damage == null) {
                // Where a bad batch ends is not known.
                boolean lastIsGood = pending == null;
                tellPending("");
                return lastIsGood ? walk.after() : null;
            }
            timesKnown = false;
            // A header that does not go on behind a batch known to be bad is a consequence of it.
            Damage told = pending == null ? damage : pending;
            pending = told;
            from = behind(file, (int) told.position(), index);
            tellPending(rest(told, from));
            if (from == null && !reach.covers((int) told.position())) {
                return walk.after();
            }
        }
        return null;
    }

    /** Walks to the end, then returns null, or to a header that does not go on. */
    private @Nullable Damage walk(BatchWalk walk, @Nullable IndexCursor index) throws IOException {
        try {
            while (walk.next()) {
                tellPending("");
                check(walk);
                if (index != null) {
                    index.meet(
                            new Boundary(walk.baseOffset(), walk.position()),
                            maxTimestamp,
                            timesKnown);
                }
                maxTimestamp = Math.max(maxTimestamp, walk.maxTimestamp());
            }
            return null;
        } catch (CorruptBatchException e) {
            return e.damage();
        }
    }

    private void check(BatchWalk walk) throws IOException {
        report.batch((long) walk.endPosition() - walk.position());
        try {
            walk.checkCrc();
            checkEpoch(walk);
        } catch (CorruptBatchException e) {
            timesKnown = false;
            pending = e.damage();
        }
        if (atReach == null && walk.endPosition() >= reach.durableBytes()) {
            atReach = walk.after();
        }
    }

    /** The epoch lies outside the checksum, so it is held against the checkpoint. */
    private void checkEpoch(BatchWalk walk) throws CorruptBatchException {
        int expected = epochs == null ? walk.leaderEpoch() : epochs.epochAt(walk.baseOffset());
        if (walk.leaderEpoch() != expected) {
            throw new CorruptBatchException(
                    new Damage(
                            files.log().toString(),
                            walk.position(),
                            walk.baseOffset(),
                            "leader epoch " + expected,
                            String.valueOf(walk.leaderEpoch())));
        }
    }

    private String rest(Damage damage, @Nullable Boundary goesOnAt) {
        return goesOnAt == null
                ? "; the " + (size - damage.position()) + " bytes from there on are unknown"
                : "; batches follow again at position " + goesOnAt.position();
    }

    private void tellPending(String more) {
        Damage damage = pending;
        if (damage != null) {
            pending = null;
            report.tell(
                    reach.covers((int) damage.position()),
                    new Damage(
                            damage.file(),
                            damage.position(),
                            damage.offset(),
                            damage.expected(),
                            damage.found() + more));
        }
    }

    /** The first batch behind {@code position} that an index entry leads to. */
    private @Nullable Boundary behind(StoreFile file, int position, @Nullable IndexCursor index)
            throws IOException {
        if (index == null) {
            return null;
        }
        for (Boundary named = index.nextAfter(position);
                named != null;
                named = index.nextAfter(position)) {
            if (named.position() < size && isBatch(file, named)) {
                return named;
            }
            index.skip();
        }
        return null;
    }

    private boolean isBatch(StoreFile file, Boundary at) throws IOException {
        try {
            return new BatchWalk(file, files.log(), at, size, window).next();
        } catch (CorruptBatchException e) {
            return false;
        }
    }
}
