package io.mlog.model;

/**
 * An offset and the leader epoch it belongs to.
 *
 * @param offset a record offset, or a log end offset where the user of this type says so
 * @param leaderEpoch the epoch of the partition's leadership, -1 when unknown
 */
public record OffsetAndEpoch(long offset, int leaderEpoch) {}
