package io.mlog.kafka;

import io.mlog.core.metadata.MetadataImage;
import io.mlog.core.metadata.TopicImage;
import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import io.mlog.model.TopicId;
import io.mlog.model.TopicName;
import io.mlog.services.BrokerService;
import io.mlog.services.TopicService;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Readable;

/**
 * Metadata: brokers, and topics by name or id. Creates a missing topic when request and broker both
 * allow it (versions without the flag always do), and answers once the topic accepts records.
 */
final class MetadataHandler implements ApiHandler<MetadataRequestData> {
    private static final ApiVersionRange VERSIONS = ApiVersionRange.of(ApiKeys.METADATA, 0, 13);

    private final TopicService topics;
    private final BrokerService broker;
    private final MetadataAnswer response;
    private final int maxCreated;

    MetadataHandler(
            TopicService topics,
            BrokerService broker,
            BrokerAddresses addresses,
            KafkaLimits limits) {
        this.topics = topics;
        this.broker = broker;
        this.response = new MetadataAnswer(broker, addresses);
        this.maxCreated = limits.maxChangesPerRequest();
    }

    @Override
    public ApiVersionRange versions() {
        return VERSIONS;
    }

    @Override
    public MetadataRequestData parse(Readable request, short version) {
        return new MetadataRequestData(request, version);
    }

    @Override
    public void answer(MetadataRequestData request, Call call) {
        MetadataImage image = topics.metadata();
        if (wantsAll(request, call.version())) {
            call.reply(response.of(image, everyTopic(image), call));
            return;
        }
        List<String> missing = toCreate(request, image);
        if (missing.isEmpty()) {
            answer(request, image, call);
            return;
        }
        call.replyWhen(
                create(missing)
                        .thenApply(refused -> {
                            MetadataImage after = topics.metadata();
                            return response.of(after, entries(request, after, refused), call);
                        }));
    }

    /** Nobody is told that a topic is not there which another broker has just created. */
    private void answer(MetadataRequestData request, MetadataImage image, Call call) {
        List<TopicEntry> entries = entries(request, image, Map.of());
        if (entries.stream().allMatch(TopicEntry.Known.class::isInstance)) {
            call.reply(response.of(image, entries, call));
        } else {
            call.replyWhen(
                    topics.caughtUp()
                            .thenApply(newer ->
                                    response.of(newer, entries(request, newer, Map.of()), call)));
        }
    }

    private static boolean wantsAll(MetadataRequestData request, short version) {
        return request.topics() == null || (version == 0 && request.topics().isEmpty());
    }

    private static List<TopicEntry> everyTopic(MetadataImage image) {
        List<TopicEntry> entries = new ArrayList<>(image.topicsByName().size());
        image.topicsByName().values().forEach(topic -> entries.add(new TopicEntry.Known(topic)));
        return entries;
    }

    /** The names that this request may create, each once, at most {@link #maxCreated}. */
    private List<String> toCreate(MetadataRequestData request, MetadataImage image) {
        if (!request.allowAutoTopicCreation() || !broker.autoCreateTopics()) {
            return List.of();
        }
        return request.topics().stream()
                .filter(topic -> !byId(topic) && topic.name() != null)
                .map(MetadataRequestTopic::name)
                .filter(name -> image.topic(name).isEmpty() && isValid(name))
                .distinct()
                .limit(maxCreated)
                .toList();
    }

    /** Creates the topics; completes with the error codes of those that were refused. */
    private CompletableFuture<Map<String, Short>> create(List<String> names) {
        List<CompletableFuture<Optional<Refusal>>> outcomes =
                names.stream().map(this::create).toList();
        return Outcomes.all(outcomes)
                .thenApply(refusals -> {
                    Map<String, Short> refused = new HashMap<>();
                    for (int i = 0; i < names.size(); i++) {
                        String name = names.get(i);
                        refusals.get(i).ifPresent(r -> refused.put(name, r.code()));
                    }
                    return refused;
                });
    }

    private CompletableFuture<Optional<Refusal>> create(String name) {
        return Outcomes.settle(
                () -> topics.ensureExists(name), created -> Optional.empty(), Optional::of);
    }

    /** A topic that exists is told once, however often it is asked for: it may be large. */
    private static List<TopicEntry> entries(
            MetadataRequestData request, MetadataImage image, Map<String, Short> refused) {
        List<TopicEntry> entries = new ArrayList<>(request.topics().size());
        Set<String> told = new HashSet<>();
        for (MetadataRequestTopic topic : request.topics()) {
            TopicEntry entry =
                    byId(topic) ? entryById(topic, image) : entryByName(topic, image, refused);
            if (!(entry instanceof TopicEntry.Known known) || told.add(known.topic().name())) {
                entries.add(entry);
            }
        }
        return entries;
    }

    private static TopicEntry entryById(MetadataRequestTopic topic, MetadataImage image) {
        TopicId id = TopicIds.of(topic.topicId());
        Optional<TopicImage> known = image.topic(id);
        return known.isPresent()
                ? new TopicEntry.Known(known.get())
                : new TopicEntry.Unknown(null, id, ErrorCode.UNKNOWN_TOPIC_ID.kafkaCode());
    }

    private static TopicEntry entryByName(
            MetadataRequestTopic topic, MetadataImage image, Map<String, Short> refused) {
        String name = topic.name();
        if (name == null) {
            return new TopicEntry.Unknown("", TopicId.ZERO, ErrorCode.INVALID_TOPIC.kafkaCode());
        }
        Optional<TopicImage> known = image.topic(name);
        if (known.isPresent()) {
            return new TopicEntry.Known(known.get());
        }
        ErrorCode code =
                isValid(name) ? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION : ErrorCode.INVALID_TOPIC;
        return new TopicEntry.Unknown(
                name, TopicId.ZERO, refused.getOrDefault(name, code.kafkaCode()));
    }

    private static boolean byId(MetadataRequestTopic topic) {
        return !TopicIds.of(topic.topicId()).equals(TopicId.ZERO);
    }

    private static boolean isValid(String name) {
        try {
            TopicName.check(name);
            return true;
        } catch (MlogException e) {
            return false;
        }
    }
}
