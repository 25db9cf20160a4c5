package io.mlog.core.metadata;

import static io.mlog.core.metadata.Decision.refuse;

import io.mlog.core.metadata.CommandResult.Outcome;
import io.mlog.core.metadata.MetadataCommand.CreateCluster;
import io.mlog.core.metadata.MetadataCommand.RegisterBroker;
import io.mlog.core.metadata.MetadataCommand.UnregisterBroker;
import io.mlog.core.metadata.MetadataRecord.BrokerRegistered;
import io.mlog.core.metadata.MetadataRecord.BrokerUnregistered;
import io.mlog.core.metadata.MetadataRecord.ClusterCreated;
import io.mlog.model.ErrorCode;
import io.mlog.model.TopicPartition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Decides the founding of the cluster and the lives of its brokers. */
final class BrokerDecider {
    private BrokerDecider() {}

    static Decision found(MetadataImage image, CreateCluster command) {
        bounded("cluster id", command.clusterId());
        if (image.clusterId().equals(command.clusterId())) {
            return Decision.accept(List.of());
        }
        if (!image.clusterId().isEmpty()) {
            throw refuse(
                    ErrorCode.INVALID_REQUEST,
                    "this is already cluster %s, it cannot become %s"
                            .formatted(image.clusterId(), command.clusterId()));
        }
        return Decision.accept(List.of(new ClusterCreated(command.clusterId(), command.level())));
    }

    static Decision register(MetadataImage image, RegisterBroker command) {
        checkNames(command);
        if (image.clusterId().isEmpty()) {
            throw refuse(
                    ErrorCode.INVALID_REQUEST,
                    "node %s cannot register: the cluster has not been founded"
                            .formatted(command.nodeId()));
        }
        Optional<BrokerImage> known = image.broker(command.nodeId());
        known.ifPresent(earlier -> checkSuccessor(earlier, command));
        int id = known.map(BrokerImage::id).orElse(image.nextBrokerId());
        BrokerImage present = brokerOf(id, command);
        List<MetadataRecord> records = new ArrayList<>();
        records.add(new BrokerRegistered(present));
        known.ifPresent(earlier -> FencingDecider.replaceBoot(image, earlier, present, records));
        return new Decision.Accepted(records, after -> new Outcome.BrokerId(id));
    }

    static Decision unregister(MetadataImage image, UnregisterBroker command) {
        BrokerImage broker = FencingDecider.registered(image, command.brokerId());
        if (!broker.fenced()) {
            throw refuse(
                    ErrorCode.INVALID_REQUEST,
                    "broker %d (%s) is alive in boot %d: only a fenced one can be forgotten"
                            .formatted(broker.id(), broker.nodeId(), broker.bootEpoch()));
        }
        List<TopicPartition> held = new ArrayList<>();
        for (TopicImage topic : image.topicsInOrder()) {
            for (PartitionImage partition : topic.partitions()) {
                if (partition.replicas().contains(broker.id())) {
                    held.add(new TopicPartition(topic.name(), partition.partition()));
                }
            }
        }
        if (!held.isEmpty()) {
            throw refuse(
                    ErrorCode.INVALID_REQUEST,
                    "broker %d (%s) holds replicas of %d partitions, %s the first: move them to other brokers"
                            .formatted(broker.id(), broker.nodeId(), held.size(), held.getFirst()));
        }
        return Decision.accept(List.of(new BrokerUnregistered(broker.id())));
    }

    private static void checkSuccessor(BrokerImage earlier, RegisterBroker command) {
        if (command.bootEpoch() <= earlier.bootEpoch()) {
            throw refuse(
                    ErrorCode.INVALID_REQUEST,
                    ("node %s came with boot epoch %d but is registered with %d: an older process"
                                    + " of it may not come back")
                            .formatted(command.nodeId(), command.bootEpoch(), earlier.bootEpoch()));
        }
    }

    private static BrokerImage brokerOf(int id, RegisterBroker command) {
        return new BrokerImage(
                id,
                command.nodeId(),
                command.directoryId(),
                command.bootEpoch(),
                command.clientAddress(),
                command.rpcAddress(),
                command.raftAddress(),
                command.rack(),
                command.version(),
                true,
                false);
    }

    private static void checkNames(RegisterBroker command) {
        bounded("node id", command.nodeId());
        bounded("directory id", command.directoryId());
        bounded("version", command.version());
        optionalBounded("rack", command.rack());
        bounded("RPC host", command.rpcAddress().host());
        bounded("Raft host", command.raftAddress().host());
        if (command.clientAddress() != null) {
            bounded("client host", command.clientAddress().host());
        }
    }

    private static void optionalBounded(String what, @Nullable String name) {
        if (name != null) {
            bounded(what, name);
        }
    }

    private static void bounded(String what, String name) {
        if (name.isEmpty() || name.length() > MetadataLimits.NAME_LENGTH) {
            throw refuse(
                    ErrorCode.INVALID_REQUEST,
                    "the %s has %d characters, 1 to %d are allowed"
                            .formatted(what, name.length(), MetadataLimits.NAME_LENGTH));
        }
    }
}
