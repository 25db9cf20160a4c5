package io.mlog.services;

/**
 * A group's place in a partition.
 *
 * @param offset the next offset to read
 * @param committedAtMs when it was committed, ms since the epoch
 */
public record CommittedOffset(long offset, long committedAtMs) {}
