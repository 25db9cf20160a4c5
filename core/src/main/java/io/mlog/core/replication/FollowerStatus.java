package io.mlog.core.replication;

/**
 * What a leader knows of a follower.
 *
 * @param inSync whether it is in the committed ISR
 * @param fetchOffset everything below it was seen to be in its log; -1 when it was not seen yet
 * @param sinceCurrentMs how long ago it was last seen to keep up
 */
public record FollowerStatus(int brokerId, boolean inSync, long fetchOffset, long sinceCurrentMs) {}
