package io.mlog.services;

import io.mlog.model.TopicIdPartition;

/**
 * What a follower wants next of one partition. It stands from the moment it reaches the leader
 * until it is answered, however many requests that takes, and says that the follower has everything
 * below its offset.
 *
 * @param partition whose records
 * @param leaderEpoch the leadership that the follower knows
 * @param fetchOffset first offset that it does not have
 * @param lastFetchedEpoch leader epoch of its last record, -1 when it has none
 * @param logStartOffset its log start offset
 * @param maxBytes most bytes of records, but at least one whole batch
 */
public record ReplicaAsk(
        TopicIdPartition partition,
        int leaderEpoch,
        long fetchOffset,
        int lastFetchedEpoch,
        long logStartOffset,
        int maxBytes) {}
