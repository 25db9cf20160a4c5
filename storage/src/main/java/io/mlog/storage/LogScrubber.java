package io.mlog.storage;

import java.io.IOException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads the closed segments of a log round and round and checks every checksum, so that bytes that
 * went bad on the disk are known before a consumer asks for them. One thread at a time; blocks.
 */
final class LogScrubber {
    private final LogSegments segments;
    private final LogHealth health;
    private final Supplier<LeaderEpochs> epochs;
    private final SegmentSearch search;
    private long segmentBase = -1;
    private @Nullable Segment begun;
    private @Nullable Boundary next;

    LogScrubber(
            LogSegments segments,
            LogHealth health,
            Supplier<LeaderEpochs> epochs,
            SegmentSearch search) {
        this.segments = segments;
        this.health = health;
        this.epochs = epochs;
        this.search = search;
    }

    synchronized long scrub(int maxBytes) {
        health.check();
        Segment segment = present();
        if (segment == null || !segment.retain()) {
            return 0;
        }
        try {
            return scrub(segment, maxBytes);
        } catch (CorruptBatchException e) {
            leaveDamaged(segment, e.damage());
            return 0;
        } catch (IOException e) {
            LogHealth.LOGGER.error("cannot read {}", segment.path(), e);
            leave(segment);
            return 0;
        } finally {
            segment.release();
        }
    }

    private long scrub(Segment segment, int maxBytes) throws IOException, CorruptBatchException {
        Boundary end = segment.end();
        Boundary from = next == null ? segment.first() : next;
        Boundary to = end;
        if (end.position() - from.position() > maxBytes) {
            to = search.cut(segment, from, end, maxBytes);
            if (to.position() == from.position()) {
                to = search.afterFirst(segment, from, end);
            }
        }
        SegmentSearch.Verified verified = search.verify(segment, epochs.get(), from, to);
        Damage damage = verified.damage();
        if (damage != null) {
            leaveDamaged(segment, damage);
        } else if (verified.end().position() == end.position()) {
            leave(segment);
        } else {
            next = verified.end();
        }
        return (long) verified.end().position() - from.position();
    }

    /** The segment in progress, or the first closed one behind it, or the first of all. */
    private @Nullable Segment present() {
        Segment[] list = segments.list();
        for (int i = 0; i < list.length - 1; i++) {
            Segment segment = list[i];
            if (segment.baseOffset() >= segmentBase && segment.end().position() > 0) {
                if (segment != begun) {
                    begun = segment; // another one, or what compaction made of the one begun
                    segmentBase = segment.baseOffset();
                    next = null;
                }
                return segment;
            }
        }
        boolean again = segmentBase >= 0 && list.length > 1;
        segmentBase = -1;
        next = null;
        return again ? present() : null;
    }

    private void leave(Segment segment) {
        segmentBase = segment.baseOffset() + 1;
        next = null;
    }

    private void leaveDamaged(Segment segment, Damage damage) {
        segment.distrust();
        health.damaged(damage);
        leave(segment);
    }
}
