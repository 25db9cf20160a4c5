package io.mlog.client;

import io.mlog.client.why.GroupOverview;
import io.mlog.model.HostPort;
import io.mlog.model.TopicPartition;
import io.mlog.protocol.DescribeCluster;
import io.mlog.protocol.DescribeGroup;
import io.mlog.protocol.DescribeTopic;
import io.mlog.protocol.ListGroups;
import io.mlog.protocol.ListOffsets;
import io.mlog.protocol.RpcRequest;
import io.mlog.protocol.RpcResponse;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Answers about the whole cluster, put together from those of several nodes: what leaders know of
 * their followers only they can tell. A node that does not answer within {@value #NODE_MS} ms is
 * done without. Holds no state; any thread.
 */
final class Overviews {
    private static final long NODE_MS = 2000;

    private final ClusterCaller caller;

    Overviews(ClusterCaller caller) {
        this.caller = caller;
    }

    /** A topic; of each partition the log as its leader has it, where that answers. */
    CompletableFuture<DescribeTopic.Response> topic(String topic) {
        return topic(topic, UnaryOperator.identity());
    }

    /** A topic; of each partition the log only where its leader answers. */
    CompletableFuture<DescribeTopic.Response> topicAsLed(String topic) {
        return topic(
                topic,
                partition ->
                        new DescribeTopic.Partition(
                                partition.partition(),
                                partition.leaderNodeId(),
                                partition.leaderAddr(),
                                partition.leaderEpoch(),
                                partition.replicas(),
                                partition.isr(),
                                Optional.empty()));
    }

    private CompletableFuture<DescribeTopic.Response> topic(
            String topic, UnaryOperator<DescribeTopic.Partition> elsewhere) {
        DescribeTopic.Request request = new DescribeTopic.Request(topic, false);
        return caller.any(request, Repeat.ALWAYS, caller.requestDeadline())
                .thenCompose(first ->
                        ask(
                                        first.partitions().stream()
                                                .flatMap(each -> each.leaderAddr().stream())
                                                .distinct()
                                                .toList(),
                                        request)
                                .thenApply(answers -> merged(first, answers, elsewhere)));
    }

    private static DescribeTopic.Response merged(
            DescribeTopic.Response first,
            Map<HostPort, DescribeTopic.Response> answers,
            UnaryOperator<DescribeTopic.Partition> elsewhere) {
        return new DescribeTopic.Response(
                first.topic(),
                first.topicId(),
                first.replicas(),
                first.configs(),
                first.partitions().stream()
                        .map(partition ->
                                partition
                                        .leaderAddr()
                                        .map(answers::get)
                                        .flatMap(answer -> atLeader(partition, answer))
                                        .orElseGet(() -> elsewhere.apply(partition)))
                        .toList());
    }

    private static Optional<DescribeTopic.Partition> atLeader(
            DescribeTopic.Partition partition, DescribeTopic.Response answer) {
        return answer.partitions().stream()
                .filter(each -> each.partition() == partition.partition())
                .filter(each -> each.log().isPresent())
                .findFirst();
    }

    /** The cluster; of each node how far it is behind any leader, where that answers. */
    CompletableFuture<DescribeCluster.Response> cluster() {
        DescribeCluster.Request request = new DescribeCluster.Request();
        return caller.any(request, Repeat.ALWAYS, caller.requestDeadline())
                .thenCompose(first ->
                        ask(
                                        first.nodes().stream()
                                                .filter(node -> node.state().equals("up"))
                                                .map(DescribeCluster.Node::addr)
                                                .toList(),
                                        request)
                                .thenApply(answers -> merged(first, answers.values())));
    }

    private static DescribeCluster.Response merged(
            DescribeCluster.Response first, Iterable<DescribeCluster.Response> answers) {
        Map<String, Long> lags = new HashMap<>();
        for (DescribeCluster.Response answer : answers) {
            for (DescribeCluster.Node node : answer.nodes()) {
                node.lag().ifPresent(lag -> lags.merge(node.id(), lag, Math::max));
            }
        }
        return new DescribeCluster.Response(
                first.clusterId(),
                first.nodes().stream().map(node -> withLag(node, lags)).toList(),
                first.raft());
    }

    private static DescribeCluster.Node withLag(DescribeCluster.Node node, Map<String, Long> lags) {
        return new DescribeCluster.Node(
                node.id(),
                node.brokerId(),
                node.addr(),
                node.state(),
                node.version(),
                node.roles(),
                node.replicas(),
                node.leads(),
                node.outOfSync(),
                lags.containsKey(node.id())
                        ? OptionalLong.of(lags.get(node.id()))
                        : OptionalLong.empty());
    }

    /** The groups of all nodes, by name. */
    CompletableFuture<List<ListGroups.Group>> groups() {
        return caller.any(new DescribeCluster.Request(), Repeat.ALWAYS, caller.requestDeadline())
                .thenCompose(cluster ->
                        ask(
                                cluster.nodes().stream()
                                        .filter(node -> !node.state().equals("failed"))
                                        .map(DescribeCluster.Node::addr)
                                        .toList(),
                                new ListGroups.Request()))
                .thenApply(answers ->
                        answers.values().stream()
                                .flatMap(answer -> answer.groups().stream())
                                .distinct()
                                .sorted(Comparator.comparing(ListGroups.Group::group))
                                .toList());
    }

    /** A group; of each partition that it reads how far that goes, where its leader answers. */
    CompletableFuture<GroupOverview> group(String group) {
        return caller.coordinator(group, new DescribeGroup.Request(group), caller.requestDeadline())
                .thenCompose(found -> {
                    Map<TopicPartition, Long> ends = new ConcurrentHashMap<>();
                    return CompletableFuture.allOf(
                                    partitions(found)
                                            .map(partition -> end(partition, ends))
                                            .toArray(CompletableFuture[]::new))
                            .thenApply(all -> new GroupOverview(found, ends));
                });
    }

    private static Stream<TopicPartition> partitions(DescribeGroup.Response group) {
        return Stream.concat(
                        group.offsets().stream().map(DescribeGroup.Offset::partition),
                        group.members().stream().flatMap(each -> each.assigned().stream()))
                .distinct();
    }

    private CompletableFuture<?> end(TopicPartition partition, Map<TopicPartition, Long> ends) {
        ListOffsets.Request request =
                new ListOffsets.Request(
                        partition.topic(),
                        partition.partition(),
                        new ListOffsets.At.Latest(),
                        false);
        return caller.leader(partition, request, Deadline.in(NODE_MS, caller.clock()))
                .handle((found, failure) -> {
                    if (found != null) {
                        found.offset().ifPresent(end -> ends.put(partition, end));
                    }
                    return null;
                });
    }

    /** The answers of those that answer. */
    private <R extends RpcResponse> CompletableFuture<Map<HostPort, R>> ask(
            List<HostPort> addresses, RpcRequest<R> request) {
        Map<HostPort, R> answers = new HashMap<>();
        List<CompletableFuture<?>> asked = new ArrayList<>();
        for (HostPort address : addresses) {
            asked.add(
                    caller.onLoop(() -> caller.once(address, request, NODE_MS))
                            .handle((response, failure) -> {
                                if (request.responseType().isInstance(response)) {
                                    synchronized (answers) {
                                        answers.put(address, request.responseType().cast(response));
                                    }
                                }
                                return null;
                            }));
        }
        return CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new))
                .thenApply(all -> answers);
    }
}
