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
 * @param rack for placement, null when none
 * @param version of mlog that registered
 * @param fenced registered, but may not lead
 */
public record BrokerImage(
        int id,
        String nodeId,
        String directoryId,
        long bootEpoch,
        @Nullable HostPort clientAddress,
        HostPort rpcAddress,
        @Nullable String rack,
        String version,
        boolean fenced) {}
