package io.mlog.services;

/**
 * Which replica fetches.
 *
 * @param brokerId the follower's permanent number
 * @param bootEpoch number of its process's life; only that of its present registration counts
 */
public record ReplicaIdentity(int brokerId, long bootEpoch) {}
