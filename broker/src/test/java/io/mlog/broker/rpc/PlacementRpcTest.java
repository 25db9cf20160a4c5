package io.mlog.broker.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.model.ErrorCode;
import io.mlog.protocol.CreateTopic;
import io.mlog.protocol.ElectLeaders;
import io.mlog.protocol.ErrorResponse;
import io.mlog.protocol.LeaveCluster;
import io.mlog.protocol.ListReassignments;
import io.mlog.protocol.ReassignPartitions;
import io.mlog.protocol.ReassignPartitions.Moved;
import io.mlog.protocol.ReassignPartitions.Target;
import io.mlog.protocol.RpcResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Moves of replicas, elections and departures over the JSON RPC. Node-1 has the topics. */
class PlacementRpcTest {
    private RpcFixture rpc;

    @BeforeEach
    void start() throws Exception {
        rpc = RpcFixture.serving();
        rpc.call(new CreateTopic.Request("orders", OptionalInt.of(1), OptionalInt.of(2), Map.of()));
    }

    @AfterEach
    void stop() throws Exception {
        rpc.close();
    }

    @Test
    void onePartitionMovesToNamedNodesAndIsListedUntilItIsCancelled() throws Exception {
        Moved moved = only(reassign(OptionalInt.of(1), new Target.Nodes(List.of("node-2"))));

        assertThat(moved)
                .isEqualTo(
                        new Moved(
                                1,
                                List.of("node-2", "node-1"),
                                List.of("node-2"),
                                List.of("node-1"),
                                Optional.empty()));
        assertThat(moves(Optional.empty()))
                .containsExactly(
                        new ListReassignments.Move(
                                "orders",
                                1,
                                List.of("node-2", "node-1"),
                                List.of("node-1"),
                                List.of("node-2"),
                                List.of("node-1")));
        assertThat(moves(Optional.of("elsewhere"))).isEmpty();

        assertThat(only(reassign(OptionalInt.of(1), new Target.Cancel())).underWay()).isFalse();
        assertThat(moves(Optional.empty())).isEmpty();
    }

    @Test
    void allPartitionsGetAnotherNumberOfReplicas() throws Exception {
        ReassignPartitions.Response response =
                (ReassignPartitions.Response) reassign(OptionalInt.empty(), new Target.Count(2));

        assertThat(response.partitions()).extracting(Moved::partition).containsExactly(0, 1);
        assertThat(response.partitions()).extracting(Moved::adding).containsOnly(List.of("node-2"));
    }

    @Test
    void tooManyReplicasAreRefusedWithTheNumberThatIsPossible() throws Exception {
        ErrorResponse refused = (ErrorResponse) reassign(OptionalInt.empty(), new Target.Count(3));

        assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_REPLICATION_FACTOR);
        assertThat(refused.message())
                .contains(
                        "3 replicas of topic 'orders'", "1 to 2 are possible with 2 live brokers");
    }

    @Test
    void strangersAmongNodesAndPartitionsAreNamed() throws Exception {
        ErrorResponse node =
                (ErrorResponse) reassign(OptionalInt.empty(), new Target.Nodes(List.of("node-9")));
        ErrorResponse partition = (ErrorResponse) reassign(OptionalInt.of(7), new Target.Cancel());

        assertThat(node.message()).contains("'node-9'", "[node-1, node-2]");
        assertThat(partition.message()).contains("2 partitions", "no partition 7");
    }

    @Test
    void aRefusedPartitionTellsWhy() throws Exception {
        Moved refused = only(reassign(OptionalInt.of(0), new Target.Cancel()));

        assertThat(refused.error().orElseThrow().code())
                .isEqualTo(ErrorCode.NO_REASSIGNMENT_IN_PROGRESS);
        assertThat(refused.replicas()).isEmpty();
    }

    @Test
    void anElectionTellsOfEachPartitionThatIsNamed() throws Exception {
        ElectLeaders.Response named =
                (ElectLeaders.Response)
                        rpc.call(
                                new ElectLeaders.Request(
                                        Optional.of("orders"), OptionalInt.of(1), false));
        ElectLeaders.Response all =
                (ElectLeaders.Response)
                        rpc.call(
                                new ElectLeaders.Request(
                                        Optional.empty(), OptionalInt.empty(), false));

        ElectLeaders.Elected elected = named.partitions().getFirst();
        assertThat(elected.partition()).isEqualTo(1);
        assertThat(elected.leaderNodeId()).contains("node-1");
        assertThat(elected.error().orElseThrow().code()).isEqualTo(ErrorCode.ELECTION_NOT_NEEDED);
        assertThat(all.partitions()).isEmpty();
    }

    @Test
    void howFarANodeIsOnItsWayOutIsTold() throws Exception {
        assertThat(rpc.call(new LeaveCluster.Request("node-2", false)))
                .isEqualTo(new LeaveCluster.Response("node-2", LeaveCluster.Phase.MOVING, 3));
        assertThat(rpc.call(new LeaveCluster.Request("node-7", false)))
                .isEqualTo(new LeaveCluster.Response("node-7", LeaveCluster.Phase.LEFT, 0));
    }

    private RpcResponse reassign(OptionalInt partition, Target target) throws Exception {
        return rpc.call(new ReassignPartitions.Request("orders", partition, target));
    }

    private static Moved only(RpcResponse response) {
        List<Moved> moved = ((ReassignPartitions.Response) response).partitions();
        assertThat(moved).hasSize(1);
        return moved.getFirst();
    }

    private List<ListReassignments.Move> moves(Optional<String> topic) throws Exception {
        return ((ListReassignments.Response) rpc.call(new ListReassignments.Request(topic)))
                .moves();
    }
}
