package io.mlog.services;

import io.mlog.core.replication.FollowerStatus;
import io.mlog.model.TopicPartition;
import java.util.List;

/**
 * A hosted replica's present state, for people and metrics.
 *
 * @param sizeBytes bytes of its segments
 * @param followers what it knows of the other replicas while it leads, else empty
 * @param online false once the log is offline, {@code problem} then says why
 * @param problem also why the log cannot be compacted, while it is served; empty when all is well
 * @param refusals what was refused about it, the latest kind first
 */
public record PartitionStatus(
        TopicPartition partition,
        long logStartOffset,
        long highWatermark,
        long logEndOffset,
        long flushedOffset,
        long sizeBytes,
        int segments,
        List<FollowerStatus> followers,
        boolean online,
        String problem,
        List<Refusals> refusals) {
    public PartitionStatus {
        followers = List.copyOf(followers);
        refusals = List.copyOf(refusals);
    }
}
