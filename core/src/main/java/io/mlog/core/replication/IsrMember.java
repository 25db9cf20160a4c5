package io.mlog.core.replication;

/**
 * A broker in an in-sync set, by the life of its process that was seen to be in sync.
 *
 * @param brokerId its permanent number
 * @param bootEpoch number of that life
 */
public record IsrMember(int brokerId, long bootEpoch) {}
