package io.mlog.broker.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.model.ErrorCode;
import io.mlog.model.HostPort;
import io.mlog.protocol.AlterTopic;
import io.mlog.protocol.AwaitMetadata;
import io.mlog.protocol.CommitOffset;
import io.mlog.protocol.CreateTopic;
import io.mlog.protocol.DeleteTopic;
import io.mlog.protocol.DescribeCluster;
import io.mlog.protocol.DescribeTopic;
import io.mlog.protocol.ErrorResponse;
import io.mlog.protocol.FetchOffset;
import io.mlog.protocol.FindRaftLeader;
import io.mlog.protocol.FindTopicLeader;
import io.mlog.protocol.InitProducer;
import io.mlog.protocol.ListOffsets;
import io.mlog.protocol.ListTopics;
import io.mlog.protocol.RpcResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdministrationRpcTest {
    private RpcFixture rpc;

    @BeforeEach
    void start() throws Exception {
        rpc = RpcFixture.serving();
    }

    @AfterEach
    void stop() throws Exception {
        rpc.close();
    }

    private HostPort reachedBy() {
        return new HostPort("127.0.0.1", rpc.listener.port());
    }

    private RpcResponse create(String name, int partitions) throws Exception {
        return rpc.call(
                new CreateTopic.Request(
                        name,
                        OptionalInt.of(1),
                        OptionalInt.of(partitions),
                        Map.of("retention.ms", "1000")));
    }

    private static void assertRefused(RpcResponse response, ErrorCode code) {
        assertThat(response).isInstanceOf(ErrorResponse.class);
        assertThat(((ErrorResponse) response).code()).isEqualTo(code);
    }

    @Test
    void topicsAreCreatedListedAndDeleted() throws Exception {
        CreateTopic.Response created = (CreateTopic.Response) create("orders", 2);
        assertThat(created.partitions())
                .containsExactly(
                        new CreateTopic.Placement(0, Optional.of("node-1"), List.of("node-1")),
                        new CreateTopic.Placement(1, Optional.of("node-1"), List.of("node-1")));
        assertRefused(create("orders", 2), ErrorCode.TOPIC_ALREADY_EXISTS);

        ListTopics.Response listed = (ListTopics.Response) rpc.call(new ListTopics.Request());
        assertThat(listed.topics())
                .extracting(ListTopics.Topic::name)
                .containsExactly("elsewhere", "orders");
        assertThat(listed.topics().getLast().partitions()).isEqualTo(2);

        assertThat(rpc.call(new DeleteTopic.Request("orders")))
                .isEqualTo(new DeleteTopic.Response("orders"));
        assertRefused(
                rpc.call(new DeleteTopic.Request("orders")), ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
    }

    @Test
    void aTopicIsDescribedWithLeadersConfigsAndLogs() throws Exception {
        create("orders", 1);

        DescribeTopic.Response described =
                (DescribeTopic.Response) rpc.call(new DescribeTopic.Request("orders", false));

        assertThat(described.configs())
                .containsExactly(
                        new DescribeTopic.Config("retention.ms", Optional.of("1000"), "topic"));
        DescribeTopic.Partition partition = described.partitions().getFirst();
        assertThat(partition.leaderNodeId()).contains("node-1");
        assertThat(partition.leaderAddr()).contains(reachedBy());
        assertThat(partition.leaderEpoch()).isEqualTo(3);
        assertThat(partition.log().orElseThrow().sizeBytes()).isEqualTo(4096);
        assertThat(partition.log().orElseThrow().problem()).isEmpty();
        assertThat(partition.log().orElseThrow().followers())
                .containsExactly(new DescribeTopic.Follower("node-2", true, 0, 40));
    }

    @Test
    void describingCreatesATopicOnlyWhenAsked() throws Exception {
        assertRefused(
                rpc.call(new DescribeTopic.Request("new", false)),
                ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(rpc.call(new DescribeTopic.Request("new", true)))
                .isInstanceOf(DescribeTopic.Response.class);
    }

    @Test
    void aTopicThatAnotherBrokerHasJustCreatedIsKnown() throws Exception {
        assertThat(rpc.call(new FindTopicLeader.Request("created-elsewhere", 0)))
                .isEqualTo(new FindTopicLeader.Response("node-2", new HostPort("10.0.0.2", 9094)));
        rpc.call(new DeleteTopic.Request("created-elsewhere"));
        assertThat(rpc.call(new DescribeTopic.Request("created-elsewhere", false)))
                .isInstanceOf(DescribeTopic.Response.class);
    }

    @Test
    void aTopicsPartitionsAndConfigsAreAlteredTogether() throws Exception {
        create("orders", 1);

        assertThat(
                        rpc.call(
                                new AlterTopic.Request(
                                        "orders",
                                        OptionalInt.of(4),
                                        Map.of(
                                                "retention.ms",
                                                Optional.empty(),
                                                "segment.bytes",
                                                Optional.of("1048576")))))
                .isEqualTo(
                        new AlterTopic.Response("orders", 4, Map.of("segment.bytes", "1048576")));
        assertRefused(
                rpc.call(new AlterTopic.Request("orders", OptionalInt.empty(), Map.of())),
                ErrorCode.INVALID_REQUEST);
    }

    @Test
    void aBugOfOursIsAdmittedAndTheConnectionStays() throws Exception {
        assertRefused(
                rpc.call(
                        new AlterTopic.Request(
                                "nowhere",
                                OptionalInt.empty(),
                                Map.of("retention.ms", Optional.of("1")))),
                ErrorCode.UNKNOWN_SERVER_ERROR);
        assertThat(rpc.call(new ListTopics.Request())).isInstanceOf(ListTopics.Response.class);
    }

    @Test
    void leadersAreFoundWhereTheClientReachesThem() throws Exception {
        create("orders", 1);

        assertThat(rpc.call(new FindTopicLeader.Request("orders", 0)))
                .isEqualTo(new FindTopicLeader.Response("node-1", reachedBy()));
        assertThat(rpc.call(new FindTopicLeader.Request("elsewhere", 0)))
                .isEqualTo(new FindTopicLeader.Response("node-2", new HostPort("10.0.0.2", 9094)));
        assertRefused(
                rpc.call(new FindTopicLeader.Request("orders", 1)),
                ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(rpc.call(new FindRaftLeader.Request()))
                .isEqualTo(new FindRaftLeader.Response("node-1", reachedBy()));
    }

    @Test
    void theClusterIsDescribed() throws Exception {
        DescribeCluster.Response cluster =
                (DescribeCluster.Response) rpc.call(new DescribeCluster.Request());

        assertThat(cluster.clusterId()).isEqualTo("c1");
        assertThat(cluster.nodes())
                .containsExactly(
                        new DescribeCluster.Node(
                                "node-1",
                                1,
                                reachedBy(),
                                "up",
                                "0.1.0",
                                List.of("broker", "voter"),
                                0,
                                0,
                                0,
                                OptionalLong.empty()),
                        new DescribeCluster.Node(
                                "node-2",
                                2,
                                new HostPort("10.0.0.2", 9094),
                                "up",
                                "0.1.0",
                                List.of("broker"),
                                1,
                                1,
                                0,
                                OptionalLong.of(3)));
        assertThat(cluster.raft())
                .isEqualTo(new DescribeCluster.Raft(Optional.of("node-1"), 4, List.of("node-1")));
    }

    @Test
    void whoAwaitsTheMetadataIsToldWhenItIsActedOnOrThatTimeIsOver() throws Exception {
        assertThat(rpc.call(new AwaitMetadata.Request(7, 1000)))
                .isEqualTo(new AwaitMetadata.Response(100));
        assertRefused(rpc.call(new AwaitMetadata.Request(101, 1000)), ErrorCode.REQUEST_TIMED_OUT);
    }

    @Test
    void producersGetAnIdentity() throws Exception {
        assertThat(rpc.call(new InitProducer.Request()))
                .isEqualTo(new InitProducer.Response(1000, (short) 0));
    }

    @Test
    void committedOffsetsAreKeptByConsumer() throws Exception {
        create("orders", 1);
        assertThat(rpc.call(new FetchOffset.Request("orders", 0, "me")))
                .isEqualTo(new FetchOffset.Response(OptionalLong.empty()));

        assertThat(rpc.call(new CommitOffset.Request("orders", 0, "me", 12)))
                .isEqualTo(new CommitOffset.Response(true));

        assertThat(rpc.call(new FetchOffset.Request("orders", 0, "me")))
                .isEqualTo(new FetchOffset.Response(OptionalLong.of(12)));
        assertRefused(
                rpc.call(new CommitOffset.Request("orders", 5, "me", 12)),
                ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        assertRefused(
                rpc.call(new CommitOffset.Request("orders", 0, "", 12)),
                ErrorCode.INVALID_GROUP_ID);
    }

    @Test
    void whoDoesNotCoordinateAGroupSaysWhoDoes() throws Exception {
        create("orders", 1);
        ErrorResponse elsewhere =
                ErrorResponse.notCoordinator(
                        "broker 2 coordinates that group", new HostPort("10.0.0.2", 9094));

        assertThat(rpc.call(new CommitOffset.Request("orders", 0, FakeGroups.ELSEWHERE, 12)))
                .isEqualTo(elsewhere);
        assertThat(rpc.call(new FetchOffset.Request("orders", 0, FakeGroups.ELSEWHERE)))
                .isEqualTo(elsewhere);
    }

    @Test
    void offsetsAreFoundByPlaceAndTime() throws Exception {
        assertThat(rpc.call(new ListOffsets.Request("t", 0, new ListOffsets.At.Earliest(), false)))
                .isEqualTo(new ListOffsets.Response(OptionalLong.of(0), OptionalLong.empty()));
        assertThat(
                        rpc.call(
                                new ListOffsets.Request(
                                        "t", 0, new ListOffsets.At.AtOrAfter(500), false)))
                .isEqualTo(new ListOffsets.Response(OptionalLong.of(5), OptionalLong.of(1_000)));
        assertThat(
                        rpc.call(
                                new ListOffsets.Request(
                                        "t", 0, new ListOffsets.At.AtOrAfter(5_000), false)))
                .isEqualTo(new ListOffsets.Response(OptionalLong.empty(), OptionalLong.empty()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"id\":1,\"type\":\"Fetch\",\"topic\":7,\"offset\":0}",
                "{\"id\":1,\"type\":\"Fetch\",\"topic\":\"t\",\"offset\":\"zero\"}",
                "{\"id\":1,\"type\":\"Fetch\",\"topic\":\"t\",\"offset\":-1}",
                "{\"id\":1,\"type\":\"Produce\",\"topic\":\"t\",\"value\":{}}",
                "{\"id\":1,\"type\":\"Produce\",\"topic\":\"t\",\"value\":\"!!\"}",
                "{\"id\":1,\"type\":\"ProduceBatch\",\"topic\":\"t\",\"values\":[]}",
                "{\"id\":1,\"type\":\"ProduceBatch\",\"topic\":\"t\",\"values\":[7]}",
                "{\"id\":1,\"type\":\"Produce\",\"topic\":\"t\",\"text\":\"x\",\"acks\":3}",
                "{\"id\":1,\"type\":\"Nonsense\"}",
                "{\"id\":1}",
                "{\"type\":\"ListTopics\"}",
                "{\"id\":[],\"type\":\"ListTopics\"}",
                "{\"id\":1,\"type\":\"ListTopics\"",
                "{\"id\":1,\"type\":\"ListTopics\"}}",
                "{",
                "{\u0000\u0001"
            })
    void whatIsWrongIsRefusedAndTheConnectionStays(String payload) throws Exception {
        assertThat(rpc.callText(payload)).contains("\"type\":\"Error\"");
        assertThat(rpc.call(new ListTopics.Request())).isInstanceOf(ListTopics.Response.class);
    }

    @Test
    void requestsAreCountedByType() throws Exception {
        rpc.call(new ListTopics.Request());
        rpc.call(new DeleteTopic.Request("nowhere"));
        rpc.callText("{}");

        assertThat(rpc.requests.of("json", "ListTopics").count()).isEqualTo(1);
        assertThat(rpc.requests.of("json", "DeleteTopic").failures()).isEqualTo(1);
        assertThat(rpc.requests.of("json", "unreadable").failures()).isEqualTo(1);
    }

    @Test
    void aBrokerThatStartsSaysHowFarItIs() throws Exception {
        try (RpcFixture starting = RpcFixture.starting()) {
            assertThat(starting.call(new ListTopics.Request()))
                    .isEqualTo(
                            ErrorResponse.of(
                                    ErrorCode.NOT_READY,
                                    "this broker does not serve requests yet: recovering 3 of 10"
                                            + " logs; try again shortly"));
        }
    }
}
