package io.mlog.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Finds boundaries in segments: by the boundaries met lately, then by the index and a walk of the
 * headers behind its entry. A walk that meets something else than the index promised begins again
 * at the segment's start; when that succeeds the index was wrong and is made anew.
 *
 * <p>Any thread; the caller holds the segment.
 */
final class SegmentSearch {
    private final ScanBuffers buffers;

    SegmentSearch(ScanBuffers buffers) {
        this.buffers = buffers;
    }

    /** What is done with a walk from a boundary on. */
    private interface Steps<T> {
        T take(BatchWalk walk) throws IOException, CorruptBatchException;
    }

    /** Start of the batch that holds {@code offset}, which is at most that of {@code end}. */
    Boundary locate(Segment segment, long offset, Boundaries known, Boundary end)
            throws IOException, CorruptBatchException {
        if (offset == end.offset()) {
            return end;
        }
        Boundary met = known.at(offset);
        if (met != null && met.position() <= end.position()) {
            return met;
        }
        Boundary first = segment.first();
        Boundary from = offset == first.offset() ? first : segment.index().floor(offset, first);
        return walkFrom(segment, from, first, end, walk -> find(segment, walk, offset));
    }

    private static Boundary find(Segment segment, BatchWalk walk, long offset)
            throws IOException, CorruptBatchException {
        while (walk.next()) {
            if (walk.nextOffset() > offset) {
                return new Boundary(walk.baseOffset(), walk.position());
            }
        }
        throw new CorruptBatchException(
                new Damage(
                        segment.path().toString(),
                        walk.position(),
                        offset,
                        "batches up to the next segment",
                        "the end of the file at offset " + walk.nextOffset()));
    }

    /**
     * The last boundary at most {@code maxBytes} behind {@code from}, at most {@code top}; less
     * when a batch before it is damaged.
     */
    Boundary cut(Segment segment, Boundary from, Boundary top, int maxBytes)
            throws IOException, CorruptBatchException {
        long limit = (long) from.position() + maxBytes;
        Boundary near = segment.index().floorByPosition(limit, from);
        Boundary start = near.position() > from.position() ? near : from;
        ByteBuffer window = buffers.take();
        try {
            return lastWithin(open(segment, start, top, window), limit, start);
        } catch (CorruptBatchException e) {
            return lastGood(open(segment, from, top, window), limit, from);
        } finally {
            buffers.giveBack(window);
        }
    }

    private static Boundary lastWithin(BatchWalk walk, long limit, Boundary start)
            throws IOException, CorruptBatchException {
        Boundary last = start;
        while (walk.next() && walk.endPosition() <= limit) {
            last = walk.after();
        }
        return last;
    }

    private static Boundary lastGood(BatchWalk walk, long limit, Boundary start)
            throws IOException, CorruptBatchException {
        Boundary last = start;
        try {
            while (walk.next() && walk.endPosition() <= limit) {
                last = walk.after();
            }
        } catch (CorruptBatchException e) {
            if (last.equals(start)) {
                throw e;
            }
        }
        return last;
    }

    /** The boundary behind the batch at {@code from}. */
    Boundary afterFirst(Segment segment, Boundary from, Boundary top)
            throws IOException, CorruptBatchException {
        return walkFrom(
                segment,
                from,
                from,
                top,
                walk -> {
                    walk.next();
                    return walk.after();
                });
    }

    /** The first batch from {@code from} on that is stamped at or after {@code timestampMs}. */
    @Nullable FoundBatch firstStamped(
            Segment segment, long timestampMs, long startOffset, Boundary top)
            throws IOException, CorruptBatchException {
        Boundary first = segment.first();
        Boundary from = segment.index().floorByTimestamp(timestampMs, first);
        AtomicReference<@Nullable FoundBatch> found = new AtomicReference<>();
        walkFrom(
                segment,
                from.position() > top.position() ? first : from,
                first,
                top,
                walk -> {
                    found.set(null);
                    while (found.get() == null && walk.next()) {
                        if (walk.maxTimestamp() >= timestampMs && walk.nextOffset() > startOffset) {
                            found.set(batch(walk));
                        }
                    }
                    return walk.after();
                });
        return found.get();
    }

    private static FoundBatch batch(BatchWalk walk) {
        return new FoundBatch(
                walk.baseOffset(), walk.nextOffset() - 1, walk.maxTimestamp(), walk.leaderEpoch());
    }

    /** Largest timestamp below {@code top}, {@link Long#MIN_VALUE} when there is no batch. */
    long maxTimestamp(Segment segment, Boundary top) throws IOException, CorruptBatchException {
        SegmentIndex index = segment.index();
        long before = index.timestampBefore(top.position());
        Boundary near = index.floorByPosition(top.position(), segment.first());
        ByteBuffer window = buffers.take();
        try {
            BatchWalk walk = open(segment, near, top, window);
            long largest = before;
            while (walk.next()) {
                largest = Math.max(largest, walk.maxTimestamp());
            }
            return largest;
        } finally {
            buffers.giveBack(window);
        }
    }

    /**
     * Checks the checksums and epochs of the batches between two boundaries.
     *
     * @return where the good ones end: {@code to}, or less when a later batch is damaged
     * @throws CorruptBatchException when the first one is
     */
    Verified verify(Segment segment, LeaderEpochs epochs, Boundary from, Boundary to)
            throws IOException, CorruptBatchException {
        ByteBuffer window = buffers.take();
        Boundary good = from;
        try {
            BatchWalk walk = open(segment, from, to, window);
            while (walk.next()) {
                walk.checkCrc();
                checkEpoch(segment, epochs, walk);
                good = walk.after();
            }
            return new Verified(good, null);
        } catch (CorruptBatchException e) {
            if (good.equals(from)) {
                throw e;
            }
            return new Verified(good, e.damage());
        } finally {
            buffers.giveBack(window);
        }
    }

    /**
     * Outcome of a check.
     *
     * @param end behind the last good batch
     * @param damage what follows it, null when the whole range is good
     */
    record Verified(Boundary end, @Nullable Damage damage) {}

    /** The epoch lies outside the checksum, so it is compared with the checkpoint. */
    private static void checkEpoch(Segment segment, LeaderEpochs epochs, BatchWalk walk)
            throws CorruptBatchException {
        int expected = epochs.epochAt(walk.baseOffset());
        if (expected >= 0 && walk.leaderEpoch() != expected) {
            throw new CorruptBatchException(
                    new Damage(
                            segment.path().toString(),
                            walk.position(),
                            walk.baseOffset(),
                            "leader epoch " + expected,
                            String.valueOf(walk.leaderEpoch())));
        }
    }

    private <T> T walkFrom(
            Segment segment, Boundary from, Boundary safe, Boundary top, Steps<T> steps)
            throws IOException, CorruptBatchException {
        ByteBuffer window = buffers.take();
        try {
            try {
                return steps.take(open(segment, from, top, window));
            } catch (CorruptBatchException e) {
                if (from.equals(safe)) {
                    throw e;
                }
            }
            T result = steps.take(open(segment, safe, top, window));
            LogHealth.LOGGER.warn("index of {} pointed wrong and is made again", segment.path());
            segment.rebuildIndex();
            return result;
        } finally {
            buffers.giveBack(window);
        }
    }

    private static BatchWalk open(Segment segment, Boundary from, Boundary top, ByteBuffer window) {
        return new BatchWalk(segment.file(), segment.path(), from, top.position(), window);
    }
}
