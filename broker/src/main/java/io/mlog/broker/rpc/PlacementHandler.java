package io.mlog.broker.rpc;

import io.mlog.core.metadata.BrokerImage;
import io.mlog.core.metadata.CommandResult.PartitionResult;
import io.mlog.core.metadata.MetadataCommand.Election;
import io.mlog.core.metadata.MetadataCommand.Reassignment;
import io.mlog.core.metadata.MetadataImage;
import io.mlog.core.metadata.PartitionImage;
import io.mlog.core.metadata.TopicImage;
import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import io.mlog.model.TopicPartition;
import io.mlog.protocol.ElectLeaders;
import io.mlog.protocol.LeaveCluster;
import io.mlog.protocol.ListReassignments;
import io.mlog.protocol.ReassignPartitions;
import io.mlog.protocol.ReassignPartitions.Target;
import io.mlog.protocol.Refusal;
import io.mlog.services.LeaveProgress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/** ReassignPartitions, ListReassignments, ElectLeaders and LeaveCluster. */
final class PlacementHandler {
    private final RpcServices services;

    PlacementHandler(RpcServices services) {
        this.services = services;
    }

    void reassign(ReassignPartitions.Request request, Call call) {
        MetadataImage image = services.topics().metadata();
        List<Integer> partitions =
                partitions(existing(image, request.topic()), request.partition());
        CompletableFuture<List<PartitionResult>> results =
                switch (request.target()) {
                    case Target.Nodes(List<String> nodes) ->
                            move(request.topic(), partitions, brokerIds(image, nodes));
                    case Target.Cancel() -> move(request.topic(), partitions, List.of());
                    case Target.Count(int count) ->
                            services.placement().resize(request.topic(), partitions, count);
                };
        call.answerWhenDone(results, done -> reassigned(request.topic(), partitions, done, call));
    }

    private CompletableFuture<List<PartitionResult>> move(
            String topic, List<Integer> partitions, List<Integer> replicas) {
        return services.placement()
                .reassign(
                        partitions.stream()
                                .map(partition ->
                                        new Reassignment(
                                                new TopicPartition(topic, partition), replicas))
                                .toList());
    }

    void list(ListReassignments.Request request, Call call) {
        MetadataImage image = services.topics().metadata();
        Nodes nodes = nodes(image, call);
        List<ListReassignments.Move> moves = new ArrayList<>();
        image.topicsByName().values().stream()
                .filter(topic -> request.topic().map(topic.name()::equals).orElse(true))
                .sorted(Comparator.comparing(TopicImage::name))
                .forEach(topic ->
                        topic.partitions().stream()
                                .filter(PartitionImage::isReassigning)
                                .forEach(partition ->
                                        moves.add(move(topic.name(), partition, nodes))));
        call.answer(new ListReassignments.Response(moves));
    }

    void elect(ElectLeaders.Request request, Call call) {
        List<TopicPartition> partitions =
                request.topic().map(topic -> named(topic, request.partition())).orElseGet(List::of);
        call.answerWhenDone(
                services.placement()
                        .elect(
                                request.unclean() ? Election.UNCLEAN : Election.PREFERRED,
                                partitions),
                done -> elected(partitions, done, call));
    }

    void leave(LeaveCluster.Request request, Call call) {
        call.answerWhenDone(
                services.placement().leave(request.node(), request.fewerReplicas()),
                progress ->
                        new LeaveCluster.Response(
                                request.node(), phase(progress.phase()), progress.partitions()));
    }

    private static LeaveCluster.Phase phase(LeaveProgress.Phase phase) {
        return switch (phase) {
            case MOVING -> LeaveCluster.Phase.MOVING;
            case LEAVING -> LeaveCluster.Phase.LEAVING;
            case LEFT -> LeaveCluster.Phase.LEFT;
        };
    }

    private List<TopicPartition> named(String topic, OptionalInt partition) {
        return partitions(existing(services.topics().metadata(), topic), partition).stream()
                .map(index -> new TopicPartition(topic, index))
                .toList();
    }

