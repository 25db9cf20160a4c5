package io.mlog.broker.rpc;

import io.mlog.core.metadata.MetadataImage;
import io.mlog.core.metadata.PartitionImage;
import io.mlog.core.metadata.TopicImage;
import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import io.mlog.model.TopicPartition;
import io.mlog.protocol.AlterTopic;
import io.mlog.protocol.CreateTopic;
import io.mlog.protocol.DeleteTopic;
import io.mlog.protocol.DescribeTopic;
import io.mlog.protocol.ListTopics;
import io.mlog.services.ConfigChange;
import io.mlog.services.ConfigEntry;
import io.mlog.services.NewTopic;
import io.mlog.services.PartitionStatus;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** CreateTopic, AlterTopic, DeleteTopic, ListTopics and DescribeTopic. */
final class TopicHandler {
    /** In place of a number: as the broker has it by default. */
    private static final int DEFAULT = -1;

    private final RpcServices services;

    TopicHandler(RpcServices services) {
        this.services = services;
    }

    void create(CreateTopic.Request request, Call call) {
        NewTopic topic =
                new NewTopic(
                        request.topic(),
                        request.partitions().orElse(DEFAULT),
                        request.replicaCount().orElse(DEFAULT),
                        List.of(),
                        request.configs());
        call.answerWhenDone(
                services.topics().create(topic, false), created -> created(created, call));
    }

    void alter(AlterTopic.Request request, Call call) {
        if (request.partitions().isEmpty() && request.configs().isEmpty()) {
            throw new MlogException(
                    ErrorCode.INVALID_REQUEST,
                    "neither 'partitions' nor 'configs' is given: there is nothing to alter");
        }
        call.answerWhenDone(altered(request), TopicHandler::altered);
    }

    void delete(DeleteTopic.Request request, Call call) {
        call.answerWhenDone(
                services.topics().delete(request.topic()),
                _ -> new DeleteTopic.Response(request.topic()));
    }

    void list(Call call) {
        Nodes nodes = nodes(call);
        call.answer(
                new ListTopics.Response(
                        services.topics().metadata().topicsByName().values().stream()
                                .sorted(Comparator.comparing(TopicImage::name))
                                .map(topic -> listed(topic, nodes))
                                .toList()));
    }

    void describe(DescribeTopic.Request request, Call call) {
        Optional<TopicImage> topic = services.topics().metadata().topic(request.topic());
        if (topic.isPresent()) {
            call.answer(described(topic.get(), call));
        } else if (request.autoCreate()) {
            call.answerWhenDone(
                    services.topics().ensureExists(request.topic()),
                    created -> described(created, call));
        } else {
            call.answerWhenDone(
                    services.topics().caughtUp(),
                    newer ->
                            described(
                                    newer.topic(request.topic())
                                            .orElseThrow(() -> unknown(request.topic())),
                                    call));
        }
    }

    private static MlogException unknown(String topic) {
        return new MlogException(
                ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, "there is no topic '" + topic + "'");
    }

    private CompletableFuture<TopicImage> altered(AlterTopic.Request request) {
        List<ConfigChange> changes =
                request.configs().entrySet().stream()
                        .map(each -> change(each.getKey(), each.getValue()))
                        .toList();
        if (request.partitions().isEmpty()) {
            return services.topics().alterConfigs(request.topic(), changes, false);
        }
        CompletableFuture<TopicImage> grown =
                services.topics()
                        .createPartitions(request.topic(), request.partitions().getAsInt(), false);
        return changes.isEmpty()
                ? grown
                : grown.thenCompose(
                        _ -> services.topics().alterConfigs(request.topic(), changes, false));
    }

    private static ConfigChange change(String name, Optional<String> value) {
        return value.isPresent()
                ? new ConfigChange(name, ConfigChange.Operation.SET, value.get())
                : new ConfigChange(name, ConfigChange.Operation.DELETE, null);
    }

    private static AlterTopic.Response altered(TopicImage topic) {
        return new AlterTopic.Response(topic.name(), topic.partitions().size(), topic.configs());
    }

    private CreateTopic.Response created(TopicImage topic, Call call) {
        Nodes nodes = nodes(call);
        return new CreateTopic.Response(
                topic.name(),
                topic.id(),
                topic.partitions().stream()
                        .map(partition ->
                                new CreateTopic.Placement(
                                        partition.partition(),
                                        nodes.leaderNodeId(partition),
                                        nodes.nodeIds(partition.replicas())))
                        .toList());
    }

    private static ListTopics.Topic listed(TopicImage topic, Nodes nodes) {
        return new ListTopics.Topic(
                topic.name(),
                topic.id(),
                topic.partitions().size(),
                topic.replicationFactor(),
                topic.partitions().stream().findFirst().flatMap(nodes::leaderNodeId));
    }

    private DescribeTopic.Response described(TopicImage topic, Call call) {
        Nodes nodes = nodes(call);
        return new DescribeTopic.Response(
                topic.name(),
                topic.id(),
                topic.replicationFactor(),
                services.broker().topicConfigs(topic).stream().map(TopicHandler::config).toList(),
                topic.partitions().stream()
                        .map(partition -> partition(topic.name(), partition, nodes))
                        .toList());
    }

    private static DescribeTopic.Config config(ConfigEntry entry) {
        return new DescribeTopic.Config(
                entry.name(),
                Optional.ofNullable(entry.value()),
                entry.source().name().toLowerCase(Locale.ROOT));
    }

    private DescribeTopic.Partition partition(String topic, PartitionImage partition, Nodes nodes) {
        return new DescribeTopic.Partition(
                partition.partition(),
                nodes.leaderNodeId(partition),
                nodes.leaderAddress(partition),
                partition.leaderEpoch(),
                nodes.nodeIds(partition.replicas()),
                nodes.nodeIds(partition.isr()),
                services.records()
                        .status(new TopicPartition(topic, partition.partition()))
                        .map(status -> log(status, nodes)));
    }

    private static DescribeTopic.Log log(PartitionStatus status, Nodes nodes) {
        return new DescribeTopic.Log(
                status.logStartOffset(),
                status.highWatermark(),
                status.logEndOffset(),
                status.flushedOffset(),
                status.sizeBytes(),
                status.segments(),
                status.followers().stream()
                        .map(follower ->
                                new DescribeTopic.Follower(
                                        nodes.nodeId(follower.brokerId()),
                                        follower.inSync(),
                                        follower.lag(status.logEndOffset()),
                                        follower.sinceCurrentMs()))
                        .toList(),
                status.online(),
                Optional.of(status.problem()).filter(problem -> !problem.isEmpty()),
                status.refusals().stream()
                        .map(each ->
                                new DescribeTopic.Refusals(
                                        each.code().name(),
                                        each.count(),
                                        each.lastMs(),
                                        each.message()))
                        .toList());
    }

    private Nodes nodes(Call call) {
        MetadataImage image = services.topics().metadata();
        return new Nodes(services.broker(), image, call.localAddress());
    }
}
