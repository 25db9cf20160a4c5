package io.mlog.kafka;

import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import io.mlog.services.ConfigChange;
import io.mlog.services.ConfigChange.Operation;
import io.mlog.services.TopicService;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData.AlterConfigsResourceResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Readable;

/** IncrementalAlterConfigs: changes single values of topics' configurations. */
final class IncrementalAlterConfigsHandler implements ApiHandler<AlterConfigsRequest> {
    private static final ApiVersionRange VERSIONS =
            ApiVersionRange.of(ApiKeys.INCREMENTAL_ALTER_CONFIGS, 0, 1);

    /**
     * What {@code kafka-reassign-partitions} sets for {@code --throttle}, and takes away with
     * {@code --verify}, set or not.
     */
    private static final Set<String> THROTTLES =
            Set.of(
                    "leader.replication.throttled.replicas",
                    "follower.replication.throttled.replicas");

    private final TopicService topics;
    private final KafkaLimits limits;

    IncrementalAlterConfigsHandler(TopicService topics, KafkaLimits limits) {
        this.topics = topics;
        this.limits = limits;
    }

    @Override
    public ApiVersionRange versions() {
        return VERSIONS;
    }

    @Override
    public AlterConfigsRequest parse(Readable request, short version) {
        return AlterConfigsRequest.read(request, ApiKeys.INCREMENTAL_ALTER_CONFIGS, version);
    }

    @Override
    public void answer(AlterConfigsRequest request, Call call) {
        ChangeBudget budget = new ChangeBudget(limits);
        List<CompletableFuture<AlterConfigsResourceResponse>> results = new ArrayList<>();
        for (AlterConfigsRequest.Resource resource : request.resources()) {
            results.add(
                    Outcomes.settleChange(
                            () -> {
                                budget.take();
                                return alter(
                                        resource.target(),
                                        changes(resource),
                                        request.validateOnly());
                            },
                            done -> result(resource),
                            refusal ->
                                    result(resource)
                                            .setErrorCode(refusal.code())
                                            .setErrorMessage(refusal.message())));
        }
        call.replyWhen(
                Outcomes.all(results)
                        .thenApply(done ->
                                new IncrementalAlterConfigsResponseData().setResponses(done)));
    }

    private CompletableFuture<?> alter(
            ConfigResource target, List<ConfigChange> changes, boolean validateOnly) {
        if (target.type() == ConfigResource.BROKER
                && changes.stream().allMatch(IncrementalAlterConfigsHandler::isDelete)) {
            return CompletableFuture.completedFuture(null); // what it was started with holds
        }
        String topic = target.alterableTopic();
        return topics.alterConfigs(
                topic,
                changes.stream().filter(IncrementalAlterConfigsHandler::isOfEffect).toList(),
                validateOnly);
    }

    private static boolean isOfEffect(ConfigChange change) {
        if (!THROTTLES.contains(change.name())) {
            return true;
        }
        if (isDelete(change)) {
            return false;
        }
        throw new MlogException(
                ErrorCode.INVALID_CONFIG,
                "'"
                        + change.name()
                        + "' is not a topic config here: how fast replicas are copied is the brokers'"
                        + " setting reassignment-bytes-per-second; move them without a throttle");
    }

    private static boolean isDelete(ConfigChange change) {
        return change.operation() == Operation.DELETE;
    }

    private static List<ConfigChange> changes(AlterConfigsRequest.Resource resource) {
        List<ConfigChange> changes = new ArrayList<>(resource.configs().size());
        Set<String> names = new HashSet<>();
        for (AlterConfigsRequest.Config config : resource.configs()) {
            if (!names.add(config.name())) {
                throw new MlogException(
                        ErrorCode.INVALID_REQUEST,
                        "'" + config.name() + "' is changed more than once in one request");
            }
            changes.add(change(config));
        }
        return changes;
    }

    private static ConfigChange change(AlterConfigsRequest.Config config) {
        Operation operation =
                switch (config.operation()) {
                    case 0 -> Operation.SET;
                    case 1 -> Operation.DELETE;
                    case 2 -> Operation.APPEND;
                    case 3 -> Operation.SUBTRACT;
                    default ->
                            throw new MlogException(
                                    ErrorCode.INVALID_REQUEST,
                                    "operation "
                                            + config.operation()
                                            + " on '"
                                            + config.name()
                                            + "' is none of 0 set, 1 delete, 2 append, 3 subtract");
                };
        if (operation == Operation.DELETE) {
            return new ConfigChange(config.name(), operation, null);
        }
        if (config.value() == null) {
            throw new MlogException(
                    ErrorCode.INVALID_REQUEST,
                    "'" + config.name() + "' has no value; use delete to return to the default");
        }
        return new ConfigChange(config.name(), operation, config.value());
    }

    private static AlterConfigsResourceResponse result(AlterConfigsRequest.Resource resource) {
        return new AlterConfigsResourceResponse()
                .setResourceType(resource.target().type())
                .setResourceName(resource.target().name())
                .setErrorMessage(null);
    }
}
