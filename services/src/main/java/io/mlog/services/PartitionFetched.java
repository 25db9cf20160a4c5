package io.mlog.services;

import io.mlog.model.ErrorCode;
import io.mlog.model.TopicPartition;
import io.mlog.records.RecordsSlice;
import org.jspecify.annotations.Nullable;

/**
 * What was found for one partition.
 *
 * @param message the sentence for the client, null when {@code error} is NONE
 * @param highWatermark first offset not yet committed, -1 when unknown
 * @param lastStableOffset first offset that a read_committed consumer may not see, -1 when unknown
 * @param logStartOffset first offset still readable, -1 when unknown
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
        RecordsSlice records) {
    /** The answer where nothing can be read. */
    public static PartitionFetched refused(
            TopicPartition partition, ErrorCode error, String message) {
        return new PartitionFetched(partition, error, message, -1, -1, -1, RecordsSlice.EMPTY);
    }
}
