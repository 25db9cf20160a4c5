package io.mlog.core.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.model.TopicPartition;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the cluster would lack without a broker. */
class StopImpactTest {
    private static final TopicPartition T0 = new TopicPartition("t", 0);
    private static final StopImpact NONE = new StopImpact(List.of(), List.of());

    @Test
    void twoOfThreeInSyncReplicasAreEnough() {
        Commands cluster = Commands.clusterOf(4).withTopic(1, 2, 3);

        assertThat(StopImpact.of(cluster.image(), 1)).isEqualTo(NONE);
        assertThat(StopImpact.of(cluster.image(), 4)).as("has no replica").isEqualTo(NONE);
    }

    @Test
    void oneOfThreeIsTooFewForAcksAll() {
        Commands cluster = Commands.clusterOf(3).withTopic(1, 2, 3);
        cluster.inSync("t", 0, 1, 2);

        StopImpact under = new StopImpact(List.of(), List.of(T0));
        assertThat(StopImpact.of(cluster.image(), 1)).isEqualTo(under);
        assertThat(StopImpact.of(cluster.image(), 2)).isEqualTo(under);
        assertThat(StopImpact.of(cluster.image(), 3)).as("is not in sync").isEqualTo(NONE);
    }

    @Test
    void theLastInSyncReplicaIsNeeded() {
        Commands cluster = Commands.clusterOf(3).withTopic(1, 2, 3);
        cluster.inSync("t", 0, 1);

        assertThat(StopImpact.of(cluster.image(), 1))
                .isEqualTo(new StopImpact(List.of(T0), List.of()));
    }

    @Test
    void aBrokerThatIsStoppingIsNotCountedOn() {
        Commands cluster = Commands.clusterOf(2).withTopic(1, 2);
        assertThat(StopImpact.of(cluster.image(), 1).leaderless()).isEmpty();

        cluster.shutDown(2);

        assertThat(StopImpact.of(cluster.image(), 1).leaderless()).containsExactly(T0);
    }
}
