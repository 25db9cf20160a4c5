package io.mlog.broker.rpc;

import io.mlog.core.metadata.BrokerImage;
import io.mlog.core.metadata.MetadataImage;
import io.mlog.core.metadata.PartitionImage;
import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import io.mlog.model.TopicPartition;
import io.mlog.protocol.AwaitMetadata;
import io.mlog.protocol.DescribeCluster;
import io.mlog.protocol.FindRaftLeader;
import io.mlog.protocol.FindTopicLeader;
import io.mlog.protocol.InitProducer;
import io.mlog.services.BrokerService;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** FindTopicLeader, FindRaftLeader, DescribeCluster, AwaitMetadata and InitProducer. */
final class ClusterHandler {
    private final RpcServices services;

    ClusterHandler(RpcServices services) {
        this.services = services;
    }

    void findTopicLeader(FindTopicLeader.Request request, Call call) {
        MetadataImage image = services.topics().metadata();
        TopicPartition wanted = new TopicPartition(request.topic(), request.partition());
        if (image.partition(wanted).isPresent()) {
            call.answer(topicLeader(wanted, image, call));
        } else {
            call.answerWhenDone(
                    services.topics().caughtUp(), newer -> topicLeader(wanted, newer, call));
        }
    }

    private FindTopicLeader.Response topicLeader(
            TopicPartition wanted, MetadataImage image, Call call) {
        PartitionImage partition =
                image.partition(wanted)
                        .orElseThrow(() ->
                                new MlogException(
                                        ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
                                        "there is no partition " + wanted));
        Nodes nodes = nodes(image, call);
        return new FindTopicLeader.Response(
                nodes.leaderNodeId(partition).orElseThrow(() -> noLeaderOf(wanted)),
                nodes.leaderAddress(partition).orElseThrow(() -> noLeaderOf(wanted)));
    }

    void findRaftLeader(Call call) {
        MetadataImage image = services.topics().metadata();
        String leader =
                services.broker().raftLeaderNodeId().orElseThrow(ClusterHandler::noRaftLeader);
        call.answer(
                new FindRaftLeader.Response(
                        leader,
                        nodes(image, call)
                                .address(leader)
                                .orElseThrow(ClusterHandler::noRaftLeader)));
    }

    void describe(Call call) {
        MetadataImage image = services.topics().metadata();
        BrokerService broker = services.broker();
        Nodes nodes = nodes(image, call);
        Map<Integer, ReplicaCounts> counts = ReplicaCounts.byBroker(image);
        Map<Integer, Long> lags = services.records().lags();
        call.answer(
                new DescribeCluster.Response(
                        broker.clusterId(),
                        image.brokers().values().stream()
                                .sorted(Comparator.comparingInt(BrokerImage::id))
                                .map(each ->
                                        node(
                                                each,
                                                counts.getOrDefault(each.id(), ReplicaCounts.NONE),
                                                lag(lags.get(each.id())),
                                                nodes))
                                .toList(),
                        new DescribeCluster.Raft(
                                broker.raftLeaderNodeId(),
                                broker.raftTerm(),
                                broker.raftVoters())));
    }

    void awaitMetadata(AwaitMetadata.Request request, Call call) {
        call.answerWhenDone(
                services.topics().actedOn(request.index(), request.timeoutMs()),
                AwaitMetadata.Response::new);
    }

    void initProducer(Call call) {
        call.answerWhenDone(
                services.broker().newProducerId(),
                producer ->
                        new InitProducer.Response(producer.producerId(), producer.producerEpoch()));
    }

    private static OptionalLong lag(@Nullable Long records) {
        return records == null ? OptionalLong.empty() : OptionalLong.of(records);
    }

    private DescribeCluster.Node node(
            BrokerImage broker, ReplicaCounts counts, OptionalLong lag, Nodes nodes) {
        boolean voter = services.broker().raftVoters().contains(broker.nodeId());
        return new DescribeCluster.Node(
                broker.nodeId(),
                broker.id(),
                nodes.address(broker.id()).orElse(broker.rpcAddress()),
                state(broker),
                broker.version(),
                voter ? List.of("broker", "voter") : List.of("broker"),
                counts.replicas(),
                counts.leads(),
                counts.outOfSync(),
                lag);
    }

    private String state(BrokerImage broker) {
        if (!services.broker().isThere(broker.nodeId())) {
            return "failed";
        }
        if (broker.fenced()) {
            return "fenced";
        }
        return broker.shuttingDown() ? "stopping" : "up";
    }

    private Nodes nodes(MetadataImage image, Call call) {
        return new Nodes(services.broker(), image, call.localAddress());
    }

    private static MlogException noLeaderOf(TopicPartition partition) {
        return new MlogException(
                ErrorCode.LEADER_NOT_AVAILABLE,
                partition + " has no leader at present; ask again shortly");
    }

    private static MlogException noRaftLeader() {
        return new MlogException(
                ErrorCode.LEADER_NOT_AVAILABLE,
                "the metadata quorum has no leader at present; ask again shortly");
    }
}
