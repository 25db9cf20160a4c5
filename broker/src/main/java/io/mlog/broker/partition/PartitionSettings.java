package io.mlog.broker.partition;

import io.mlog.core.replication.HighWatermark.Durability;
import io.mlog.records.BatchLimits;
import io.mlog.storage.CompactionConfig;
import java.util.Optional;

/**
 * What a partition must know of its topic's configuration.
 *
 * @param maxBatchBytes largest record batch taken, in bytes, as the producer sent it
 * @param durability what an acknowledged record survives
 * @param stampsOnAppend whether the broker replaces the records' timestamps by its own
 * @param retentionMs how long records are kept, -1 without limit
 * @param retentionBytes how many bytes of log are kept, -1 without limit
 * @param compaction how the latest record of each key is kept; empty when all are
 */
public record PartitionSettings(
        int maxBatchBytes,
        Durability durability,
        boolean stampsOnAppend,
        long retentionMs,
        long retentionBytes,
        Optional<CompactionConfig> compaction) {
    BatchLimits limits(int maxBatches) {
        return BatchLimits.anyTimestamp(maxBatchBytes, maxBatches);
    }
}
