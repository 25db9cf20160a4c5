package io.mlog.storage;

/**
 * A found partition that is wanted.
 *
 * @param producers filled from the snapshot and the batches behind it before the log is handed out
 */
public record LogToOpen(FoundPartition partition, LogConfig config, ProducerState producers) {}
