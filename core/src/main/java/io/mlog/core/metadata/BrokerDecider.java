package io.mlog.core.metadata;

import static io.mlog.core.metadata.Decision.refuse;

import io.mlog.core.metadata.CommandResult.Outcome;
import io.mlog.core.metadata.MetadataCommand.CreateCluster;
import io.mlog.core.metadata.MetadataCommand.RegisterBroker;
import io.mlog.core.metadata.MetadataRecord.BrokerRegistered;
import io.mlog.core.metadata.MetadataRecord.ClusterCreated;
import io.mlog.core.metadata.MetadataRecord.LeaderChange;
import io.mlog.model.ErrorCode;
import io.mlog.model.TopicPartition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
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
        return Decision.accept(
                List.of(new ClusterCreated(command.clusterId(), MetadataMachine.LEVEL)));
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
        List<MetadataRecord> records = new ArrayList<>();
        records.add(new BrokerRegistered(brokerOf(id, command)));
        renewLeaderships(image, id, records);
        return new Decision.Accepted(records, after -> new Outcome.BrokerId(id));
    }

    /**
     * A boot never leads under the epoch of an earlier one: what that one appended and lost must
     * not share an epoch with what this one appends at the same offsets.
     */
    private static void renewLeaderships(
            MetadataImage image, int id, List<MetadataRecord> records) {
        for (TopicImage topic : new TreeMap<>(image.topicsByName()).values()) {
            for (PartitionImage partition : topic.partitions()) {
                if (mayLead(partition, id)) {
                    records.add(
                            new LeaderChange(
                                    new TopicPartition(topic.name(), partition.partition()),
                                    id,
                                    partition.leaderEpoch() + 1,
                                    partition.partitionEpoch() + 1));
                }
            }
        }
    }

    private static boolean mayLead(PartitionImage partition, int id) {
        return partition.leader() == id
                || (partition.leader() == PartitionImage.NO_LEADER && partition.isr().contains(id));
    }

    private static void checkSuccessor(BrokerImage earlier, RegisterBroker command) {
        if (!earlier.directoryId().equals(command.directoryId())) {
            throw refuse(
                    ErrorCode.INVALID_REQUEST,
                    ("node %s is registered with data directory %s and came with %s, which does not"
                                    + " hold its records: start it on its own directory, or under another"
                                    + " --node-id")
                            .formatted(
                                    command.nodeId(),
                                    earlier.directoryId(),
                                    command.directoryId()));
        }
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
                command.rack(),
                command.version(),
                false);
    }

    private static void checkNames(RegisterBroker command) {
        bounded("node id", command.nodeId());
        bounded("directory id", command.directoryId());
        bounded("version", command.version());
        optionalBounded("rack", command.rack());
        bounded("RPC host", command.rpcAddress().host());
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
