package io.mlog.broker.compaction;

/**
 * What compaction may take.
 *
 * @param keyBytes memory for the keys of one partition at a time
 * @param bytesPerSecond most bytes to read and write; 0: as fast as it can
 */
public record CompactionLimits(long keyBytes, long bytesPerSecond) {}
