package io.mlog.services;

import io.mlog.model.ErrorCode;
import io.mlog.model.TopicIdPartition;
import java.util.List;

/**
 * A leader's answer to a {@link ReplicaFetchCommand}.
 *
 * @param error NONE, or why the whole request is refused; its session has then ended
 * @param sessionId number of the session
 * @param found what there is to tell, about these partitions only. An entry with an error, a
 *     divergence or records ends the partition's ask; one without tells the high watermark, and the
 *     ask goes on standing. Their slices are the receiver's.
 */
public record ReplicaFetched(ErrorCode error, int sessionId, List<Found> found) {
    /** What was found for one partition. */
    public record Found(TopicIdPartition partition, PartitionFetched result) {}

    /** The answer to a request that is refused as a whole. */
    public static ReplicaFetched refused(ErrorCode error) {
        return new ReplicaFetched(error, ReplicaFetchCommand.NO_SESSION, List.of());
    }
}
