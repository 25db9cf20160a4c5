package io.mlog.storage;

import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import io.mlog.records.BatchHeader;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Adds batches at the end of a log: a leader's, which get their offsets here, and those copied from
 * a leader's log, which keep what they have. Owned by the log's writer.
 */
final class LogAppender {
    private final LogHome home;
    private final LogHealth health;
    private final LogSegments segments;
    private final LogMarks marks;
    private final LogFlush flush;
    private final ProducerState producers;
    private final ProducerSnapshots snapshots;
    private volatile LogConfig config;
    private long bytesSinceSnapshot;

    LogAppender(
            LogHome home,
            LogHealth health,
            LogSegments segments,
            LogMarks marks,
            LogFlush flush,
            ProducerState producers,
            ProducerSnapshots snapshots,
            LogConfig config) {
        this.home = home;
        this.health = health;
        this.segments = segments;
        this.marks = marks;
        this.flush = flush;
        this.producers = producers;
        this.snapshots = snapshots;
        this.config = config;
    }

    LogConfig config() {
        return config;
    }

    void config(LogConfig next) {
        config = next;
    }

    long append(ByteBuffer batches, int leaderEpoch, long nowMs) {
        health.check();
        BatchRun run = BatchRun.of(batches, home.topicPartition());
        LeaderEpochs before = marks.epochs();
        if (leaderEpoch < before.latest()) {
            throw new IllegalStateException(
                    "append to "
                            + home.topicPartition()
                            + " in leader epoch "
                            + leaderEpoch
                            + " after one in "
                            + before.latest());
        }
        takeSpace(run.sizeBytes(), nowMs);
        Segment active = activeFor(run.sizeBytes(), endOffset() + run.offsets(), nowMs);
        long baseOffset = active.end().offset();
        run.assign(batches, baseOffset, leaderEpoch);
        marks.epochs(before.with(leaderEpoch, baseOffset));
        takeSnapshotWhenDue(run.sizeBytes(), baseOffset);
        write(active, batches, nowMs, before);
        return baseOffset;
    }

    /** The producer state takes each piece in before the next is written. */
    void appendCopied(ByteBuffer batches, long nowMs) {
        health.check();
        CopiedBatches.check(batches, home.topicPartition(), endOffset(), marks.epochs().latest());
        takeSpace(batches.remaining(), nowMs);
        int limit = batches.limit();
        while (batches.position() < limit) {
            int first = batches.position();
            int size = BatchHeader.sizeBytes(batches, first);
            Segment active = activeFor(size, BatchHeader.lastOffset(batches, first) + 1, nowMs);
            int to = CopiedBatches.fitting(batches, active, config.segmentBytes());
            batches.limit(to);
            LeaderEpochs before = marks.epochs();
            marks.epochs(CopiedBatches.epochs(before, batches));
            takeSnapshotWhenDue(to - first, endOffset());
            write(active, batches, nowMs, before);
            for (int at = first; at < to; at += BatchHeader.sizeBytes(batches, at)) {
                producers.replay(batches, at);
            }
            batches.limit(limit);
        }
    }

    /** Closes the active segment, when it has records, and starts another. */
    void roll() {
        if (segments.active().end().position() > 0) {
            rollActive();
        }
    }

    private long endOffset() {
        return segments.active().end().offset();
    }

    private void takeSpace(int bytes, long nowMs) {
        if (!home.disk().take(bytes, nowMs)) {
            throw diskFull();
        }
    }

    /** The segment for {@code bytes} more, up to {@code endOffset}. */
    private Segment activeFor(int bytes, long endOffset, long nowMs) {
        Segment active = segments.active();
        Boundary end = active.end();
        boolean tooLarge = (long) end.position() + bytes > config.segmentBytes();
        boolean tooFar = endOffset - active.baseOffset() > Integer.MAX_VALUE;
        boolean tooOld = nowMs - active.firstAppendMs() >= config.segmentMs();
        if (end.position() > 0 && (tooLarge || tooFar || tooOld)) {
            rollActive();
        }
        return segments.active();
    }

    private void rollActive() {
        Segment old = segments.active();
        try {
            Segment next = Segment.create(home.store(), home.files(old.end().offset()));
            flush.namesChanged();
            old.seal();
            segments.add(next);
        } catch (NoSpaceException e) {
            home.disk().exhausted();
            throw diskFull();
        } catch (IOException e) {
            throw health.fail("a segment that could not be rolled", e);
        }
        takeSnapshot(old.end().offset());
    }

    private void write(Segment active, ByteBuffer batches, long nowMs, LeaderEpochs before) {
        try {
            active.append(batches, nowMs, config.indexIntervalBytes());
        } catch (IOException e) {
            marks.epochs(before);
            undo(active);
            if (e instanceof NoSpaceException) {
                home.disk().exhausted();
                throw diskFull();
            }
            throw health.fail("a failed write", e);
        }
    }

    private void undo(Segment active) {
        try {
            active.cutToEnd();
        } catch (IOException e) {
            throw health.fail("a failed write that could not be undone", e);
        }
    }

    private MlogException diskFull() {
        return new MlogException(ErrorCode.DISK_FULL, home.disk().refusal());
    }

    private void takeSnapshotWhenDue(int appendedBytes, long offset) {
        if (bytesSinceSnapshot >= config.snapshotIntervalBytes()) {
            takeSnapshot(offset);
        }
        bytesSinceSnapshot += appendedBytes;
    }

    private void takeSnapshot(long offset) {
        snapshots.take(offset, producers.snapshot());
        bytesSinceSnapshot = 0;
    }
}
