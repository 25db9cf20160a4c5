package io.mlog.core.metadata;

import io.mlog.model.HostPort;
import org.jspecify.annotations.Nullable;

/**
 * A registered broker.
 *
 * @param id permanent number that Kafka clients see, given at the first registration
 * @param nodeId the operator's name for the node
 * @param directoryId random name of its data directory: a wiped disk has another one
 * @param bootEpoch number of the process's life, rising with every start
 * @param clientAddress what clients of other nodes are told; null when each is told the address it
 *     came by
 * @param rpcAddress where other brokers reach it
 * @param raftAddress where its Raft transport listens
 * @param rack for placement, null when none
 * @param version of mlog that registered
 * @param fenced registered, but may not lead, nor be in sync but where it is the last that was
 * @param shuttingDown this boot is on its way out: it gets no leadership and no new replica
 */
public record BrokerImage(
        int id,
        String nodeId,
        String directoryId,
        long bootEpoch,
        @Nullable HostPort clientAddress,
        HostPort rpcAddress,
        HostPort raftAddress,
        @Nullable String rack,
        String version,
        boolean fenced,
        boolean shuttingDown) {
    /** Whether it may be given leaderships and replicas. */
    public boolean active() {
        return !fenced && !shuttingDown;
    }

    BrokerImage in(boolean nowFenced, boolean nowShuttingDown) {
        return new BrokerImage(
                id,
                nodeId,
                directoryId,
                bootEpoch,
                clientAddress,
                rpcAddress,
                raftAddress,
                rack,
                version,
                nowFenced,
                nowShuttingDown);
    }
}
