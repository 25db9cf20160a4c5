package io.mlog.storage;

import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import io.mlog.records.RecordsSlice;
import java.io.IOException;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads a log beside its writer: any thread, no lock. Works on a list of segments taken once and
 * holds the segment it reads; when that was dropped meanwhile it looks again.
 */
final class LogReader {
    private final String name;
    private final LogSegments segments;
    private final LogHealth health;
    private final LongSupplier logStartOffset;
    private final Supplier<LeaderEpochs> epochs;
    private final SegmentSearch search;

    LogReader(
            String name,
            LogSegments segments,
            LogHealth health,
            LongSupplier logStartOffset,
            Supplier<LeaderEpochs> epochs,
            SegmentSearch search) {
        this.name = name;
        this.segments = segments;
        this.health = health;
        this.logStartOffset = logStartOffset;
        this.epochs = epochs;
        this.search = search;
    }

    RecordsSlice read(long offset, int maxBytes, long limitOffset, boolean atLeastOneBatch) {
        while (true) {
            health.check();
            Segment[] list = segments.list();
            checkRange(offset, list);
            if (offset >= Math.min(limitOffset, logEnd(list))) {
                return RecordsSlice.EMPTY;
            }
            int i = LogSegments.floor(list, offset);
            if (i < 0) {
                throw health.damaged(missing(list[0], offset));
            }
            Segment segment = list[i];
            if (!segment.retain()) {
                continue;
            }
            RecordsSlice slice = null;
            try {
                checkNoHole(list, i, offset);
                slice = slice(segment, offset, maxBytes, limitOffset, atLeastOneBatch);
                return slice == null ? RecordsSlice.EMPTY : slice;
            } catch (CorruptBatchException e) {
                segment.distrust();
                throw health.damaged(e.damage());
            } catch (IOException e) {
                throw unreadable(segment, e);
            } finally {
                if (slice == null) {
                    segment.release();
                }
            }
        }
    }

    /** See {@link PartitionLog#isAtHand}. */
    boolean isAtHand(long offset, int maxBytes) {
        Segment[] list = segments.list();
        int i = LogSegments.floor(list, offset);
        if (i < 0 || offset >= list[i].end().offset()) {
            return true; // there is nothing to read, which is told at once
        }
        Segment segment = list[i];
        if (!segment.retain()) {
            return false;
        }
        try {
            return segment.isAtHand(offset, maxBytes);
        } catch (IOException e) {
            return false; // reading says what is wrong
        } finally {
            segment.release();
        }
    }

    private @Nullable RecordsSlice slice(
            Segment segment, long offset, int maxBytes, long limitOffset, boolean atLeastOneBatch)
            throws IOException, CorruptBatchException {
        Boundaries known = segment.boundaries();
        Boundary end = segment.end();
        Boundary from = search.locate(segment, offset, known, end);
        Boundary top =
                limitOffset >= end.offset() ? end : search.locate(segment, limitOffset, known, end);
        if (top.position() <= from.position()) {
            return null;
        }
        Boundary to = top;
        if (top.position() - from.position() > maxBytes) {
            to = search.cut(segment, from, top, maxBytes);
            if (to.position() == from.position()) {
                if (!atLeastOneBatch) {
                    return null;
                }
                to = search.afterFirst(segment, from, top);
            }
        }
        to = checked(segment, from, to);
        known.remember(to);
        return new SegmentSlice(segment, from.position(), to.position() - from.position());
    }

    /** Where the part that may be served ends. */
    private Boundary checked(Segment segment, Boundary from, Boundary to)
            throws IOException, CorruptBatchException {
        if (!segment.needsCheck(from.position(), to.position())) {
            return to;
        }
        SegmentSearch.Verified verified = search.verify(segment, epochs.get(), from, to);
        segment.checked(from.position(), verified.end().position());
        Damage damage = verified.damage();
        if (damage != null) {
            health.damaged(damage);
        }
        return verified.end();
    }

    Optional<FoundBatch> offsetForTimestamp(long timestampMs, long limitOffset) {
        health.check();
        Segment[] list = segments.list();
        for (int i = 0; i < list.length && list[i].baseOffset() < limitOffset; i++) {
            Segment segment = list[i];
            if (segment.maxTimestamp() < timestampMs || !segment.retain()) {
                continue;
            }
            FoundBatch found = firstStamped(segment, timestampMs, limitOffset);
            if (found != null) {
                return Optional.of(found);
            }
        }
        return Optional.empty();
    }

    private @Nullable FoundBatch firstStamped(Segment held, long timestampMs, long limitOffset) {
        try {
            Boundary top = topBelow(held, limitOffset);
            return search.firstStamped(held, timestampMs, logStartOffset.getAsLong(), top);
        } catch (CorruptBatchException e) {
            throw health.damaged(e.damage());
        } catch (IOException e) {
            throw unreadable(held, e);
        } finally {
            held.release();
        }
    }

    Optional<FoundBatch> maxTimestampOffset(long limitOffset) {
        health.check();
        Segment[] list = segments.list();
        long largest = Long.MIN_VALUE;
        for (int i = 0; i < list.length && list[i].baseOffset() < limitOffset; i++) {
            Segment segment = list[i];
            boolean whole = segment.end().offset() <= limitOffset;
            long own = whole ? segment.maxTimestamp() : maxTimestampBelow(segment, limitOffset);
            largest = Math.max(largest, own);
        }
        return largest == Long.MIN_VALUE
                ? Optional.empty()
                : offsetForTimestamp(largest, limitOffset);
    }

    private long maxTimestampBelow(Segment segment, long limitOffset) {
        if (!segment.retain()) {
            return Long.MIN_VALUE;
        }
        try {
            return search.maxTimestamp(segment, topBelow(segment, limitOffset));
        } catch (CorruptBatchException e) {
            throw health.damaged(e.damage());
        } catch (IOException e) {
            throw unreadable(segment, e);
        } finally {
            segment.release();
        }
    }

    private Boundary topBelow(Segment segment, long limitOffset)
            throws IOException, CorruptBatchException {
        Boundaries known = segment.boundaries();
        Boundary end = segment.end();
        return limitOffset >= end.offset() ? end : search.locate(segment, limitOffset, known, end);
    }

    private void checkRange(long offset, Segment[] list) {
        long start = logStartOffset.getAsLong();
        long end = logEnd(list);
        if (offset < start || offset > end) {
            throw new MlogException(
                    ErrorCode.OFFSET_OUT_OF_RANGE,
                    "offset "
                            + offset
                            + " of "
                            + name
                            + " is outside the log, which has offsets from "
                            + start
                            + " up to, not including, "
                            + end);
        }
    }

    private void checkNoHole(Segment[] list, int i, long offset) throws CorruptBatchException {
        Boundary end = list[i].end();
        if (i < list.length - 1 && offset >= end.offset()) {
            throw new CorruptBatchException(
                    new Damage(
                            list[i].path().toString(),
                            end.position(),
                            end.offset(),
                            "batches up to offset " + list[i + 1].baseOffset(),
                            "none"));
        }
    }

    private static Damage missing(Segment first, long offset) {
        return new Damage(
                first.path().toString(), 0, offset, "a segment below it", "it is the first one");
    }

    private static long logEnd(Segment[] list) {
        return list[list.length - 1].end().offset();
    }

    private MlogException unreadable(Segment segment, IOException e) {
        LogHealth.LOGGER.error("cannot read {}", segment.path(), e);
        return new MlogException(
                ErrorCode.STORAGE_ERROR,
                "cannot read " + segment.path() + " of " + name + ": " + e.getMessage());
    }
}
