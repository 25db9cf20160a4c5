package io.mlog.core.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlog.core.metadata.MetadataCommand.ReassignPartitions;
import io.mlog.core.metadata.MetadataCommand.Reassignment;
import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import io.mlog.model.TopicPartition;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Where replicas go when only what is wanted of them is said. */
class ReplicaMovesTest {
    @Test
    void moreReplicasGoToTheBrokersWithFewest() {
        Commands cluster = Commands.clusterOf(4).withTopic(1, 2);
        cluster.done(cluster.topic("u", -1, -1, List.of(List.of(3)), Map.of()));

        assertThat(resized(cluster, 3)).containsExactly(1, 2, 4);
    }

    @Test
    void moreReplicasGoToAnotherRack() {
        Commands cluster = Commands.clusterOf(0);
        for (String rack : List.of("a", "a", "b")) {
            int id = cluster.image().nextBrokerId();
            cluster.start(Commands.broker("node-" + id, 1, rack));
        }
        cluster.withTopic(1);

        assertThat(resized(cluster, 2)).containsExactly(1, 3);
    }

    @Test
    void ofTooManyReplicasThoseGoThatAreOfLeastUse() {
        Commands cluster = Commands.clusterOf(4).withTopic(1, 2, 3, 4);
        assertThat(resized(cluster, 3)).as("all alike").containsExactly(1, 2, 3);

        cluster.inSync("t", 0, 1, 3, 4);
        assertThat(resized(cluster, 3)).as("2 is not in sync").containsExactly(1, 3, 4);

        cluster.fence(4);
        assertThat(resized(cluster, 3)).as("4 is dead").containsExactly(1, 2, 3);
        assertThat(resized(cluster, 2)).as("2 is not in sync").containsExactly(1, 3);
    }

    @Test
    void replicasThatAreOnTheirWayOutDoNotCount() {
        Commands cluster = Commands.clusterOf(4).withTopic(1, 2, 3);
        cluster.done(
                new ReassignPartitions(
                        List.of(new Reassignment(new TopicPartition("t", 0), List.of(4, 2)))));

        assertThat(resized(cluster, 2)).containsExactly(4, 2);
    }

    @Test
    void moreReplicasThanLiveBrokersAreRefused() {
        Commands cluster = Commands.clusterOf(3).withTopic(1);
        cluster.fence(3);

        assertThatThrownBy(() -> resized(cluster, 3))
                .isInstanceOfSatisfying(
                        MlogException.class,
                        refusal -> {
                            assertThat(refusal.code())
                                    .isEqualTo(ErrorCode.INVALID_REPLICATION_FACTOR);
                            assertThat(refusal.reason())
                                    .contains("1 to 2 are possible with 2 live brokers");
                        });
    }

    @Test
    void anotherBrokerTakesTheSamePlace() {
        Commands cluster = Commands.clusterOf(4).withTopic(2, 1, 3);

        assertThat(away(cluster, 1, false)).containsExactly(2, 4, 3);
        assertThat(away(cluster, 2, false)).containsExactly(4, 1, 3);
    }

    @Test
    void withoutAnotherBrokerThereMayBeFewerReplicasOnlyWhenThatIsAllowed() {
        Commands cluster = Commands.clusterOf(3).withTopic(1, 2, 3);

        assertThat(away(cluster, 1, true)).containsExactly(2, 3);
        assertThatThrownBy(() -> away(cluster, 1, false))
                .hasMessageContaining("t-0 has 3 replicas")
                .hasMessageContaining("broker 1");
    }

    @Test
    void onlyPartitionsThatHaveAReplicaThereMoveAndNoMoreThanAskedFor() {
        Commands cluster = Commands.clusterOf(4).withTopic(1, 2);
        cluster.done(
                cluster.topic("u", -1, -1, List.of(List.of(1), List.of(2), List.of(1)), Map.of()));
        ReplicaMoves moves = new ReplicaMoves(cluster.image());

        assertThat(moves.away(1, false, 100)).hasSize(3);
        assertThat(moves.away(1, false, 2)).hasSize(2);
        assertThat(moves.away(3, false, 100)).isEmpty();
    }

    private static List<Integer> resized(Commands cluster, int count) {
        return only(new ReplicaMoves(cluster.image()).resize(cluster.topic("t"), Set.of(0), count));
    }

    private static List<Integer> away(Commands cluster, int broker, boolean fewer) {
        return only(new ReplicaMoves(cluster.image()).away(broker, fewer, 100));
    }

    private static List<Integer> only(List<Reassignment> wishes) {
        assertThat(wishes).hasSize(1);
        return wishes.getFirst().replicas();
    }
}
