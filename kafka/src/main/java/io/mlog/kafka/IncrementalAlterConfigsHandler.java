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
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData.AlterConfigsResourceResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Readable;

/** IncrementalAlterConfigs: changes single values of topics' configurations. */
final class IncrementalAlterConfigsHandler
        implements ApiHandler<IncrementalAlterConfigsRequestData> {
    private static final ApiVersionRange VERSIONS =
            ApiVersionRange.of(ApiKeys.INCREMENTAL_ALTER_CONFIGS, 0, 1);

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
    public IncrementalAlterConfigsRequestData parse(Readable request, short version) {
        return new IncrementalAlterConfigsRequestData(request, version);
    }

    @Override
    public void answer(IncrementalAlterConfigsRequestData request, Call call) {
        ChangeBudget budget = new ChangeBudget(limits);
        List<CompletableFuture<AlterConfigsResourceResponse>> results = new ArrayList<>();
        for (AlterConfigsResource resource : request.resources()) {
            results.add(
                    Outcomes.settle(
                            () -> {
                                budget.take();
                                return topics.alterConfigs(
                                        resource(resource).alterableTopic(),
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

    private static ConfigResource resource(AlterConfigsResource resource) {
        return new ConfigResource(resource.resourceType(), resource.resourceName());
    }

    private static List<ConfigChange> changes(AlterConfigsResource resource) {
        List<ConfigChange> changes = new ArrayList<>(resource.configs().size());
        Set<String> names = new HashSet<>();
        for (AlterableConfig config : resource.configs()) {
            if (!names.add(config.name())) {
                throw new MlogException(
                        ErrorCode.INVALID_REQUEST,
                        "'" + config.name() + "' is changed more than once in one request");
            }
            changes.add(change(config));
        }
        return changes;
    }

    private static ConfigChange change(AlterableConfig config) {
        Operation operation =
                switch (config.configOperation()) {
                    case 0 -> Operation.SET;
                    case 1 -> Operation.DELETE;
                    case 2 -> Operation.APPEND;
                    case 3 -> Operation.SUBTRACT;
                    default ->
                            throw new MlogException(
                                    ErrorCode.INVALID_REQUEST,
                                    "operation "
                                            + config.configOperation()
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

    private static AlterConfigsResourceResponse result(AlterConfigsResource resource) {
        return new AlterConfigsResourceResponse()
                .setResourceType(resource.resourceType())
                .setResourceName(resource.resourceName())
                .setErrorMessage(null);
    }
}
