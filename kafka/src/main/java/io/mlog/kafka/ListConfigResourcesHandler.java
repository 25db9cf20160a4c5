package io.mlog.kafka;

import io.mlog.model.ErrorCode;
import io.mlog.services.BrokerService;
import io.mlog.services.TopicService;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.message.ListConfigResourcesRequestData;
import org.apache.kafka.common.message.ListConfigResourcesResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Readable;

/**
 * ListConfigResources: what has a configuration, by type: topics and brokers. Of the other types
 * that Kafka knows there is nothing; version 0 asks for one of those, client metrics.
 */
final class ListConfigResourcesHandler implements ApiHandler<ListConfigResourcesRequestData> {
    private static final ApiVersionRange VERSIONS =
            ApiVersionRange.of(ApiKeys.LIST_CONFIG_RESOURCES, 0, 1);

    private static final byte BROKER_LOGGER = 8;
    private static final byte CLIENT_METRICS = 16;

    /** What version 1 means by no type at all. */
    private static final Set<Byte> ALL =
            Set.of(
                    ConfigResource.TOPIC,
                    ConfigResource.BROKER,
                    BROKER_LOGGER,
                    CLIENT_METRICS,
                    ConfigResource.GROUP);

    private final TopicService topics;
    private final BrokerService broker;

    ListConfigResourcesHandler(TopicService topics, BrokerService broker) {
        this.topics = topics;
        this.broker = broker;
    }

    @Override
    public ApiVersionRange versions() {
        return VERSIONS;
    }

    @Override
    public ListConfigResourcesRequestData parse(Readable request, short version) {
        return new ListConfigResourcesRequestData(request, version);
    }

    @Override
    public void answer(ListConfigResourcesRequestData request, Call call) {
        ListConfigResourcesResponseData response = new ListConfigResourcesResponseData();
        Set<Byte> types = new HashSet<>(request.resourceTypes());
        if (!ALL.containsAll(types)) {
            call.reply(response.setErrorCode(ErrorCode.UNSUPPORTED_VERSION.kafkaCode()));
            return;
        }
        if (types.isEmpty()) {
            types = call.version() == 0 ? Set.of(CLIENT_METRICS) : ALL;
        }
        if (types.contains(ConfigResource.TOPIC)) {
            list(response, ConfigResource.TOPIC, topics.metadata().topicsByName().keySet());
        }
        if (types.contains(ConfigResource.BROKER)) {
            list(response, ConfigResource.BROKER, brokers());
        }
        call.reply(response);
    }

    private Set<String> brokers() {
        Set<String> ids = new HashSet<>();
        ids.add(Integer.toString(broker.brokerId()));
        topics.metadata().brokers().keySet().forEach(id -> ids.add(Integer.toString(id)));
        return ids;
    }

    private static void list(
            ListConfigResourcesResponseData response, byte type, Set<String> names) {
        for (String name : new TreeSet<>(names)) {
            response.configResources()
                    .add(
                            new ListConfigResourcesResponseData.ConfigResource()
                                    .setResourceName(name)
                                    .setResourceType(type));
        }
    }
}
