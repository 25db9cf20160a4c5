package io.mlog.services;

import io.mlog.model.TopicPartition;

/**
 * A hosted replica's present state, for people and metrics.
 *
 * @param sizeBytes bytes of its segments
 * @param online false once the log is offline, {@code problem} then says why
 */
public record PartitionStatus(
        TopicPartition partition,
        long logStartOffset,
        long highWatermark,
        long logEndOffset,
        long flushedOffset,
        long sizeBytes,
        int segments,
        boolean online,
        String problem) {}
