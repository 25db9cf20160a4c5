package io.mlog.services;

import io.mlog.model.ErrorCode;
import io.mlog.model.OffsetAndEpoch;
import io.mlog.model.TopicIdPartition;
import io.mlog.records.RecordsSlice;
import java.util.List;
import java.util.Optional;

/**
 * A leader's answer to a {@link ReplicaFetchCommand}.
 *
 * @param error NONE, or why the whole request is refused; its session has then ended
 * @param sessionId number of the session
 * @param found what there is to tell, about these partitions only
 */
public record ReplicaFetched(ErrorCode error, int sessionId, List<Found> found) {
    /**
     * What was found for one partition. With an error, a divergence or records it ends the
     * partition's ask; without, it tells the high watermark, and the ask goes on standing.
     *
     * @param error NONE, or why nothing was read
     * @param highWatermark the leader's, -1 when it is not told
     * @param logStartOffset the leader's, -1 when it is not told
     * @param divergence where the two logs part, when they do
     * @param records batches from the asked offset on; the receiver's
     */
    public record Found(
            TopicIdPartition partition,
            ErrorCode error,
            long highWatermark,
            long logStartOffset,
            Optional<OffsetAndEpoch> divergence,
            RecordsSlice records) {
        /** The same as a partition has found it. */
        public static Found of(TopicIdPartition partition, PartitionFetched result) {
            return new Found(
                    partition,
                    result.error(),
                    result.highWatermark(),
                    result.logStartOffset(),
                    result.divergence(),
                    result.records());
        }

        /** Nothing was found, and why. */
        public static Found refused(TopicIdPartition partition, ErrorCode error) {
            return new Found(partition, error, -1, -1, Optional.empty(), RecordsSlice.EMPTY);
        }

        /** Whether the partition's ask is answered. */
        public boolean endsAsk() {
            return error != ErrorCode.NONE || divergence.isPresent() || records.sizeBytes() > 0;
        }
    }

    /** The answer to a request that is refused as a whole. */
    public static ReplicaFetched refused(ErrorCode error) {
        return new ReplicaFetched(error, ReplicaFetchCommand.NO_SESSION, List.of());
    }
}