    private static TopicImage existing(MetadataImage image, String topic) {
        return image.topic(topic)
                .orElseThrow(() ->
                        new MlogException(
                                ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
                                "there is no topic '" + topic + "'"));
    }

    private static List<Integer> partitions(TopicImage topic, OptionalInt partition) {
        int count = topic.partitions().size();
        if (partition.isEmpty()) {
            return IntStream.range(0, count).boxed().toList();
        }
        if (partition.getAsInt() >= count) {
            throw new MlogException(
                    ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
                    "topic '%s' has %d partitions, there is no partition %d"
                            .formatted(topic.name(), count, partition.getAsInt()));
        }
        return List.of(partition.getAsInt());
    }

    private static List<Integer> brokerIds(MetadataImage image, List<String> nodes) {
        return nodes.stream()
                .map(node ->
                        image.broker(node)
                                .map(BrokerImage::id)
                                .orElseThrow(() -> unknown(image, node)))
                .toList();
    }

    private static MlogException unknown(MetadataImage image, String node) {
        return new MlogException(
                ErrorCode.INVALID_REPLICA_ASSIGNMENT,
                "there is no node '%s'; there are %s"
                        .formatted(
                                node,
                                image.brokers().values().stream()
                                        .map(BrokerImage::nodeId)
                                        .sorted()
                                        .toList()));
    }

    private ReassignPartitions.Response reassigned(
            String topic, List<Integer> partitions, List<PartitionResult> results, Call call) {
        Nodes nodes = nodes(services.topics().metadata(), call);
        List<ReassignPartitions.Moved> moved = new ArrayList<>(results.size());
        for (int i = 0; i < results.size(); i++) {
            moved.add(moved(partitions.get(i), results.get(i), nodes));
        }
        return new ReassignPartitions.Response(topic, moved);
    }

    private static ReassignPartitions.Moved moved(
            int partition, PartitionResult result, Nodes nodes) {
        return switch (result) {
            case PartitionResult.Changed(TopicPartition name, PartitionImage image) ->
                    new ReassignPartitions.Moved(
                            partition,
                            nodes.nodeIds(image.replicas()),
                            nodes.nodeIds(image.addingReplicas()),
                            nodes.nodeIds(image.removingReplicas()),
                            Optional.empty());
            case PartitionResult.Unchanged(ErrorCode code, String message) ->
                    new ReassignPartitions.Moved(
                            partition,
                            List.of(),
                            List.of(),
                            List.of(),
                            Optional.of(new Refusal(code, message)));
        };
    }

    private static ListReassignments.Move move(
            String topic, PartitionImage partition, Nodes nodes) {
        return new ListReassignments.Move(
                topic,
                partition.partition(),
                nodes.nodeIds(partition.replicas()),
                nodes.nodeIds(partition.isr()),
                nodes.nodeIds(partition.addingReplicas()),
                nodes.nodeIds(partition.removingReplicas()));
    }

    private ElectLeaders.Response elected(
            List<TopicPartition> asked, List<PartitionResult> results, Call call) {
        Nodes nodes = nodes(services.topics().metadata(), call);
        List<ElectLeaders.Elected> elected = new ArrayList<>(results.size());
        for (int i = 0; i < results.size(); i++) {
            switch (results.get(i)) {
                case PartitionResult.Changed(TopicPartition name, PartitionImage image) ->
                        elected.add(
                                new ElectLeaders.Elected(
                                        name.topic(),
                                        name.partition(),
                                        nodes.leaderNodeId(image),
                                        Optional.empty()));
                // Only partitions that somebody named are refused.
                case PartitionResult.Unchanged(ErrorCode code, String message) ->
                        elected.add(refused(asked.get(i), new Refusal(code, message), nodes));
            }
        }
        return new ElectLeaders.Response(elected);
    }

    private ElectLeaders.Elected refused(TopicPartition name, Refusal refusal, Nodes nodes) {
        return new ElectLeaders.Elected(
                name.topic(),
                name.partition(),
                services.topics().metadata().partition(name).flatMap(nodes::leaderNodeId),
                Optional.of(refusal));
    }

    private Nodes nodes(MetadataImage image, Call call) {
        return new Nodes(services.broker(), image, call.localAddress());
    }
}
