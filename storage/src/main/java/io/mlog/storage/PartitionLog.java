package io.mlog.storage;

import io.mlog.model.OffsetAndEpoch;
import io.mlog.model.TopicId;
import io.mlog.model.TopicPartition;
import io.mlog.records.RecordsSlice;
import java.nio.ByteBuffer;
import java.util.List;
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
@SuppressWarnings("DoNotCallSuggester") // signatures only in this first step; bodies follow
public final class PartitionLog {
    private PartitionLog() {}

    /** Whose log this is. */
    public TopicPartition topicPartition() {
        throw new UnsupportedOperationException();
    }

    /** The topic's permanent identity. */
    public TopicId topicId() {
        throw new UnsupportedOperationException();
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
        throw new UnsupportedOperationException();
    }

    /** Closes the active segment, when it has records, and starts another. */
    public void roll(long nowMs) {
        throw new UnsupportedOperationException();
    }

    /**
     * Cuts all records at and above {@code offset}, and those of the batch that holds it. Lowers
     * the recovery point durably first, so it blocks. The producer state is restored to match.
     *
     * @return the new log end offset, at most {@code offset}
     */
    public long truncateTo(long offset) {
        throw new UnsupportedOperationException();
    }

    /**
     * Makes {@code offset} the log start offset when it is higher than the present one, and drops
     * the segments wholly below it. Durable after the next checkpoint of the data directory.
     *
     * @throws io.mlog.model.MlogException OFFSET_OUT_OF_RANGE when beyond the log end offset
     */
    public void advanceLogStart(long offset, long nowMs) {
        throw new UnsupportedOperationException();
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
        throw new UnsupportedOperationException();
    }

    /** Uses other limits from the next append on. */
    public void updateConfig(LogConfig config) {
        throw new UnsupportedOperationException();
    }

    // ---- readers

    /** First offset still readable. */
    public long logStartOffset() {
        throw new UnsupportedOperationException();
    }

    /** Offset the next record will get. */
    public long logEndOffset() {
        throw new UnsupportedOperationException();
    }

    /** First offset not yet durable on this disk. */
    public long flushedOffset() {
        throw new UnsupportedOperationException();
    }

    /** Bytes of all segments. */
    public long sizeBytes() {
        throw new UnsupportedOperationException();
    }

    /** Number of segments, the active one included. */
    public int segmentCount() {
        throw new UnsupportedOperationException();
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
        throw new UnsupportedOperationException();
    }

    /**
     * The first batch below {@code limitOffset} whose largest timestamp is at or after {@code
     * timestampMs}; the first record to match is in it. Blocks on the disk.
     */
    public Optional<FoundBatch> offsetForTimestamp(long timestampMs, long limitOffset) {
        throw new UnsupportedOperationException();
    }

    /** The first batch below {@code limitOffset} with the largest timestamp. Blocks. */
    public Optional<FoundBatch> maxTimestampOffset(long limitOffset) {
        throw new UnsupportedOperationException();
    }

    /**
     * Leader epoch of the record at {@code offset}, or of the next one at the log end; -1: none.
     */
    public int epochForOffset(long offset) {
        throw new UnsupportedOperationException();
    }

    /**
     * The largest epoch at or below {@code leaderEpoch} and the offset where it ended; (-1, -1)
     * when there is none.
     */
    public OffsetAndEpoch endOffsetOfEpoch(int leaderEpoch) {
        throw new UnsupportedOperationException();
    }

    /** Why the log is offline, empty when it is not. */
    public Optional<String> offlineReason() {
        throw new UnsupportedOperationException();
    }

    /** What was found damaged in this life, the last 100 of it. */
    public List<Damage> damages() {
        throw new UnsupportedOperationException();
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
        throw new UnsupportedOperationException();
    }

    // ---- upkeep

    /** Unlinks the dropped segments that no reader holds any more. */
    public void reapDeleted() {
        throw new UnsupportedOperationException();
    }

    /**
     * Checks the next closed segment's checksums against the disk, at most {@code maxBytes} of
     * them, going round for ever.
     *
     * @return bytes checked; 0 when there is no closed segment
     */
    public long scrub(int maxBytes) {
        throw new UnsupportedOperationException();
    }
}
