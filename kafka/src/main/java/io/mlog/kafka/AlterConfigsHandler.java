package io.mlog.kafka;

import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import io.mlog.services.TopicService;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.AlterConfigsResponseData;
import org.apache.kafka.common.message.AlterConfigsResponseData.AlterConfigsResourceResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Readable;

/** AlterConfigs, the old way: replaces topics' whole configurations. */
final class AlterConfigsHandler implements ApiHandler<AlterConfigsRequest> {
    private static final ApiVersionRange VERSIONS = ApiVersionRange.of(ApiKeys.ALTER_CONFIGS, 0, 2);

    private final TopicService topics;
    private final KafkaLimits limits;

    AlterConfigsHandler(TopicService topics, KafkaLimits limits) {
        this.topics = topics;
        this.limits = limits;
    }

    @Override
    public ApiVersionRange versions() {
        return VERSIONS;
    }

    @Override
    public AlterConfigsRequest parse(Readable request, short version) {
        return AlterConfigsRequest.read(request, ApiKeys.ALTER_CONFIGS, version);
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
                                return topics.replaceConfigs(
                                        resource.target().alterableTopic(),
                                        configs(resource),
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
                        .thenApply(done -> new AlterConfigsResponseData().setResponses(done)));
    }

    private static Map<String, String> configs(AlterConfigsRequest.Resource resource) {
        Map<String, String> configs = new HashMap<>();
        for (AlterConfigsRequest.Config config : resource.configs()) {
            if (config.value() == null) {
                throw new MlogException(
                        ErrorCode.INVALID_REQUEST,
                        "'" + config.name() + "' has no value; leave it out for the default");
            }
            configs.put(config.name(), config.value());
        }
        return configs;
    }

    private static AlterConfigsResourceResponse result(AlterConfigsRequest.Resource resource) {
        return new AlterConfigsResourceResponse()
                .setResourceType(resource.target().type())
                .setResourceName(resource.target().name())
                .setErrorMessage(null);
    }
}
