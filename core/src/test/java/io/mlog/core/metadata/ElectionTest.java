package io.mlog.core.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.core.metadata.CommandResult.PartitionResult;
import io.mlog.core.metadata.MetadataCommand.ElectLeaders;
import io.mlog.core.metadata.MetadataCommand.Election;
import io.mlog.model.ErrorCode;
import io.mlog.model.TopicPartition;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Elections that somebody asks for. */
class ElectionTest {
    private static final TopicPartition T0 = new TopicPartition("t", 0);

    @Test
    void leadershipReturnsToTheFirstReplicaThatIsInSyncAgain() {
        Commands cluster = Commands.clusterOf(3).withTopic(1, 2, 3);
        cluster.restart(1);
        cluster.unfence(1);
        cluster.inSync("t", 0, 1, 2, 3);
        assertThat(cluster.shown("t", 0)).isEqualTo("1,2,3 isr 1,2,3 leader 2 epochs 1/2");

        List<PartitionResult> results =
                cluster.results(new ElectLeaders(Election.PREFERRED, List.of(T0), 0));

        assertThat(cluster.shown("t", 0)).isEqualTo("1,2,3 isr 1,2,3 leader 1 epochs 2/3");
        assertThat(results)
                .containsExactly(
                        new PartitionResult.Changed(
                                T0, cluster.topic("t").partitions().getFirst()));
    }

    @Test
    void asManyLeadershipsReturnAtOnceAsWereAskedFor() {
        Commands cluster = Commands.clusterOf(2);
        cluster.done(
                cluster.topic(
                        "t",
                        -1,
                        -1,
                        IntStream.range(0, 10).mapToObj(i -> List.of(1, 2)).toList(),
                        Map.of()));
        cluster.restart(1);
        cluster.unfence(1);
        for (int i = 0; i < 9; i++) {
            cluster.inSync("t", i, 1, 2);
        }
        ElectLeaders four = new ElectLeaders(Election.PREFERRED, List.of(), 4);

        assertThat(cluster.results(four)).hasSize(4);
        assertThat(cluster.results(four)).hasSize(4);
        assertThat(cluster.results(four)).hasSize(1);
        assertThat(cluster.results(four)).isEmpty();
        assertThat(cluster.topic("t").partitions().stream().map(PartitionImage::leader))
                .containsExactly(1, 1, 1, 1, 1, 1, 1, 1, 1, 2);
    }

    @Test
    void anUncleanElectionTakesTheFirstLiveReplicaAndItsLogBecomesTheTruth() {
        Commands cluster = Commands.clusterOf(3).withTopic(1, 2, 3);
        cluster.inSync("t", 0, 1);
        cluster.fence(1);

        cluster.done(new ElectLeaders(Election.UNCLEAN, List.of(T0), 0));

        assertThat(cluster.shown("t", 0)).isEqualTo("1,2,3 isr 2 leader 2 epochs 2/3");
        cluster.restart(1);
        cluster.unfence(1);
        assertThat(cluster.shown("t", 0)).isEqualTo("1,2,3 isr 2 leader 2 epochs 2/3");
    }

    @Test
    void anEmptyDiskIsElectedOnlyWhenThereIsNoOther() {
        Commands cluster = Commands.clusterOf(2).withTopic(1, 2);
        cluster.inSync("t", 0, 1);
        cluster.restartOn(1, "new");
        cluster.unfence(1);
        assertThat(cluster.shown("t", 0))
                .isEqualTo("1,2 isr 1 leader none epochs 1/2 lost dir-of-node-1");

        cluster.done(new ElectLeaders(Election.UNCLEAN, List.of(), 5));
        assertThat(cluster.shown("t", 0)).isEqualTo("1,2 isr 2 leader 2 epochs 2/3");

        Commands alone = Commands.clusterOf(1).withTopic(1);
        alone.restartOn(1, "new");
        alone.unfence(1);
        alone.done(new ElectLeaders(Election.UNCLEAN, List.of(), 5));
        assertThat(alone.shown("t", 0)).isEqualTo("1 isr 1 leader 1 epochs 2/2");
    }

