package io.mlog.broker.partition;

import io.mlog.core.replication.HighWatermark.Durability;
import io.mlog.records.BatchLimits;

/**
 * What a partition must know of its topic's configuration.
 *
 * @param maxBatchBytes largest record batch taken, in bytes, as the producer sent it
 * @param durability what an acknowledged record survives
 * @param stampsOnAppend whether the broker replaces the records' timestamps by its own
 * @param retentionMs how long records are kept, -1 without limit
 * @param retentionBytes how many bytes of log are kept, -1 without limit
 */
public record PartitionSettings(
        int maxBatchBytes,
        Durability durability,
        boolean stampsOnAppend,
        long retentionMs,
        long retentionBytes) {
    BatchLimits limits(int maxBatches) {
        return BatchLimits.anyTimestamp(maxBatchBytes, maxBatches);
    }
}
