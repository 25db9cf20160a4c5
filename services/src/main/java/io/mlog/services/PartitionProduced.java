package io.mlog.services;

import io.mlog.model.ErrorCode;
import io.mlog.model.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * What became of the batches for one partition.
 *
 * @param message the sentence for the client, null when {@code error} is NONE
 * @param baseOffset offset of the first record, -1 on an error; for a duplicate of an idempotent
 *     producer the offset it had the first time
 * @param lastOffset offset of the last record, -1 on an error
 * @param logAppendTimeMs when the topic stamps records itself: the stamp; else -1
 * @param logStartOffset first offset still readable, -1 when unknown
 */
public record PartitionProduced(
        TopicPartition partition,
        ErrorCode error,
        @Nullable String message,
        long baseOffset,
        long lastOffset,
        long logAppendTimeMs,
        long logStartOffset) {
    /** The answer for batches that were refused. */
    public static PartitionProduced refused(
            TopicPartition partition, ErrorCode error, String message) {
        return new PartitionProduced(partition, error, message, -1, -1, -1, -1);
    }
}
