package io.mlog.core.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlog.core.metadata.LeavePlan.Step;
import io.mlog.core.metadata.MetadataCommand.BeginShutdown;
import io.mlog.core.metadata.MetadataCommand.FenceBroker;
import io.mlog.core.metadata.MetadataCommand.ReassignPartitions;
import io.mlog.core.metadata.MetadataCommand.Reassignment;
import io.mlog.core.metadata.MetadataCommand.UnregisterBroker;
import io.mlog.model.TopicPartition;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A broker on its way out for good. */
class LeavePlanTest {
    private static final String NODE = "node-1";

    @Test
    void aLeaderLeavesStepByStepAndTheOthersGoOn() {
        Commands cluster = Commands.clusterOf(4).withTopic(1, 2, 3);

        Step move = next(cluster);
        assertThat(move)
                .isEqualTo(
                        new Step.Move(
                                List.of(
                                        new Reassignment(
                                                new TopicPartition("t", 0), List.of(4, 2, 3)))));
        carryOut(cluster, move);
        assertThat(cluster.shown("t", 0)).contains("isr 2,3,1 leader 1");
        assertThat(next(cluster)).isEqualTo(new Step.Await(1));

        cluster.inSync("t", 0, 1, 2, 3, 4);
        assertThat(cluster.shown("t", 0)).isEqualTo("4,2,3 isr 4,2,3 leader 4 epochs 1/2");
        assertThat(next(cluster)).isEqualTo(new Step.Shutdown(1, 1));
        carryOut(cluster, next(cluster));
        assertThat(next(cluster)).isEqualTo(new Step.Fence(1, 1));
        carryOut(cluster, next(cluster));
        assertThat(next(cluster)).isEqualTo(new Step.Forget(1));
        carryOut(cluster, next(cluster));

        assertThat(next(cluster)).isEqualTo(new Step.Gone());
        assertThat(cluster.image().brokers()).containsOnlyKeys(2, 3, 4);
    }

    @Test
    void aDeadBrokerIsForgottenOnceOthersHaveItsReplicas() {
        Commands cluster = Commands.clusterOf(4).withTopic(1, 2, 3);
        cluster.fence(1);

        carryOut(cluster, next(cluster));
        assertThat(next(cluster)).isEqualTo(new Step.Await(1));
        cluster.inSync("t", 0, 2, 3, 4);

        assertThat(next(cluster)).isEqualTo(new Step.Forget(1));
    }

    @Test
    void aBrokerThatIsGivenAPartitionMeanwhileMovesThatToo() {
        Commands cluster = Commands.clusterOf(2);
        carryOut(cluster, next(cluster));
        assertThat(next(cluster)).isEqualTo(new Step.Fence(1, 1));

        cluster.withTopic(1, 2);

        assertThatThrownBy(() -> next(cluster)).hasMessageContaining("t-0 has 2 replicas");
        assertThat(LeavePlan.next(cluster.image(), NODE, true)).isInstanceOf(Step.Move.class);
    }

    @Test
    void tooFewBrokersForTheReplicasAreNamedWithTheWaysOut() {
        Commands cluster = Commands.clusterOf(3).withTopic(1, 2, 3);

        assertThatThrownBy(() -> next(cluster))
                .hasMessageContaining("t-0 has 3 replicas")
                .hasMessageContaining("add a node, lower the topic's replicas first, or allow");
        carryOut(cluster, LeavePlan.next(cluster.image(), NODE, true));
        assertThat(cluster.shown("t", 0)).isEqualTo("2,3 isr 2,3 leader 2 epochs 1/1");
    }

    @Test
    void theOnlyCopyIsNotGivenUp() {
        Commands cluster = Commands.clusterOf(2).withTopic(1);
        cluster.fence(1);

        assertThatThrownBy(() -> next(cluster))
                .hasMessageContaining("the only in-sync copy of t-0 is on node node-1");
    }

    @Test
    void theLastBrokerStays() {
        Commands cluster = Commands.clusterOf(2);
        cluster.fence(2);

        assertThatThrownBy(() -> next(cluster))
                .hasMessageContaining("no other broker is in service");
    }

    @Test
    void aNodeThatNobodyKnowsIsGone() {
        assertThat(LeavePlan.next(Commands.clusterOf(1).image(), "node-9", false))
                .isEqualTo(new Step.Gone());
    }

    private static Step next(Commands cluster) {
        return LeavePlan.next(cluster.image(), NODE, false);
    }

    private static void carryOut(Commands cluster, Step step) {
        switch (step) {
            case Step.Move(List<Reassignment> moves) ->
                    assertThat(cluster.results(new ReassignPartitions(moves)))
                            .hasOnlyElementsOfType(CommandResult.PartitionResult.Changed.class);
            case Step.Shutdown(int broker, long boot) ->
                    cluster.done(new BeginShutdown(broker, boot));
            case Step.Fence(int broker, long boot) -> cluster.done(new FenceBroker(broker, boot));
            case Step.Forget(int broker) -> cluster.done(new UnregisterBroker(broker));
            case Step.Await await -> throw new AssertionError(await);
            case Step.Gone gone -> throw new AssertionError(gone);
        }
    }
}
