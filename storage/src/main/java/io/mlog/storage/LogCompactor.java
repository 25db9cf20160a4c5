package io.mlog.storage;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a log's compaction: how far it is clean, how much is dirty, why it cannot be
 * compacted. Plans a {@link CompactionRun}, which does the work. Any thread; the log's writer
 * plans, and tells when the log is cut.
 *
 * <p>Only closed segments are compacted that end at or below the high watermark and lie wholly
 * below the segment up to which the log is flushed: so the recovery point is never in one of them.
 */
final class LogCompactor {
    private final LogHome home;
    private final LogSegments segments;
    private final LogMarks marks;
    private final LogFlush flush;
    private final LogHealth health;
    private final SegmentSearch search;
    private final SegmentSwap swap;
    private volatile CleanedTo cleaned;
    private volatile @Nullable Damage uncleanable;
    private int cuts; // guarded by this

    LogCompactor(
            LogHome home,
            LogSegments segments,
            LogMarks marks,
            LogFlush flush,
            LogHealth health,
            SegmentSearch search,
            DroppedSegments dropped,
            CleanedTo cleaned) {
        this.home = home;
        this.segments = segments;
        this.marks = marks;
        this.flush = flush;
        this.health = health;
        this.search = search;
        this.swap = new SegmentSwap(home, health, segments, flush, dropped);
        this.cleaned = cleaned.endingAt(segments.active().end().offset());
    }

    CleanedTo cleaned() {
        return cleaned;
    }

    /** Why the log cannot be compacted, while what is wrong is still in it. */
    Optional<Damage> uncleanable() {
        Damage present = uncleanable;
        return present != null && present.offset() >= marks.startOffset()
                ? Optional.of(present)
                : Optional.empty();
    }

    /** Records at and above {@code offset} are gone. */
    synchronized void endAt(long offset) {
        cuts++;
        cleaned = cleaned.endingAt(offset);
        uncleanable = null;
    }

    /** Counts cuts of the log: a compaction that was planned before one says nothing any more. */
    synchronized int cuts() {
        return cuts;
    }

    synchronized void cleanedUpTo(CleanedTo next, int cutsAtPlan) {
        if (cuts == cutsAtPlan) {
            cleaned = next;
        }
    }

    void uncleanable(Damage why) {
        uncleanable = why;
        LogHealth.LOGGER.error(
                "{} cannot be compacted and stays as it is: {}", home.topicPartition(), why);
    }

    Dirtiness dirtiness(CompactionConfig config, long nowMs, long highWatermark) {
        List<Segment> cleanable = cleanable(config, nowMs, highWatermark);
        if (cleanable.isEmpty() || uncleanable().isPresent()) {
            return Dirtiness.NONE;
        }
        CleanedTo upTo = cleaned;
        long firstDirty = firstDirty(upTo);
        long clean = 0;
        long dirty = 0;
        boolean overdue = upTo.deleteHorizonMs() <= nowMs;
        for (Segment segment : cleanable) {
            long bytes = segment.end().position();
            long dirtyPart = dirtyPart(segment, firstDirty);
            dirty += dirtyPart;
            clean += bytes - dirtyPart;
            overdue |= dirtyPart > 0 && nowMs - segment.firstAppendMs() >= config.maxLagMs();
        }
        return new Dirtiness(clean, dirty, overdue);
    }

    /** Of a segment that is clean in part, as many bytes as its dirty offsets have a share. */
    private static long dirtyPart(Segment segment, long firstDirty) {
        long bytes = segment.end().position();
        long end = segment.end().offset();
        if (firstDirty <= segment.baseOffset()) {
            return bytes;
        }
        double share = (double) (end - firstDirty) / (end - segment.baseOffset());
        return firstDirty >= end ? 0 : Math.max(1, (long) (bytes * share));
    }

    private long firstDirty(CleanedTo upTo) {
        return Math.max(upTo.offset(), marks.startOffset());
    }

    private List<Segment> cleanable(CompactionConfig config, long nowMs, long highWatermark) {
        Segment[] list = segments.list();
        long flushedBase = flush.flushed().segmentBase();
        List<Segment> cleanable = new ArrayList<>();
        for (int i = 0; i < list.length - 1; i++) {
            Segment segment = list[i];
            boolean settled =
                    segment.end().offset() <= highWatermark
                            && segment.end().offset() == list[i + 1].baseOffset()
                            && segment.baseOffset() < flushedBase
                            && hasRested(segment, config, nowMs);
            if (!settled) {
                break;
            }
            cleanable.add(segment);
        }
        return cleanable;
    }

    /** A clock that was set back holds nothing up that need not rest. */
    private static boolean hasRested(Segment segment, CompactionConfig config, long nowMs) {
        return config.minLagMs() == 0 || nowMs - segment.lastAppendMs() >= config.minLagMs();
    }

    /** What there is to do, empty when nothing is. */
    Optional<CompactionRun> plan(
            CompactionConfig config,
            long nowMs,
            long highWatermark,
            ProducerState producers,
            int segmentBytes) {
        List<Segment> cleanable = cleanable(config, nowMs, highWatermark);
        if (cleanable.isEmpty() || uncleanable().isPresent()) {
            return Optional.empty();
        }
        long end = cleanable.getLast().end().offset();
        CompactionRange range =
                new CompactionRange(
                        cleanable,
                        Math.min(firstDirty(cleaned), end),
                        end,
                        nowMs,
                        config.deleteRetentionMs(),
                        producers.lastBatchesBelow(end),
                        segmentBytes,
                        cuts());
        return Optional.of(new CompactionRun(home, range, this, health, search, swap));
    }
}
