package io.mlog.storage;

import java.util.List;
import java.util.Map;

/**
 * What a compaction works on, as it was when it was planned.
 *
 * @param segments closed segments from the log's first on
 * @param firstDirty offset from which keys are gathered
 * @param end behind the last of the segments
 * @param nowMs time of the plan: tombstones whose horizon lies before it go
 * @param deleteRetentionMs how long other tombstones stay
 * @param lastBatches of the producers, by {@link ProducerState#lastBatchesBelow}
 * @param segmentBytes size up to which segments are joined
 * @param cuts {@link LogCompactor#cuts} at that time
 */
record CompactionRange(
        List<Segment> segments,
        long firstDirty,
        long end,
        long nowMs,
        long deleteRetentionMs,
        Map<Long, Long> lastBatches,
        int segmentBytes,
        int cuts) {
    CompactionRange {
        segments = List.copyOf(segments);
        lastBatches = Map.copyOf(lastBatches);
    }
}
