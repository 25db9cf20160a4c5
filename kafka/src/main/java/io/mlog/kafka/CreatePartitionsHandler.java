package io.mlog.kafka;

import io.mlog.core.metadata.TopicImage;
import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import io.mlog.services.TopicService;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.CreatePartitionsResponseData;
import org.apache.kafka.common.message.CreatePartitionsResponseData.CreatePartitionsTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Readable;

/** CreatePartitions: raises the number of partitions; the cluster places the new ones. */
final class CreatePartitionsHandler implements ApiHandler<CreatePartitionsRequest> {
    private static final ApiVersionRange VERSIONS =
            ApiVersionRange.of(ApiKeys.CREATE_PARTITIONS, 0, 3);

    private final TopicService topics;
    private final KafkaLimits limits;

    CreatePartitionsHandler(TopicService topics, KafkaLimits limits) {
        this.topics = topics;
        this.limits = limits;
    }

    @Override
    public ApiVersionRange versions() {
        return VERSIONS;
    }

    @Override
    public CreatePartitionsRequest parse(Readable request, short version) {
        return CreatePartitionsRequest.read(request, version);
    }

    @Override
    public void answer(CreatePartitionsRequest request, Call call) {
        ChangeBudget budget = new ChangeBudget(limits);
        List<CompletableFuture<CreatePartitionsTopicResult>> results = new ArrayList<>();
        for (CreatePartitionsTopic topic : request.topics()) {
            results.add(
                    Outcomes.settleChange(
                            () -> {
                                budget.take();
                                return raise(topic, request.validateOnly());
                            },
                            done -> result(topic),
                            refusal ->
                                    result(topic)
                                            .setErrorCode(refusal.code())
                                            .setErrorMessage(refusal.message())));
        }
        call.replyWhen(
                Outcomes.all(results)
                        .thenApply(done -> new CreatePartitionsResponseData().setResults(done)));
    }

    private CompletableFuture<TopicImage> raise(CreatePartitionsTopic topic, boolean validateOnly) {
        if (topic.assignments() != null && !topic.assignments().isEmpty()) {
            throw new MlogException(
                    ErrorCode.INVALID_REPLICA_ASSIGNMENT,
                    "replicas of new partitions of '"
                            + topic.name()
                            + "' cannot be assigned by hand; leave the assignment out");
        }
        return topics.createPartitions(topic.name(), topic.count(), validateOnly);
    }

    private static CreatePartitionsTopicResult result(CreatePartitionsTopic topic) {
        return new CreatePartitionsTopicResult().setName(topic.name());
    }
}
