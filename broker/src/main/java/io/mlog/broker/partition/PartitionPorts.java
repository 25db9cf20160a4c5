package io.mlog.broker.partition;

import io.mlog.broker.flush.Flusher;
import io.mlog.core.replication.IsrLimits;
import io.mlog.core.replication.IsrMember;
import java.time.InstantSource;

/**
 * What a partition needs around it; all partitions of a broker share it.
 *
 * @param self this broker, in this life
 * @param isrLimits how far behind this broker's followers may be
 * @param proposals where a leader's wishes go
 * @param followers told when a follower may fetch
 */
public record PartitionPorts(
        IsrMember self,
        Flusher flusher,
        Timer timer,
        InstantSource clock,
        IsrLimits isrLimits,
        IsrProposals proposals,
        FollowerListener followers) {}
