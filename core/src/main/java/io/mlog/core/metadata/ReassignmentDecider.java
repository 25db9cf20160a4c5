package io.mlog.core.metadata;

import static io.mlog.core.metadata.Decision.refuse;

import io.mlog.core.metadata.MetadataCommand.ReassignPartitions;
import io.mlog.core.metadata.MetadataCommand.Reassignment;
import io.mlog.model.ErrorCode;
import io.mlog.model.TopicPartition;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Decides which brokers partitions move to. */
final class ReassignmentDecider {
    private ReassignmentDecider() {}

    static Decision reassign(MetadataImage image, ReassignPartitions command) {
        PartitionBatch.checkSize(command.reassignments().size());
        LiveBrokers live = new LiveBrokers(image);
        Set<TopicPartition> seen = new HashSet<>();
        PartitionResultsDraft results = new PartitionResultsDraft();
        for (Reassignment wish : command.reassignments()) {
            results.add(() -> {
                TopicPartition name = wish.partition();
                TopicImage topic = TopicDecider.existing(image, name.topic());
                PartitionImage partition = PartitionBatch.partitionOf(topic, name.partition());
                if (!seen.add(name)) {
                    throw PartitionBatch.namedTwice(topic, name.partition());
                }
                return draft(image, topic, partition, wish.replicas(), live);
            });
        }
        return results.decision();
    }

    private static PartitionDraft draft(
            MetadataImage image,
            TopicImage topic,
            PartitionImage partition,
            List<Integer> wished,
            LiveBrokers live) {
        PartitionDraft draft = new PartitionDraft(topic, partition);
        List<Integer> wanted = wished.isEmpty() ? original(draft) : wished;
        if (!wished.isEmpty()) {
            Assignments.checkTarget(image, wished);
            checkMinIsr(topic, wished.size());
        }
        if (!draft.reassign(wanted)) {
            throw refuse(
                    ErrorCode.INVALID_REPLICA_ASSIGNMENT,
                    "%s cannot go to %s: only %s are in sync"
                            .formatted(draft.name(), wanted, partition.isr()));
        }
        draft.completeReassignment();
        draft.elect(live);
        return draft;
    }

    private static void checkMinIsr(TopicImage topic, int replicas) {
        int least = topic.minInsyncReplicas(replicas);
        if (least > replicas) {
            throw refuse(
                    ErrorCode.INVALID_REPLICATION_FACTOR,
                    "min.insync.replicas of topic '%s' is %d: with %d replicas no acks=all record would ever be accepted"
                            .formatted(topic.name(), least, replicas));
        }
    }

    private static List<Integer> original(PartitionDraft draft) {
        PartitionImage partition = draft.before();
        if (!partition.isReassigning()) {
            throw refuse(
                    ErrorCode.NO_REASSIGNMENT_IN_PROGRESS,
                    "the replicas %s of %s are not on the move"
                            .formatted(partition.replicas(), draft.name()));
        }
        return partition.replicas().stream()
                .filter(broker -> !partition.addingReplicas().contains(broker))
                .toList();
    }
}
