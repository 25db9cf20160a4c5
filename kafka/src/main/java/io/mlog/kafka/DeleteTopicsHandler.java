package io.mlog.kafka;

import io.mlog.core.metadata.MetadataImage;
import io.mlog.core.metadata.TopicImage;
import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import io.mlog.model.TopicId;
import io.mlog.services.TopicService;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.DeleteTopicsResponseData.DeletableTopicResult;
import org.apache.kafka.common.message.DeleteTopicsResponseData.DeletableTopicResultCollection;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Readable;
import org.jspecify.annotations.Nullable;

/** DeleteTopics: by name, and from version 6 on by id. */
final class DeleteTopicsHandler implements ApiHandler<DeleteTopicsRequestData> {
    private static final ApiVersionRange VERSIONS = ApiVersionRange.of(ApiKeys.DELETE_TOPICS, 1, 6);
    private static final int FIRST_WITH_IDS = 6;

    private final TopicService topics;
    private final KafkaLimits limits;

    DeleteTopicsHandler(TopicService topics, KafkaLimits limits) {
        this.topics = topics;
        this.limits = limits;
    }

    @Override
    public ApiVersionRange versions() {
        return VERSIONS;
    }

    @Override
    public DeleteTopicsRequestData parse(Readable request, short version) {
        return new DeleteTopicsRequestData(request, version);
    }

    @Override
    public void answer(DeleteTopicsRequestData request, Call call) {
        MetadataImage image = topics.metadata();
        ChangeBudget budget = new ChangeBudget(limits);
        List<CompletableFuture<DeletableTopicResult>> results = new ArrayList<>();
        for (Target target : targets(request, call.version(), image)) {
            results.add(
                    Outcomes.settleChange(
                            () -> {
                                budget.take();
                                return topics.delete(target.existing());
                            },
                            done -> target.result(),
                            refusal ->
                                    target.result()
                                            .setErrorCode(refusal.code())
                                            .setErrorMessage(refusal.message())));
        }
        call.replyWhen(
                Outcomes.all(results)
                        .thenApply(deleted ->
                                new DeleteTopicsResponseData()
                                        .setResponses(
                                                new DeletableTopicResultCollection(
                                                        deleted.iterator()))));
    }

    private static List<Target> targets(
            DeleteTopicsRequestData request, short version, MetadataImage image) {
        List<Target> targets = new ArrayList<>();
        if (version < FIRST_WITH_IDS) {
            request.topicNames().forEach(name -> targets.add(Target.byName(name, image)));
        } else {
            request.topics().forEach(topic -> targets.add(Target.of(topic, image)));
        }
        return targets;
    }

    /**
     * A topic as the client named it, and as it is known.
     *
     * @param name null when neither the client nor the metadata has one
     * @param id zero when unknown
     * @param both whether the client gave name and id
     */
    private record Target(@Nullable String name, TopicId id, boolean both) {
        static Target byName(String name, MetadataImage image) {
            TopicId id = image.topic(name).map(TopicImage::id).orElse(TopicId.ZERO);
            return new Target(name, id, false);
        }

        static Target of(DeleteTopicState topic, MetadataImage image) {
            TopicId id = TopicIds.of(topic.topicId());
            if (id.equals(TopicId.ZERO)) {
                return topic.name() == null
                        ? new Target(null, id, false)
                        : byName(topic.name(), image);
            }
            String name = image.topic(id).map(TopicImage::name).orElse(null);
            return topic.name() == null
                    ? new Target(name, id, false)
                    : new Target(topic.name(), id, true);
        }

        /** The name to delete; whether it exists under that name is the service's to say. */
        String existing() {
            if (both) {
                throw new MlogException(
                        ErrorCode.INVALID_REQUEST,
                        "give topic '" + name + "' or its id " + id + ", not both");
            }
            if (name == null) {
                throw new MlogException(ErrorCode.UNKNOWN_TOPIC_ID, "no topic has the id " + id);
            }
            return name;
        }

        DeletableTopicResult result() {
            return new HashedByIdentity.DeletedTopic().setName(name).setTopicId(TopicIds.uuid(id));
        }
    }
}
