package io.mlog.kafka;

import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import io.mlog.services.BrokerService;
import io.mlog.services.ConfigEntry;
import io.mlog.services.TopicService;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.DescribeConfigsResponseData;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResourceResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsSynonym;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Readable;
import org.jspecify.annotations.Nullable;

/** DescribeConfigs: of topics, of this broker, and of groups, which have none of their own. */
final class DescribeConfigsHandler implements ApiHandler<DescribeConfigsRequestData> {
    private static final ApiVersionRange VERSIONS =
            ApiVersionRange.of(ApiKeys.DESCRIBE_CONFIGS, 1, 4);

    private final TopicService topics;
    private final BrokerService broker;

    DescribeConfigsHandler(TopicService topics, BrokerService broker) {
        this.topics = topics;
        this.broker = broker;
    }

    @Override
    public ApiVersionRange versions() {
        return VERSIONS;
    }

    @Override
    public DescribeConfigsRequestData parse(Readable request, short version) {
        return new DescribeConfigsRequestData(request, version);
    }

    @Override
    public void answer(DescribeConfigsRequestData request, Call call) {
        List<DescribeConfigsResult> results = new ArrayList<>(request.resources().size());
        Map<Byte, Set<String>> described = new HashMap<>();
        for (DescribeConfigsResource resource : request.resources()) {
            boolean first =
                    described
                            .computeIfAbsent(resource.resourceType(), type -> new HashSet<>())
                            .add(resource.resourceName());
            results.add(describe(resource, first, request));
        }
        call.reply(new DescribeConfigsResponseData().setResults(results));
    }

    private DescribeConfigsResult describe(
            DescribeConfigsResource resource, boolean first, DescribeConfigsRequestData request) {
        DescribeConfigsResult result =
                new DescribeConfigsResult()
                        .setResourceType(resource.resourceType())
                        .setResourceName(resource.resourceName())
                        .setErrorMessage(null);
        try {
            if (!first) {
                throw repeated(resource);
            }
            List<String> wanted = resource.configurationKeys();
            List<DescribeConfigsResourceResult> configs = new ArrayList<>();
            for (ConfigEntry entry : entries(resource)) {
                if (wanted == null || wanted.contains(entry.name())) {
                    configs.add(config(entry, request));
                }
            }
            return result.setConfigs(configs);
        } catch (MlogException e) {
            return result.setErrorCode(e.code().kafkaCode()).setErrorMessage(e.reason());
        }
    }

    /** Once is enough: the answer is many times larger than the question. */
    private static MlogException repeated(DescribeConfigsResource resource) {
        return new MlogException(
                ErrorCode.INVALID_REQUEST,
                "'" + resource.resourceName() + "' is in the request more than once");
    }

    private List<ConfigEntry> entries(DescribeConfigsResource resource) {
        String name = resource.resourceName();
        return switch (resource.resourceType()) {
            case ConfigResource.TOPIC ->
                    topics.metadata()
                            .topic(name)
                            .map(broker::topicConfigs)
                            .orElseThrow(() ->
                                    new MlogException(
                                            ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
                                            "topic '" + name + "' does not exist"));
            case ConfigResource.BROKER -> brokerEntries(name);
            case ConfigResource.GROUP -> List.of(); // what is set for one group: nothing can be
            default -> throw new ConfigResource(resource.resourceType(), name).unknownType();
        };
    }

    private List<ConfigEntry> brokerEntries(String name) {
        if (name.isEmpty()) {
            return List.of(); // what is set for all brokers at run time: nothing can be
        }
        if (!name.equals(Integer.toString(broker.brokerId()))) {
            throw new MlogException(
                    ErrorCode.INVALID_REQUEST,
                    "this is broker "
                            + broker.brokerId()
                            + "; ask broker '"
                            + name
                            + "' itself for its configuration");
        }
        return broker.brokerConfigs();
    }

    private static DescribeConfigsResourceResult config(
            ConfigEntry entry, DescribeConfigsRequestData request) {
        byte source = ConfigCodes.source(entry.source());
        DescribeConfigsResourceResult config =
                new DescribeConfigsResourceResult()
                        .setName(entry.name())
                        .setValue(entry.value())
                        .setReadOnly(entry.readOnly())
                        .setConfigSource(source)
                        .setConfigType(ConfigCodes.type(entry.type()))
                        .setDocumentation(
                                request.includeDocumentation() ? entry.documentation() : null);
        if (request.includeSynonyms()) {
            config.synonyms().add(synonym(entry, entry.value(), source));
            entry.fallbacks()
                    .forEach(other ->
                            config.synonyms()
                                    .add(
                                            synonym(
                                                    entry,
                                                    other.value(),
                                                    ConfigCodes.source(other.source()))));
        }
        return config;
    }

    private static DescribeConfigsSynonym synonym(
            ConfigEntry entry, @Nullable String value, byte source) {
        return new DescribeConfigsSynonym().setName(entry.name()).setValue(value).setSource(source);
    }
}
