package io.mlog.broker.partition;

/**
 * What a follower asks its leader for.
 *
 * @param leaderId broker id of the leader
 * @param leaderEpoch of the leadership that the follower knows
 * @param fetchOffset the first offset it does not have; everything below is in its log, and durable
 *     where the topic's durability demands it
 * @param lastFetchedEpoch leader epoch of its last record, -1 when it has none
 * @param logStartOffset its log start offset
 */
public record FetchPosition(
        int leaderId,
        int leaderEpoch,
        long fetchOffset,
        int lastFetchedEpoch,
        long logStartOffset) {}