    /** Two brokers; partition t-0 on 1 and 2, led by 1; each row changes what it has to. */
    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("table")
    void anElectionThatCannotBeIsRefused(
            ErrorCode code,
            String message,
            Election election,
            TopicPartition partition,
            Consumer<Commands> before) {
        Commands cluster = Commands.clusterOf(2).withTopic(1, 2);
        before.accept(cluster);
        String shown = cluster.shown("t", 0);

        List<PartitionResult> results =
                cluster.results(new ElectLeaders(election, List.of(partition), 0));

        assertThat(cluster.shown("t", 0)).isEqualTo(shown);
        PartitionResult.Unchanged refused = (PartitionResult.Unchanged) results.getFirst();
        assertThat(refused.message()).contains(message);
        assertThat(refused.code()).isEqualTo(code);
    }

    static Stream<Arguments> table() {
        return Stream.of(
                row(
                        ErrorCode.ELECTION_NOT_NEEDED,
                        "t-0 is led by its first replica, broker 1, already",
                        Election.PREFERRED,
                        T0,
                        c -> {}),
                row(
                        ErrorCode.PREFERRED_LEADER_NOT_AVAILABLE,
                        "of t-0, broker 1, is fenced or shutting down; in sync are [2]",
                        Election.PREFERRED,
                        T0,
                        c -> c.fence(1)),
                row(
                        ErrorCode.PREFERRED_LEADER_NOT_AVAILABLE,
                        "of t-0, broker 1, is not in sync; in sync are [2]",
                        Election.PREFERRED,
                        T0,
                        c -> {
                            c.restart(1);
                            c.unfence(1);
                        }),
                row(
                        ErrorCode.PREFERRED_LEADER_NOT_AVAILABLE,
                        "of t-0, broker 1, is fenced or shutting down; in sync are [2]",
                        Election.PREFERRED,
                        T0,
                        c -> c.shutDown(1)),
                row(
                        ErrorCode.PREFERRED_LEADER_NOT_AVAILABLE,
                        "of t-0, broker 1, is fenced or shutting down; in sync are [1, 2]",
                        Election.PREFERRED,
                        T0,
                        c -> {
                            c.fence(2);
                            c.shutDown(1);
                            c.unfence(2);
                            c.inSync("t", 0, 1, 2);
                        }),
                row(
                        ErrorCode.ELECTION_NOT_NEEDED,
                        "t-0 is led by broker 1",
                        Election.UNCLEAN,
                        T0,
                        c -> {}),
                row(
                        ErrorCode.ELIGIBLE_LEADERS_NOT_AVAILABLE,
                        "none of the replicas [1, 2] of t-0 is alive",
                        Election.UNCLEAN,
                        T0,
                        c -> c.fence(1, 2)),
                row(
                        ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
                        "topic 'nope' does not exist",
                        Election.PREFERRED,
                        new TopicPartition("nope", 0),
                        c -> {}),
                row(
                        ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
                        "topic 't' has 1 partitions, there is no partition 1",
                        Election.UNCLEAN,
                        new TopicPartition("t", 1),
                        c -> {}));
    }

    private static Arguments row(
            ErrorCode code,
            String message,
            Election election,
            TopicPartition partition,
            Consumer<Commands> before) {
        return Arguments.of(code, message, election, partition, before);
    }

    @Test
    void noPartitionIsElectedForTwice() {
        Commands cluster = Commands.clusterOf(1).withTopic(1);
        assertThat(cluster.results(new ElectLeaders(Election.UNCLEAN, List.of(T0, T0), 0)).get(1))
                .isEqualTo(
                        new PartitionResult.Unchanged(
                                ErrorCode.INVALID_REQUEST, "t-0 is named twice"));
    }
}
