package io.mlog.broker.rpc;

import io.mlog.core.metadata.BrokerImage;
import io.mlog.core.metadata.MetadataImage;
import io.mlog.core.metadata.PartitionImage;
import io.mlog.model.ErrorCode;
import io.mlog.model.HostPort;
import io.mlog.model.TopicPartition;
import io.mlog.protocol.ErrorResponse;
import io.mlog.services.BrokerService;
import java.util.List;
import java.util.Optional;

/** The brokers as one client is to see them: by node id, and at addresses it can reach. */
final class Nodes {
    private final BrokerService broker;
    private final MetadataImage image;
    private final HostPort reachedBy;

    /**
     * The brokers of an image.
     *
     * @param reachedBy the address by which the client reached this broker
     */
    Nodes(BrokerService broker, MetadataImage image, HostPort reachedBy) {
        this.broker = broker;
        this.image = image;
        this.reachedBy = reachedBy;
    }

    /** The operator's name of the broker; {@code broker-N} for one that is not registered. */
    String nodeId(int brokerId) {
        BrokerImage known = image.brokers().get(brokerId);
        return known == null ? "broker-" + brokerId : known.nodeId();
    }

    List<String> nodeIds(List<Integer> brokerIds) {
        return brokerIds.stream().map(this::nodeId).toList();
    }

    /** Where this client reaches the broker; empty for one that is not registered. */
    Optional<HostPort> address(int brokerId) {
        if (brokerId == broker.brokerId()) {
            return Optional.of(broker.advertisedClientAddress().orElse(reachedBy));
        }
        return Optional.ofNullable(image.brokers().get(brokerId)).map(this::addressOfOther);
    }

    /** Where this client reaches the node; empty for one that is not registered. */
    Optional<HostPort> address(String nodeId) {
        return image.brokers().values().stream()
                .filter(each -> each.nodeId().equals(nodeId))
                .findFirst()
                .flatMap(each -> address(each.id()));
    }

    Optional<String> leaderNodeId(PartitionImage partition) {
        return hasLeader(partition) ? Optional.of(nodeId(partition.leader())) : Optional.empty();
    }

    Optional<HostPort> leaderAddress(PartitionImage partition) {
        return hasLeader(partition) ? address(partition.leader()) : Optional.empty();
    }

    /**
     * A service's refusal, with the leader's address where that helps: this broker does not name
     * itself, though it may be the leader it knows of while it is cut off from the others.
     */
    ErrorResponse refusal(ErrorCode code, String message, TopicPartition partition) {
        if (code == ErrorCode.NOT_LEADER) {
            Optional<HostPort> leader =
                    image.partition(partition)
                            .filter(known -> known.leader() != broker.brokerId())
                            .flatMap(this::leaderAddress);
            if (leader.isPresent()) {
                return ErrorResponse.notLeader(message, leader.get());
            }
        }
        return ErrorResponse.of(code, message);
    }

    private HostPort addressOfOther(BrokerImage other) {
        HostPort told = other.clientAddress();
        return told == null ? other.rpcAddress() : told;
    }

    private static boolean hasLeader(PartitionImage partition) {
        return partition.leader() != PartitionImage.NO_LEADER;
    }
}
