package io.mlog.core.metadata;

import static io.mlog.core.metadata.Decision.refuse;

import io.mlog.model.ErrorCode;
import java.util.HashSet;
import java.util.List;

/** The rules for replicas that a client assigned to brokers itself. */
final class Assignments {
    private Assignments() {}

    /** Refuses assignments that cannot be followed. */
    static void check(
            MetadataImage image, List<List<Integer>> assignments, int partitions, int replicas) {
        if (assignments.size() != partitions) {
            throw refuse(
                    ErrorCode.INVALID_REPLICA_ASSIGNMENT,
                    "%d partitions were asked for and %d assigned"
                            .formatted(partitions, assignments.size()));
        }
        if (replicas < 1 || replicas > MetadataLimits.REPLICAS_OF_PARTITION) {
            throw refuse(
                    ErrorCode.INVALID_REPLICATION_FACTOR,
                    "a partition has 1 to %d replicas, %d were assigned"
                            .formatted(MetadataLimits.REPLICAS_OF_PARTITION, replicas));
        }
        for (List<Integer> brokers : assignments) {
            checkPartition(image, brokers, replicas);
        }
    }

    private static void checkPartition(MetadataImage image, List<Integer> brokers, int replicas) {
        if (brokers.size() != replicas) {
            throw refuse(
                    ErrorCode.INVALID_REPLICA_ASSIGNMENT,
                    "the assignment %s has %d brokers, every partition of the topic has %d"
                            .formatted(brokers, brokers.size(), replicas));
        }
        checkNames(image, brokers);
        if (brokers.stream().noneMatch(id -> active(image, id))) {
            throw refuse(
                    ErrorCode.INVALID_REPLICA_ASSIGNMENT,
                    "no broker of the assignment %s is alive".formatted(brokers));
        }
    }

    /** Refuses replicas that a partition cannot move to; they may be away for the time being. */
    static void checkTarget(MetadataImage image, List<Integer> brokers) {
        if (brokers.size() > MetadataLimits.REPLICAS_OF_PARTITION) {
            throw refuse(
                    ErrorCode.INVALID_REPLICATION_FACTOR,
                    "a partition has 1 to %d replicas, %d were assigned"
                            .formatted(MetadataLimits.REPLICAS_OF_PARTITION, brokers.size()));
        }
        checkNames(image, brokers);
    }

    private static void checkNames(MetadataImage image, List<Integer> brokers) {
        if (new HashSet<>(brokers).size() != brokers.size()) {
            throw refuse(
                    ErrorCode.INVALID_REPLICA_ASSIGNMENT,
                    "the assignment %s names a broker twice".formatted(brokers));
        }
        for (int id : brokers) {
            if (!image.brokers().containsKey(id)) {
                throw refuse(
                        ErrorCode.INVALID_REPLICA_ASSIGNMENT,
                        "the assignment %s names broker %d; there are %s"
                                .formatted(
                                        brokers,
                                        id,
                                        image.brokers().keySet().stream().sorted().toList()));
            }
        }
    }

    /** Whether the broker may be given replicas and leaderships. */
    static boolean active(MetadataImage image, int id) {
        BrokerImage broker = image.brokers().get(id);
        return broker != null && broker.active();
    }
}
