package io.mlog.storage;

/**
 * A record batch found by its time.
 *
 * @param baseOffset of the batch
 * @param lastOffset of the batch
 * @param maxTimestampMs largest timestamp in the batch, in ms since the epoch
 * @param leaderEpoch of the batch
 */
public record FoundBatch(long baseOffset, long lastOffset, long maxTimestampMs, int leaderEpoch) {}
