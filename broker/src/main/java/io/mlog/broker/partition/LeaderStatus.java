package io.mlog.broker.partition;

import io.mlog.core.replication.FollowerStatus;
import java.util.List;

/**
 * What a leader knows of its partition's replicas, for metrics.
 *
 * @param leaderEpoch number of its leadership
 * @param partitionEpoch of the metadata that it goes by
 * @param replicas how many copies there should be, its own included
 * @param inSync size of the committed ISR
 * @param minInSync least size of it at which records are committed
 * @param followers in the order of the replicas
 */
public record LeaderStatus(
        int leaderEpoch,
        int partitionEpoch,
        int replicas,
        int inSync,
        int minInSync,
        List<FollowerStatus> followers) {}
