package io.mlog.storage;

/**
 * What a {@link DirectoryCheck} has looked at.
 *
 * @param bytes of log
 * @param findings that were told; 0: the directory is sound
 * @param notes that were told
 */
public record CheckTotals(
        int partitions, int segments, long batches, long bytes, long findings, long notes) {}
