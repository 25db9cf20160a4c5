package io.mlog.records;

/**
 * What a topic accepts from a producer.
 *
 * @param maxBatchBytes most bytes of one batch, header included ({@code max.message.bytes}); at
 *     least {@link BatchHeader#SIZE}
 * @param maxBatches most batches of one request for a partition, at least 1
 * @param maxPastMs how far a record's timestamp may lie before now, 0 or more; {@link
 *     Long#MAX_VALUE}: any ({@code message.timestamp.before.max.ms})
 * @param maxFutureMs how far a record's timestamp may lie after now, 0 or more; {@link
 *     Long#MAX_VALUE}: any ({@code message.timestamp.after.max.ms})
 */
public record BatchLimits(int maxBatchBytes, int maxBatches, long maxPastMs, long maxFutureMs) {
    public BatchLimits {
        if (maxBatchBytes < BatchHeader.SIZE
                || maxBatches < 1
                || maxPastMs < 0
                || maxFutureMs < 0) {
            throw new IllegalArgumentException(
                    "no such limits: maxBatchBytes "
                            + maxBatchBytes
                            + ", maxBatches "
                            + maxBatches
                            + ", maxPastMs "
                            + maxPastMs
                            + ", maxFutureMs "
                            + maxFutureMs);
        }
    }

    /** Limits on size and number only, with any timestamp: for topics that stamp records. */
    public static BatchLimits anyTimestamp(int maxBatchBytes, int maxBatches) {
        return new BatchLimits(maxBatchBytes, maxBatches, Long.MAX_VALUE, Long.MAX_VALUE);
    }
}
