package io.mlog.storage;

/**
 * How a topic's log is compacted.
 *
 * @param minDirtyRatio share of dirty bytes above which a log is cleaned, 0 to 1 ({@code
 *     min.cleanable.dirty.ratio})
 * @param minLagMs how long a segment stays as it is after its last append, at least 0 ({@code
 *     min.compaction.lag.ms})
 * @param maxLagMs how long a segment may stay as it is after its first append, whatever the ratio,
 *     at least 1 ({@code max.compaction.lag.ms})
 * @param deleteRetentionMs how long a tombstone is kept after it was first cleaned, at least 0
 *     ({@code delete.retention.ms})
 */
public record CompactionConfig(
        double minDirtyRatio, long minLagMs, long maxLagMs, long deleteRetentionMs) {
    public CompactionConfig {
        boolean possible =
                minDirtyRatio >= 0
                        && minDirtyRatio <= 1
                        && minLagMs >= 0
                        && maxLagMs >= 1
                        && deleteRetentionMs >= 0;
        if (!possible) {
            throw new IllegalArgumentException(
                    "no such compaction: min.cleanable.dirty.ratio "
                            + minDirtyRatio
                            + ", min.compaction.lag.ms "
                            + minLagMs
                            + ", max.compaction.lag.ms "
                            + maxLagMs
                            + ", delete.retention.ms "
                            + deleteRetentionMs);
        }
    }
}
