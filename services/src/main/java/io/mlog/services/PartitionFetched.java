package io.mlog.services;

import io.mlog.model.ErrorCode;
import io.mlog.model.OffsetAndEpoch;
import io.mlog.model.TopicPartition;
import io.mlog.records.RecordsSlice;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What was found for one partition.
 *
 * @param message the sentence for the client, null when {@code error} is NONE
 * @param highWatermark first offset not yet committed, -1 when unknown
 * @param lastStableOffset first offset that a read_committed consumer may not see, -1 when unknown
 * @param logStartOffset first offset still readable, -1 when unknown
 * @param divergence when the reader's log and this one differ below the wanted offset: the largest
 *     epoch of this log at or below its last fetched epoch, and the offset where that one ended.
 *     Nothing is read then.
 * @param records batches from the one that holds the wanted offset on; its first records may lie
 *     below that offset. Owned by the receiver.
 */
public record PartitionFetched(
        TopicPartition partition,
        ErrorCode error,
        @Nullable String message,
        long highWatermark,
        long lastStableOffset,
        long logStartOffset,
        Optional<OffsetAndEpoch> divergence,
        RecordsSlice records) {
    /** The answer with what was read, which may be nothing. */
    public static PartitionFetched found(
            TopicPartition partition,
            long highWatermark,
            long lastStableOffset,
            long logStartOffset,
            RecordsSlice records) {
        return new PartitionFetched(
                partition,
                ErrorCode.NONE,
                null,
                highWatermark,
                lastStableOffset,
                logStartOffset,
                Optional.empty(),
                records);
    }

    /** The answer where nothing can be read. */
    public static PartitionFetched refused(
            TopicPartition partition, ErrorCode error, String message) {
        return new PartitionFetched(
                partition, error, message, -1, -1, -1, Optional.empty(), RecordsSlice.EMPTY);
    }
}
