package io.mlog.core.metadata;

import static io.mlog.core.metadata.Decision.refuse;

import io.mlog.core.metadata.CommandResult.Outcome;
import io.mlog.core.metadata.MetadataCommand.CreatePartitions;
import io.mlog.core.metadata.MetadataCommand.CreateTopic;
import io.mlog.core.metadata.MetadataCommand.DeleteTopic;
import io.mlog.core.metadata.MetadataRecord.PartitionCreated;
import io.mlog.core.metadata.MetadataRecord.TopicCreated;
import io.mlog.core.metadata.MetadataRecord.TopicDeleted;
import io.mlog.model.ErrorCode;
import io.mlog.model.TopicId;
import io.mlog.model.TopicName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Decides which topics and partitions there are. */
final class TopicDecider {
    /** Copies of a partition when nobody asks for a number and there are as many brokers. */
    static final int DEFAULT_REPLICAS = 3;

    private TopicDecider() {}

    static Decision create(MetadataImage image, CreateTopic command) {
        String name = TopicName.check(command.name());
        image.topic(name).ifPresent(TopicDecider::refuseExisting);
        TopicId id = command.topicId();
        if (id.equals(TopicId.ZERO) || image.topicNames().containsKey(id)) {
            throw refuse(ErrorCode.INVALID_REQUEST, "topic id %s is not free".formatted(id));
        }
        List<List<Integer>> replicas = replicasOf(image, command);
        Map<String, String> configs =
                TopicConfigDecider.checked(command.configs(), replicas.getFirst().size());
        List<MetadataRecord> records = new ArrayList<>(replicas.size() + 1);
        records.add(new TopicCreated(name, id, configs));
        addPartitionRecords(image, name, 0, replicas, records);
        return Decision.acceptTopic(name, records);
    }

    static Decision delete(MetadataImage image, DeleteTopic command) {
        TopicImage topic = existing(image, command.name());
        if (!command.expectedId().equals(TopicId.ZERO)
                && !command.expectedId().equals(topic.id())) {
            throw refuse(
                    ErrorCode.UNKNOWN_TOPIC_ID,
                    "topic %s with id %s does not exist any more; the name belongs to %s"
                            .formatted(command.name(), command.expectedId(), topic.id()));
        }
        return new Decision.Accepted(
                List.of(new TopicDeleted(topic.name(), topic.id())),
                after -> new Outcome.Topic(topic));
    }

    static Decision addPartitions(MetadataImage image, CreatePartitions command) {
        TopicImage topic = existing(image, command.topic());
        int present = topic.partitions().size();
        if (command.total() <= present) {
            throw refuse(
                    ErrorCode.INVALID_PARTITIONS,
                    "topic %s has %d partitions; their number can only grow, %d was asked for"
                            .formatted(topic.name(), present, command.total()));
        }
        int added = command.total() - present;
        checkPartitionCount(image, command.total(), added);
        List<List<Integer>> replicas = command.assignments();
        if (replicas.isEmpty()) {
            replicas =
                    new ReplicaPlacement(image)
                            .place(added, topic.replicationFactor(), seed(topic.id()) + present);
        } else {
            Assignments.check(image, replicas, added, topic.replicationFactor());
        }
        List<MetadataRecord> records = new ArrayList<>(added);
        addPartitionRecords(image, topic.name(), present, replicas, records);
        return Decision.acceptTopic(topic.name(), records);
    }

    /** The topic, or UNKNOWN_TOPIC_OR_PARTITION. */
    static TopicImage existing(MetadataImage image, String name) {
        return image.topic(name)
                .orElseThrow(() ->
                        refuse(
                                ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
                                "topic '%s' does not exist".formatted(name)));
    }

    private static List<List<Integer>> replicasOf(MetadataImage image, CreateTopic command) {
        if (!command.assignments().isEmpty()) {
            int partitions = asked(command.partitions(), command.assignments().size());
            checkPartitionCount(image, partitions, partitions);
            int replicas = asked(command.replicas(), command.assignments().getFirst().size());
            Assignments.check(image, command.assignments(), partitions, replicas);
            return command.assignments();
        }
        int partitions = asked(command.partitions(), 1);
        checkPartitionCount(image, partitions, partitions);
        ReplicaPlacement placement = new ReplicaPlacement(image);
        int replicas =
                asked(
                        command.replicas(),
                        Math.clamp(placement.mostReplicas(), 1, DEFAULT_REPLICAS));
        return placement.place(partitions, replicas, seed(command.topicId()));
    }

    private static int asked(int number, int otherwise) {
        return number == MetadataCommand.DEFAULT ? otherwise : number;
    }

    private static int seed(TopicId id) {
        return Long.hashCode(id.leastSignificantBits());
    }

    private static void checkPartitionCount(MetadataImage image, int ofTopic, int added) {
        if (ofTopic < 1 || ofTopic > MetadataLimits.PARTITIONS_OF_TOPIC) {
            throw refuse(
                    ErrorCode.INVALID_PARTITIONS,
                    "a topic has 1 to %d partitions, %d were asked for"
                            .formatted(MetadataLimits.PARTITIONS_OF_TOPIC, ofTopic));
        }
        int present = 0;
        for (TopicImage topic : image.topicsByName().values()) {
            present += topic.partitions().size();
        }
        if (present + added > MetadataLimits.PARTITIONS) {
            throw refuse(
                    ErrorCode.POLICY_VIOLATION,
                    ("the cluster has %d partitions and may have %d: %d more do not fit; delete"
                                    + " topics first")
                            .formatted(present, MetadataLimits.PARTITIONS, added));
        }
    }

    private static void addPartitionRecords(
            MetadataImage image,
            String topic,
            int firstIndex,
            List<List<Integer>> replicas,
            List<MetadataRecord> records) {
        for (int i = 0; i < replicas.size(); i++) {
            List<Integer> isr =
                    replicas.get(i).stream().filter(id -> Assignments.active(image, id)).toList();
            records.add(
                    new PartitionCreated(
                            topic,
                            new PartitionImage(
                                    firstIndex + i, replicas.get(i), isr, isr.getFirst(), 0, 0)));
        }
    }

    private static void refuseExisting(TopicImage topic) {
        throw refuse(
                ErrorCode.TOPIC_ALREADY_EXISTS,
                "topic '%s' exists already, with %d partitions and id %s"
                        .formatted(topic.name(), topic.partitions().size(), topic.id()));
    }
}
