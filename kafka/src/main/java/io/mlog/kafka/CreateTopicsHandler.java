package io.mlog.kafka;

import io.mlog.core.metadata.TopicImage;
import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import io.mlog.services.BrokerService;
import io.mlog.services.ConfigEntry;
import io.mlog.services.NewTopic;
import io.mlog.services.TopicService;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicConfigs;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResultCollection;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Readable;

/** CreateTopics: each topic by itself, answered once it accepts records. */
final class CreateTopicsHandler implements ApiHandler<CreateTopicsRequest> {
    private static final ApiVersionRange VERSIONS = ApiVersionRange.of(ApiKeys.CREATE_TOPICS, 2, 7);

    private final TopicService topics;
    private final BrokerService broker;
    private final KafkaLimits limits;

    CreateTopicsHandler(TopicService topics, BrokerService broker, KafkaLimits limits) {
        this.topics = topics;
        this.broker = broker;
        this.limits = limits;
    }

    @Override
    public ApiVersionRange versions() {
        return VERSIONS;
    }

    @Override
    public CreateTopicsRequest parse(Readable request, short version) {
        return CreateTopicsRequest.read(request, version);
    }

    @Override
    public void answer(CreateTopicsRequest request, Call call) {
        ChangeBudget budget = new ChangeBudget(limits);
        Set<String> repeated = repeated(request);
        Set<String> answered = new HashSet<>();
        List<CompletableFuture<CreatableTopicResult>> results = new ArrayList<>();
        for (CreateTopicsRequest.Topic topic : request.topics()) {
            if (answered.add(topic.name())) {
                results.add(
                        Outcomes.settleChange(
                                () -> {
                                    budget.take();
                                    NewTopic wanted = wanted(topic, repeated);
                                    return topics.create(wanted, request.validateOnly());
                                },
                                this::created,
                                refusal -> refused(topic.name(), refusal)));
            }
        }
        call.replyWhen(Outcomes.all(results).thenApply(CreateTopicsHandler::response));
    }

    private static Set<String> repeated(CreateTopicsRequest request) {
        Set<String> seen = new HashSet<>();
        Set<String> repeated = new HashSet<>();
        for (CreateTopicsRequest.Topic topic : request.topics()) {
            if (!seen.add(topic.name())) {
                repeated.add(topic.name());
            }
        }
        return repeated;
    }

    private static NewTopic wanted(CreateTopicsRequest.Topic topic, Set<String> repeated) {
        if (repeated.contains(topic.name())) {
            throw new MlogException(
                    ErrorCode.INVALID_REQUEST,
                    "topic '" + topic.name() + "' is in the request more than once");
        }
        if (topic.assignments().isEmpty()) {
            return new NewTopic(
                    topic.name(),
                    topic.partitions(),
                    topic.replicationFactor(),
                    List.of(),
                    configs(topic));
        }
        if (topic.partitions() != -1 || topic.replicationFactor() != -1) {
            throw new MlogException(
                    ErrorCode.INVALID_REQUEST,
                    "with replicas assigned by hand, partitions and replication factor must be -1,"
                            + " they are "
                            + topic.partitions()
                            + " and "
                            + topic.replicationFactor());
        }
        return new NewTopic(topic.name(), -1, -1, assignments(topic), configs(topic));
    }

    private static List<List<Integer>> assignments(CreateTopicsRequest.Topic topic) {
        TreeMap<Integer, List<Integer>> byPartition = new TreeMap<>();
        for (CreateTopicsRequest.Assignment assignment : topic.assignments()) {
            byPartition.put(assignment.partition(), List.copyOf(assignment.brokers()));
        }
        int count = topic.assignments().size();
        if (byPartition.size() != count
                || byPartition.firstKey() != 0
                || byPartition.lastKey() != count - 1) {
            throw new MlogException(
                    ErrorCode.INVALID_REPLICA_ASSIGNMENT,
                    "replicas are assigned to partitions "
                            + byPartition.keySet()
                            + "; they must be 0 to "
                            + (count - 1)
                            + ", each once");
        }
        return List.copyOf(byPartition.values());
    }

    private static Map<String, String> configs(CreateTopicsRequest.Topic topic) {
        Map<String, String> configs = new HashMap<>();
        for (CreateTopicsRequest.Config config : topic.configs()) {
            if (config.value() == null) {
                throw new MlogException(
                        ErrorCode.INVALID_CONFIG,
                        "'" + config.name() + "' has no value; leave it out for the default");
            }
            configs.put(config.name(), config.value());
        }
        return configs;
    }

    private CreatableTopicResult created(TopicImage topic) {
        return new HashedByIdentity.CreatedTopic()
                .setName(topic.name())
                .setTopicId(TopicIds.uuid(topic.id()))
                .setErrorMessage(null)
                .setNumPartitions(topic.partitions().size())
                .setReplicationFactor((short) topic.replicationFactor())
                .setConfigs(configsOf(topic));
    }

    private List<CreatableTopicConfigs> configsOf(TopicImage topic) {
        List<CreatableTopicConfigs> configs = new ArrayList<>();
        for (ConfigEntry entry : broker.topicConfigs(topic)) {
            configs.add(
                    new CreatableTopicConfigs()
                            .setName(entry.name())
                            .setValue(entry.value())
                            .setReadOnly(entry.readOnly())
                            .setConfigSource(ConfigCodes.source(entry.source())));
        }
        return configs;
    }

    private static CreatableTopicResult refused(String name, Refusal refusal) {
        return new HashedByIdentity.CreatedTopic()
                .setName(name)
                .setErrorCode(refusal.code())
                .setErrorMessage(refusal.message());
    }

    private static CreateTopicsResponseData response(List<CreatableTopicResult> results) {
        return new CreateTopicsResponseData()
                .setTopics(new CreatableTopicResultCollection(results.iterator()));
    }
}
