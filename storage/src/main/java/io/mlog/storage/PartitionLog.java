package io.mlog.storage;

import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import io.mlog.model.OffsetAndEpoch;
import io.mlog.model.TopicId;
import io.mlog.model.TopicPartition;
import io.mlog.records.RecordsSlice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The log of one partition on this broker's disk.
 *
 * <p>Threads: the methods under "writer" are called with the partition's lock held, so one at a
 * time; those under "readers" by any thread at any time; {@link #flush} by the flusher; those under
 * "upkeep" by any thread that may block. No thread that calls in may be interrupted.
 *
 * <p>Errors: a refusal is an {@link io.mlog.model.MlogException}. A failed write or fsync takes the
 * log offline for good ({@code STORAGE_ERROR}); a full disk does not ({@code DISK_FULL}).
 */
public final class PartitionLog {
    private final LogHome home;
    private final LogHealth health;
    private final ProducerState producers;
    private final LogSegments segments;
    private final SegmentSearch search;
    private final ProducerSnapshots snapshots;
    private final LogFlush flush;
    private final LogReader reader;
    private final LogScrubber scrubber;
    private final DroppedSegments dropped;
    private final LogMarks marks;
    private final LogAppender appender;
    private final LogCompactor compactor;
    private final LogCutter cutter;

    PartitionLog(
            LogHome home,
            LogConfig config,
            ProducerState producers,
            ProducerSnapshots snapshots,
            LogRecovery.Recovered recovered,
            CleanedTo cleaned) {
        this.home = home;
        this.producers = producers;
        this.snapshots = snapshots;
        this.marks = new LogMarks(recovered.epochs(), recovered.logStartOffset());
        this.health = new LogHealth(home.topicPartition().toString());
        this.segments = new LogSegments(recovered.segments());
        this.search = new SegmentSearch(home.buffers());
        this.dropped = new DroppedSegments(home);
        Segment active = segments.active();
        Boundary end = active.end();
        this.flush =
                new LogFlush(
                        home,
                        segments,
                        health,
                        marks::epochs,
                        snapshots,
                        new LogPoint(active.baseOffset(), end.position(), end.offset()),
                        recovered.savedEpochs());
        this.reader =
                new LogReader(
                        home.topicPartition().toString(),
                        segments,
                        health,
                        marks::startOffset,
                        marks::epochs,
                        search);
        this.scrubber = new LogScrubber(segments, health, marks::epochs, search);
        this.appender =
                new LogAppender(home, health, segments, marks, flush, producers, snapshots, config);
        this.compactor =
                new LogCompactor(home, segments, marks, flush, health, search, dropped, cleaned);
        this.cutter =
                new LogCutter(home, health, segments, marks, flush, search, dropped, compactor);
        recovered.report().damages().forEach(health::damaged);
    }

    /** Whose log this is. */
    public TopicPartition topicPartition() {
        return home.topicPartition();
    }

    /** The topic's permanent identity. */
    public TopicId topicId() {
        return home.topicId();
    }

    // ---- writer

    /**
     * Appends whole batches: gives them offsets and the leader epoch in place, writes them once,
     * and rolls the segment when it is due. The caller has checked them ({@link
     * io.mlog.records.BatchCheck}); only their sizes are checked again. The bytes are not durable
     * before {@link #flush} has returned an offset beyond them.
     *
     * @param batches direct buffer, from position to limit; its position is the limit afterwards
     * @param leaderEpoch at least that of the last append
     * @param nowMs time of the append, in ms since the epoch
     * @return base offset of the first batch; the last one ends at {@link #logEndOffset}
     * @throws io.mlog.model.MlogException DISK_FULL: nothing was appended, the log works on;
     *     STORAGE_ERROR: the log is offline; CORRUPT_MESSAGE: the buffer does not hold whole
     *     batches
     */
    public long append(ByteBuffer batches, int leaderEpoch, long nowMs) {
        return appender.append(batches, leaderEpoch, nowMs);
    }

    /**
     * Appends whole batches of another replica's log as they are, with their offsets and leader
     * epochs, and lets the {@link ProducerState} take them in. The caller has checked their
     * checksums; that offsets and epochs go on from here is checked again. When this fails in the
     * middle, what came before stays appended.
     *
     * @param batches from position to limit; its position is the limit afterwards
     * @param nowMs time of the append, in ms since the epoch
     * @throws io.mlog.model.MlogException as {@link #append}
     */
    public void appendCopied(ByteBuffer batches, long nowMs) {
        appender.appendCopied(batches, nowMs);
    }

    /** Closes the active segment, when it has records, and starts another. */
    public void roll() {
        health.check();
        appender.roll();
    }

    /**
     * Cuts all records at and above {@code offset}, and those of the batch that holds it. Lowers
     * the recovery point durably first, so it blocks. The producer state is restored to match.
     *
     * @return the new log end offset, at most {@code offset}
     */
    public long truncateTo(long offset) {
        health.check();
        if (offset >= logEndOffset()) {
            return logEndOffset();
        }
        cut("a truncation to offset " + offset, () -> cutter.truncateTo(offset));
        return logEndOffset();
    }

    /**
     * Cuts everything: the log is empty afterwards, starts and ends at {@code offset}, and all
     * below it counts as durable. What was damaged is gone, too. Blocks as {@link #truncateTo}
     * does.
     */
    public void restartAt(long offset) {
        health.check();
        cut("a restart at offset " + offset, () -> cutter.restartAt(offset));
        health.whole();
    }

    /**
     * Makes {@code offset} the log start offset when it is higher than the present one, and drops
     * the segments wholly below it. Durable after the next checkpoint of the data directory.
     *
     * @throws io.mlog.model.MlogException OFFSET_OUT_OF_RANGE when beyond the log end offset
     */
    public void advanceLogStart(long offset) {
        health.check();
        if (offset <= logStartOffset()) {
            return;
        }
        if (offset > logEndOffset()) {
            throw new MlogException(
                    ErrorCode.OFFSET_OUT_OF_RANGE,
                    "records of "
                            + home.topicPartition()
                            + " cannot be deleted below offset "
                            + offset
                            + ": the log ends at "
                            + logEndOffset());
        }
        cutter.advanceStart(offset);
    }

    /**
     * Drops segments that retention lets go, oldest first, only those that end at or below {@code
     * limitOffset}. Names change now; the bytes are given back by {@link #reapDeleted}.
     *
     * @param retentionMs since the last append to a segment; -1: for ever
     * @param retentionBytes size the log may keep; -1: any
     * @param limitOffset high watermark
     * @return how many segments were dropped
     */
    public int deleteExpired(long nowMs, long retentionMs, long retentionBytes, long limitOffset) {
        health.check();
        Retention retention = new Retention(nowMs, retentionMs, retentionBytes, limitOffset);
        if (retention.wantsRoll(segments.active())) {
            appender.roll();
        }
        int count = retention.droppable(segments.list());
        if (count > 0) {
            marks.startAt(segments.list()[count].baseOffset());
        }
        return cutter.dropBelowStart();
    }

    /**
     * Closes the active segment when its first append was so long ago and all of it is committed,
     * so that it can be compacted.
     *
     * @param limitOffset high watermark
     */
    public void rollIfOlder(long nowMs, long ageMs, long limitOffset) {
        health.check();
        Segment active = segments.active();
        boolean old = active.firstAppendMs() >= 0 && nowMs - active.firstAppendMs() >= ageMs;
        if (old && active.end().offset() <= limitOffset) {
            appender.roll();
        }
    }

    /**
     * Plans a compaction of what {@link #dirtiness} tells; empty when there is nothing to do.
     *
     * @param highWatermark compaction stays below it
     */
    public Optional<CompactionRun> compaction(
            CompactionConfig compaction, long nowMs, long highWatermark) {
        health.check();
        return compactor.plan(
                compaction, nowMs, highWatermark, producers, appender.config().segmentBytes());
    }

    /** Uses other limits from the next append on. */
    public void updateConfig(LogConfig newConfig) {
        appender.config(Objects.requireNonNull(newConfig));
    }

    // ---- readers

    /** First offset still readable. */
    public long logStartOffset() {
        return marks.startOffset();
    }

    /** Offset the next record will get. */
    public long logEndOffset() {
        return segments.active().end().offset();
    }

    /** First offset not yet durable on this disk. */
    public long flushedOffset() {
        return flush.flushed().offset();
    }

    /** Bytes of all segments. */
    public long sizeBytes() {
        return LogSegments.sizeBytes(segments.list());
    }

    /** Number of segments, the active one included. */
    public int segmentCount() {
        return segments.list().length;
    }

    /** How much there is to compact below the high watermark. */
    public Dirtiness dirtiness(CompactionConfig compaction, long nowMs, long highWatermark) {
        return compactor.dirtiness(compaction, nowMs, highWatermark);
    }

    /** Why the log cannot be compacted, empty while it can. */
    public Optional<Damage> uncleanable() {
        return compactor.uncleanable();
    }

    /** First offset that was not compacted yet. */
    public long cleanedOffset() {
        return compactor.cleaned().offset();
    }

    /**
     * Whole batches from the one that holds {@code offset} on, out of one segment, all below {@code
     * limitOffset}. Bytes that were not written or checked in this process's life are checked
     * first, which may block on the disk.
     *
     * @param maxBytes most bytes to return, at least 0
     * @param limitOffset first offset that must not be returned (high watermark, last stable
     *     offset, or log end)
     * @param atLeastOneBatch returns the first batch even when it is larger than {@code maxBytes}
     * @return owned by the caller, who releases it; empty at or beyond the limit
     * @throws io.mlog.model.MlogException OFFSET_OUT_OF_RANGE, CORRUPT_MESSAGE, STORAGE_ERROR
     */
    public RecordsSlice read(long offset, int maxBytes, long limitOffset, boolean atLeastOneBatch) {
        return reader.read(offset, maxBytes, limitOffset, atLeastOneBatch);
    }

    /**
     * Whether {@link #read} from {@code offset} on would neither wait for the disk nor check
     * checksums, as far as can be told without doing either.
     */
    public boolean isAtHand(long offset, int maxBytes) {
        return reader.isAtHand(offset, maxBytes);
    }

    /**
     * The first batch below {@code limitOffset} whose largest timestamp is at or after {@code
     * timestampMs}; the first record to match is in it. Blocks on the disk.
     */
    public Optional<FoundBatch> offsetForTimestamp(long timestampMs, long limitOffset) {
        return reader.offsetForTimestamp(timestampMs, limitOffset);
    }

    /** The first batch below {@code limitOffset} with the largest timestamp. Blocks. */
    public Optional<FoundBatch> maxTimestampOffset(long limitOffset) {
        return reader.maxTimestampOffset(limitOffset);
    }

    /**
     * Leader epoch of the record at {@code offset}, or of the next one at the log end; -1: none.
     */
    public int epochForOffset(long offset) {
        return marks.epochs().epochAt(offset);
    }

    /** Leader epoch of the last record, -1 when there is none. */
    public int latestEpoch() {
        return marks.epochs().latest();
    }

    /**
     * The largest epoch at or below {@code leaderEpoch} and the offset where it ended; (-1, -1)
     * when there is none.
     */
    public OffsetAndEpoch endOffsetOfEpoch(int leaderEpoch) {
        return marks.epochs().endOf(leaderEpoch, logEndOffset());
    }

    /**
     * Leader epoch of the first record, and where it began, which may be below the log start; (-1,
     * -1) when there is none.
     */
    public OffsetAndEpoch firstEpoch() {
        return marks.epochs().first();
    }

    /** Why the log is offline, empty when it is not. */
    public Optional<String> offlineReason() {
        return health.offlineReason();
    }

    /** Whether anything in it was found damaged, and is still there. Costs nothing. */
    public boolean isDamaged() {
        return health.isDamaged();
    }

    /** What was found damaged in this life, the last 100 of it. */
    public List<Damage> damages() {
        return health.damages();
    }

    // ---- flusher

    /**
     * Makes everything appended before the call durable: the dirty segments, names of new files,
     * the leader epochs. Runs beside appends; concurrent calls wait for each other.
     *
     * @return the flushed offset
     * @throws io.mlog.model.MlogException STORAGE_ERROR: the fsync failed or the log was offline;
     *     it is never tried again
     */
    public long flush() {
        return flush.flush();
    }

    // ---- upkeep

    /** Unlinks the dropped segments that no reader holds any more. */
    public void reapDeleted() {
        dropped.reap();
    }

    /**
     * Checks the next closed segment's checksums against the disk, at most {@code maxBytes} of
     * them, going round for ever.
     *
     * @return bytes checked; 0 when there is no closed segment
     */
    public long scrub(int maxBytes) {
        return scrubber.scrub(maxBytes);
    }

    // ---- data directory

    /** Up to where the next start may rely on it. */
    RecoveryPoint recoveryPoint() {
        return new RecoveryPoint(home.topicId(), flush.flushed(), logStartOffset());
    }

    /** How far it was compacted. */
    CleanedTo cleaned() {
        return compactor.cleaned();
    }

    /** Writes index entries that are not in files yet; a cache, so failures are only told. */
    void persistIndexes() {
        try {
            flush.exclusively(() -> {
                if (health.offlineReason().isEmpty()) {
                    for (Segment segment : segments.list()) {
                        segment.persistIndex();
                    }
                }
            });
        } catch (IOException e) {
            LogHealth.LOGGER.warn(
                    "indexes of {} are not saved, the next start may take longer: {}",
                    home.topicPartition(),
                    e.getMessage());
        }
    }

    /** Makes everything durable and lets go of the files; the log is of no use afterwards. */
    void closeCleanly() {
        snapshots.take(logEndOffset(), producers.snapshot());
        flush.flush();
        persistIndexes();
        close();
    }

    /** Lets go of the files as they are. */
    void close() {
        end(ErrorCode.NOT_READY, "the log of " + home.topicPartition() + " is closed");
    }

    /** Ends the log's life; its files are closed as readers let go. */
    void retire() {
        end(
                ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
                "partition " + home.topicPartition() + " was deleted");
    }

    private void end(ErrorCode code, String message) {
        segments.closed().lock();
        try {
            flush.exclusively(() -> {
                health.refuse(code, message);
                for (Segment segment : segments.list()) {
                    dropped.addClosing(segment);
                }
            });
        } catch (IOException e) {
            throw new IllegalStateException("nothing here reads or writes", e);
        } finally {
            segments.closed().unlock();
        }
        dropped.reap();
    }

    /** Closes what readers have let go of; false while they hold something. */
    boolean allClosed() {
        return dropped.reap();
    }

    Path directory() {
        return home.directory();
    }

    // ---- private

    /** Cuts, and brings the producer state to the new end. */
    private void cut(String what, LogFlush.Action action) {
        try {
            action.run();
            new ProducerReplay(snapshots, search).run(segments.list(), logStartOffset(), producers);
        } catch (IOException e) {
            throw health.fail(what + " that failed", e);
        }
    }
}
