package io.mlog.kafka;

import io.mlog.core.metadata.CommandResult.PartitionResult;
import io.mlog.core.metadata.MetadataCommand.Reassignment;
import io.mlog.core.metadata.MetadataImage;
import io.mlog.core.metadata.PartitionImage;
import io.mlog.model.ErrorCode;
import io.mlog.model.TopicPartition;
import io.mlog.services.PlacementService;
import io.mlog.services.TopicService;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignablePartition;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignableTopic;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData.ReassignablePartitionResponse;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData.ReassignableTopicResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Readable;

/**
 * AlterPartitionReassignments: moves partitions to the brokers that the client names, or back when
 * it names none. Answers when that is decided; the copying goes on.
 */
final class AlterPartitionReassignmentsHandler
        implements ApiHandler<AlterPartitionReassignmentsRequestData> {
    private static final ApiVersionRange VERSIONS =
            ApiVersionRange.of(ApiKeys.ALTER_PARTITION_REASSIGNMENTS, 0, 1);

    private final PlacementService placement;
    private final TopicService topics;

    AlterPartitionReassignmentsHandler(PlacementService placement, TopicService topics) {
        this.placement = placement;
        this.topics = topics;
    }

    @Override
    public ApiVersionRange versions() {
        return VERSIONS;
    }

    @Override
    public AlterPartitionReassignmentsRequestData parse(Readable request, short version) {
        return new AlterPartitionReassignmentsRequestData(request, version);
    }

    @Override
    public void answer(AlterPartitionReassignmentsRequestData request, Call call) {
        Answer answer = new Answer(topics.metadata(), request.allowReplicationFactorChange());
        request.topics().forEach(answer::add);
        if (answer.wishes.isEmpty()) {
            call.reply(answer.response);
            return;
        }
        call.replyWhen(
                Outcomes.settleChange(
                        () -> placement.reassign(answer.wishes), answer::filled, answer::refused));
    }

    /** The response while it fills up. */
    private static final class Answer {
        private final AlterPartitionReassignmentsResponseData response =
                new AlterPartitionReassignmentsResponseData();
        private final List<Reassignment> wishes = new ArrayList<>();
        private final List<ReassignablePartitionResponse> waiting = new ArrayList<>();
        private final MetadataImage image;
        private final boolean otherCount;

        Answer(MetadataImage image, boolean otherCount) {
            this.image = image;
            this.otherCount = otherCount;
        }

        void add(ReassignableTopic topic) {
            ReassignableTopicResponse entry = new ReassignableTopicResponse().setName(topic.name());
            response.responses().add(entry);
            topic.partitions().forEach(partition -> add(topic.name(), partition, entry));
        }

        private void add(
                String topic, ReassignablePartition partition, ReassignableTopicResponse entry) {
            ReassignablePartitionResponse result =
                    new ReassignablePartitionResponse()
                            .setPartitionIndex(partition.partitionIndex());
            entry.partitions().add(result);
            Optional<Refusal> refusal = refusal(topic, partition);
            if (refusal.isPresent()) {
                refuse(result, refusal.get());
                return;
            }
            waiting.add(result);
            wishes.add(
                    new Reassignment(
                            new TopicPartition(topic, partition.partitionIndex()),
                            partition.replicas() == null ? List.of() : partition.replicas()));
        }

        private Optional<Refusal> refusal(String topic, ReassignablePartition partition) {
            if (partition.partitionIndex() < 0) {
                return Optional.of(
                        new Refusal(
                                ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
                                "there is no partition " + partition.partitionIndex()));
            }
            if (partition.replicas() == null) {
                return Optional.empty();
            }
            if (partition.replicas().isEmpty()) {
                return Optional.of(
                        new Refusal(
                                ErrorCode.INVALID_REPLICA_ASSIGNMENT,
                                "a partition has at least one replica"));
            }
            return otherCount
                    ? Optional.empty()
                    : image.partition(new TopicPartition(topic, partition.partitionIndex()))
                            .map(PartitionImage::replicationFactor)
                            .filter(factor -> factor != partition.replicas().size())
                            .map(factor ->
                                    new Refusal(
                                            ErrorCode.INVALID_REPLICATION_FACTOR,
                                            "%d replicas were named; the partition has %d, and the request does not allow to change that"
                                                    .formatted(
                                                            partition.replicas().size(), factor)));
        }

        AlterPartitionReassignmentsResponseData filled(List<PartitionResult> results) {
            for (int i = 0; i < results.size(); i++) {
                if (results.get(i)
                        instanceof PartitionResult.Unchanged(ErrorCode code, String message)) {
                    refuse(waiting.get(i), new Refusal(code, message));
                }
            }
            return response;
        }

        AlterPartitionReassignmentsResponseData refused(Refusal refusal) {
            return new AlterPartitionReassignmentsResponseData()
                    .setErrorCode(refusal.code())
                    .setErrorMessage(refusal.message());
        }

        private static void refuse(ReassignablePartitionResponse result, Refusal refusal) {
            result.setErrorCode(refusal.code()).setErrorMessage(refusal.message());
        }
    }
}
