package io.mlog.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What walking a segment's file gives: its index and where its good batches end. Blocks; one
 * thread.
 *
 * @param end behind the last good batch
 * @param maxTimestamp of the good batches, {@link Long#MIN_VALUE} when none
 * @param bytesSinceEntry bytes of log behind the last index entry
 * @param damage why the walk ended before the end of the file, null when it did not
 */
record SegmentLoad(
        SegmentIndex index,
        Boundary end,
        long maxTimestamp,
        int bytesSinceEntry,
        @Nullable Damage damage) {
    private static final int WINDOW_BYTES = 256 << 10;

    /** Hears of each batch that was checked. */
    interface Listener {
        /** The walk stands at the batch. */
        void checked(BatchWalk walk);
    }

    /** The same with an end that is known otherwise. */
    SegmentLoad endingAt(Boundary knownEnd) {
        return new SegmentLoad(index, knownEnd, maxTimestamp, bytesSinceEntry, damage);
    }

    /** Makes the index of a sealed segment by its headers, as far as they hold together. */
    static SegmentLoad headersOnly(
            FileStore store, SegmentFiles files, StoreFile file, Boundary end) throws IOException {
        Boundary first = new Boundary(files.baseOffset(), 0);
        SegmentLoad load =
                walk(
                        file,
                        SegmentIndex.empty(store, files),
                        first,
                        end.position(),
                        Integer.MAX_VALUE,
                        LogConfig.DEFAULT,
                        walk -> {});
        load.index.seal(end, load.maxTimestamp);
        return load;
    }

    /**
     * Walks a segment's file from the last entry of an index on, adding entries.
     *
     * @param index entries of the part before, which are believed
     * @param first the segment's first boundary
     * @param size bytes of the file
     * @param checkFrom position from which checksums are checked
     */
    static SegmentLoad walk(
            StoreFile file,
            SegmentIndex index,
            Boundary first,
            int size,
            int checkFrom,
            LogConfig config,
            Listener listener)
            throws IOException {
        Boundary from = index.last(first);
        long maxTimestamp = index.timestampBeforeLast();
        int sinceEntry = 0;
        Boundary end = from;
        Damage damage = null;
        ByteBuffer window = ByteBuffer.allocate(Math.min(WINDOW_BYTES, Math.max(size, 64)));
        BatchWalk walk = new BatchWalk(file, index.files().log(), from, size, window);
        try {
            while (walk.next()) {
                if (walk.position() >= checkFrom) {
                    walk.checkCrc();
                    listener.checked(walk);
                }
                if (sinceEntry >= config.indexIntervalBytes()) {
                    index.add(new Boundary(walk.baseOffset(), walk.position()), maxTimestamp);
                    sinceEntry = 0;
                }
                maxTimestamp = Math.max(maxTimestamp, walk.maxTimestamp());
                sinceEntry += walk.endPosition() - walk.position();
                end = walk.after();
            }
        } catch (CorruptBatchException e) {
            damage = e.damage();
        }
        return new SegmentLoad(index, end, maxTimestamp, sinceEntry, damage);
    }
}
