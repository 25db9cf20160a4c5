package io.mlog.core.metadata;

/**
 * What a group committed for a partition.
 *
 * @param offset the next offset to read
 * @param committedAtMs when, in ms since the epoch
 */
public record GroupOffset(long offset, long committedAtMs) {}
