package io.mlog.kafka;

import io.mlog.core.metadata.BrokerImage;
import io.mlog.core.metadata.MetadataImage;
import io.mlog.model.HostPort;
import io.mlog.services.BrokerService;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which brokers a client is told of, and under which addresses. This broker is always among them,
 * registered or not: under the advertised address when the operator set one, else under the address
 * that this client reached it by.
 */
final class BrokerAddresses {
    private final BrokerService broker;

    BrokerAddresses(BrokerService broker) {
        this.broker = broker;
    }

    /**
     * A broker as clients see it.
     *
     * @param rack null when none
     */
    record Node(int id, HostPort address, @Nullable String rack, boolean fenced) {}

    /** Every broker, fenced ones too, by id. */
    List<Node> all(MetadataImage image, KafkaConnection connection) {
        List<Node> nodes = new ArrayList<>();
        nodes.add(self(image, connection));
        for (BrokerImage other : image.brokers().values()) {
            if (other.id() != broker.brokerId()) {
                nodes.add(other(other));
            }
        }
        nodes.sort((a, b) -> Integer.compare(a.id(), b.id()));
        return nodes;
    }

    /** Every broker that is not fenced, by id. */
    List<Node> live(MetadataImage image, KafkaConnection connection) {
        return all(image, connection).stream().filter(node -> !node.fenced()).toList();
    }

    /** The broker with this id, when there is one. */
    Optional<Node> byId(int id, MetadataImage image, KafkaConnection connection) {
        if (isSelf(id)) {
            return Optional.of(self(image, connection));
        }
        return Optional.ofNullable(image.brokers().get(id)).map(BrokerAddresses::other);
    }

    /** Whether this broker has that id. */
    boolean isSelf(int id) {
        return id == broker.brokerId();
    }

    private Node self(MetadataImage image, KafkaConnection connection) {
        BrokerImage registered = image.brokers().get(broker.brokerId());
        return new Node(
                broker.brokerId(),
                broker.advertisedClientAddress().orElseGet(connection::localAddress),
                registered == null ? null : registered.rack(),
                false);
    }

    private static Node other(BrokerImage image) {
        HostPort address = image.clientAddress();
        return new Node(
                image.id(),
                address == null ? image.rpcAddress() : address,
                image.rack(),
                image.fenced());
    }
}
