package io.mlog.kafka;

import io.mlog.core.metadata.CommandResult;
import io.mlog.core.metadata.CommandResult.PartitionResult.Changed;
import io.mlog.core.metadata.CommandResult.PartitionResult.Unchanged;
import io.mlog.core.metadata.PartitionImage;
import io.mlog.model.ErrorCode;
import io.mlog.model.TopicPartition;
import io.mlog.services.PlacementService;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.ElectLeadersResponseData;
import org.apache.kafka.common.message.ElectLeadersResponseData.PartitionResult;
import org.apache.kafka.common.message.ElectLeadersResponseData.ReplicaElectionResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Readable;

/**
 * ElectLeaders: of the partitions that are named each is told of; when all are asked for only those
 * that got another leader.
 */
final class ElectLeadersHandler implements ApiHandler<ElectLeadersRequest> {
    private static final ApiVersionRange VERSIONS = ApiVersionRange.of(ApiKeys.ELECT_LEADERS, 0, 2);

    private final PlacementService placement;

    ElectLeadersHandler(PlacementService placement) {
        this.placement = placement;
    }

    @Override
    public ApiVersionRange versions() {
        return VERSIONS;
    }

    @Override
    public ElectLeadersRequest parse(Readable request, short version) {
        return ElectLeadersRequest.read(request, version);
    }

    @Override
    public void answer(ElectLeadersRequest request, Call call) {
        Answer answer = new Answer();
        if (request.topics() != null) {
            request.topics().forEach(answer::open);
            if (answer.wanted.isEmpty()) {
                call.reply(answer.response); // to the service no partition means all
                return;
            }
        }
        call.replyWhen(
                Outcomes.settleChange(
                        () -> placement.elect(request.election(), answer.wanted),
                        answer::filled,
                        refusal -> answer.refused(refusal, call.version())));
    }

    /** The response while it fills up. */
    private static final class Answer {
        private static final int FIRST_WITH_ERROR = 1;

        private final ElectLeadersResponseData response = new ElectLeadersResponseData();
        private final List<TopicPartition> wanted = new ArrayList<>();
        private final List<PartitionResult> waiting = new ArrayList<>();

        void open(NamedPartitions topic) {
            ReplicaElectionResult entry = new ReplicaElectionResult().setTopic(topic.topic());
            response.replicaElectionResults().add(entry);
            for (int index : topic.partitions()) {
                PartitionResult result = new PartitionResult().setPartitionId(index);
                entry.partitionResult().add(result);
                if (index < 0) {
                    refuse(
                            result,
                            new Refusal(
                                    ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
                                    "there is no partition " + index));
                } else {
                    wanted.add(new TopicPartition(topic.topic(), index));
                    waiting.add(result);
                }
            }
        }

        ElectLeadersResponseData filled(List<CommandResult.PartitionResult> results) {
            for (int i = 0; i < results.size(); i++) {
                switch (results.get(i)) {
                    case Changed(TopicPartition name, PartitionImage image) -> {
                        if (wanted.isEmpty()) {
                            add(name);
                        }
                    }
                    case Unchanged(ErrorCode code, String message) ->
                            refuse(waiting.get(i), new Refusal(code, message));
                }
            }
            return response;
        }

        /** Changed partitions come topic by topic. */
        private void add(TopicPartition name) {
            List<ReplicaElectionResult> topics = response.replicaElectionResults();
            if (topics.isEmpty() || !topics.getLast().topic().equals(name.topic())) {
                topics.add(new ReplicaElectionResult().setTopic(name.topic()));
            }
            topics.getLast()
                    .partitionResult()
                    .add(new PartitionResult().setPartitionId(name.partition()));
        }

        /** The first version has room for errors of partitions only. */
        ElectLeadersResponseData refused(Refusal refusal, short version) {
            if (version >= FIRST_WITH_ERROR) {
                return new ElectLeadersResponseData().setErrorCode(refusal.code());
            }
            waiting.forEach(result -> refuse(result, refusal));
            return response;
        }

        private static void refuse(PartitionResult result, Refusal refusal) {
            result.setErrorCode(refusal.code()).setErrorMessage(refusal.message());
        }
    }
}
