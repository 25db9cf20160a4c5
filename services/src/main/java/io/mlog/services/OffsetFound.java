package io.mlog.services;

/**
 * An offset found by its place or time.
 *
 * @param offset -1 when there is no such record
 * @param timestampMs of the record found by time; -1 otherwise
 * @param leaderEpoch of the batch or of the present leader, -1 when unknown
 */
public record OffsetFound(long offset, long timestampMs, int leaderEpoch) {}
