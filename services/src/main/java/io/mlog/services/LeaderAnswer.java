package io.mlog.services;

import io.mlog.model.ErrorCode;
import io.mlog.model.OffsetAndEpoch;
import io.mlog.model.TopicIdPartition;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * A {@link ReplicaFetched} as the follower reads it.
 *
 * @param error NONE, or why the whole request was refused; its session has then ended
 * @param sessionId number of the session
 * @param entries what the leader told, about these partitions only
 */
public record LeaderAnswer(ErrorCode error, int sessionId, List<Entry> entries) {
    /**
     * What the leader told about one partition.
     *
     * @param error NONE, or why there are no records
     * @param highWatermark the leader's, -1 when it does not tell it
     * @param logStartOffset the leader's, -1 when it does not tell it
     * @param divergence where the two logs part, when they do
     * @param records batches as they came, from position to limit; a view of the answer's bytes,
     *     borrowed as long as those are
     */
    public record Entry(
            TopicIdPartition partition,
            ErrorCode error,
            long highWatermark,
            long logStartOffset,
            Optional<OffsetAndEpoch> divergence,
            ByteBuffer records) {
        /** Whether the partition's ask is answered; else it goes on standing at the leader. */
        public boolean endsAsk() {
            return error != ErrorCode.NONE || divergence.isPresent() || records.hasRemaining();
        }
    }
}
