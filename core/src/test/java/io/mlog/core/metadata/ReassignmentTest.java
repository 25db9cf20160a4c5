package io.mlog.core.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.core.metadata.CommandResult.PartitionResult;
import io.mlog.core.metadata.MetadataCommand.ElectLeaders;
import io.mlog.core.metadata.MetadataCommand.Election;
import io.mlog.core.metadata.MetadataCommand.ReassignPartitions;
import io.mlog.core.metadata.MetadataCommand.Reassignment;
import io.mlog.core.metadata.MetadataCommand.SetTopicConfigs;
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

/** Partitions on their way to other brokers. */
class ReassignmentTest {
    private static final TopicPartition T0 = new TopicPartition("t", 0);

    /** Five brokers; partition t-0 on 1, 2 and 3, all in sync, led by 1 with epochs 0/0. */
    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource("table")
    void aPartitionMoves(String what, Consumer<Commands> change, String expected) {
        Commands cluster = Commands.clusterOf(5).withTopic(1, 2, 3);

        change.accept(cluster);

        assertThat(cluster.shown("t", 0)).isEqualTo(expected);
    }

    static Stream<Arguments> table() {
        return Stream.of(
                row(
                        "one is replaced",
                        c -> move(c, 1, 2, 4),
                        "1,2,4,3 isr 1,2,3 leader 1 epochs 0/1 +4 -3"),
                row(
                        "and goes when the new one is in sync",
                        c -> {
                            move(c, 1, 2, 4);
                            c.inSync("t", 0, 1, 2, 3, 4);
                        },
                        "1,2,4 isr 1,2,4 leader 1 epochs 1/2"),
                row(
                        "not before",
                        c -> {
                            move(c, 4, 5, 1);
                            c.inSync("t", 0, 1, 2, 3, 4);
                        },
                        "4,5,1,2,3 isr 4,1,2,3 leader 1 epochs 0/2 +4,5 -2,3"),
                row(
                        "the leader is replaced",
                        c -> {
                            move(c, 4, 5, 2);
                            c.inSync("t", 0, 1, 2, 3, 4, 5);
                        },
                        "4,5,2 isr 4,5,2 leader 4 epochs 1/2"),
                row(
                        "another order is there at once",
                        c -> move(c, 3, 2, 1),
                        "3,2,1 isr 3,2,1 leader 1 epochs 0/1"),
                row("fewer replicas, too", c -> move(c, 2, 1), "2,1 isr 2,1 leader 1 epochs 1/1"),
                row(
                        "fewer replicas without the leader",
                        c -> move(c, 2, 3),
                        "2,3 isr 2,3 leader 2 epochs 1/1"),
                row(
                        "fewer replicas when enough of them are in sync",
                        c -> {
                            c.inSync("t", 0, 1, 3);
                            move(c, 1, 2);
                        },
                        "1,2,3 isr 1,3 leader 1 epochs 0/2 -3"),
                row(
                        "which they become",
                        c -> {
                            c.inSync("t", 0, 1, 3);
                            move(c, 1, 2);
                            c.inSync("t", 0, 1, 2, 3);
                        },
                        "1,2 isr 1,2 leader 1 epochs 1/3"),
                row(
                        "more replicas",
                        c -> {
                            move(c, 1, 2, 3, 4);
                            c.inSync("t", 0, 1, 2, 3, 4);
                        },
                        "1,2,3,4 isr 1,2,3,4 leader 1 epochs 0/2"),
                row("to where it is", c -> move(c, 1, 2, 3), "1,2,3 isr 1,2,3 leader 1 epochs 0/0"),
                row(
                        "back before it is done",
                        c -> {
                            move(c, 4, 5, 3);
                            c.inSync("t", 0, 1, 2, 3, 4);
                            move(c);
                        },
                        "3,1,2 isr 3,1,2 leader 1 epochs 1/3"),
                row(
                        "back from a leader that was new",
                        c -> {
                            move(c, 4, 5, 3);
                            c.inSync("t", 0, 1, 2, 3, 4);
                            c.done(new ElectLeaders(Election.PREFERRED, List.of(T0), 0));
                            move(c);
                        },
                        "3,1,2 isr 3,1,2 leader 3 epochs 2/4"),
                row(
                        "elsewhere before it is done",
                        c -> {
                            move(c, 1, 2, 4);
                            c.inSync("t", 0, 1, 2, 4);
                            move(c, 1, 2, 5);
                        },
                        "1,2,5,4 isr 1,2,4 leader 1 epochs 1/3 +5 -4"),
                row(
                        "elsewhere before anything is done",
                        c -> {
                            move(c, 1, 2, 4);
                            move(c, 1, 2, 5);
                        },
                        "1,2,5,3 isr 1,2,3 leader 1 epochs 1/2 +5 -3"),
                row(
                        "one on its way in stays so",
                        c -> {
                            move(c, 1, 2, 4);
                            move(c, 4, 5, 1);
                        },
                        "4,5,1,2,3 isr 1,2,3 leader 1 epochs 0/2 +4,5 -2,3"),
                row(
                        "while a broker is away",
                        c -> {
                            move(c, 1, 2, 4);
                            c.fence(4);
                            c.fence(1);
                        },
                        "1,2,4,3 isr 2,3 leader 2 epochs 1/2 +4 -3"),
                row(
                        "to one that is away",
                        c -> {
                            c.fence(4);
                            move(c, 1, 2, 4);
                        },
                        "1,2,4,3 isr 1,2,3 leader 1 epochs 0/1 +4 -3"));
    }

    private static Arguments row(String what, Consumer<Commands> change, String expected) {
        return Arguments.of(what, change, expected);
    }

    private static void move(Commands cluster, Integer... replicas) {
        PartitionResult result =
                cluster.results(
                                new ReassignPartitions(
                                        List.of(new Reassignment(T0, List.of(replicas)))))
                        .getFirst();
        assertThat(result)
                .isEqualTo(
                        new PartitionResult.Changed(
                                T0, cluster.topic("t").partitions().getFirst()));
    }

    /** The same partition, with min.insync.replicas 2 for the topic. */
    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("refusals")
    void aMoveThatCannotBeIsRefused(
            ErrorCode code, String message, Consumer<Commands> before, Reassignment wish) {
        Commands cluster =
                Commands.clusterOf(5)
                        .withTopic(Map.of(TopicConfigs.MIN_INSYNC_REPLICAS, "2"), 1, 2, 3);
        before.accept(cluster);
        String shown = cluster.shown("t", 0);

        List<PartitionResult> results = cluster.results(new ReassignPartitions(List.of(wish)));

        assertThat(cluster.shown("t", 0)).isEqualTo(shown);
        PartitionResult.Unchanged refused = (PartitionResult.Unchanged) results.getFirst();
        assertThat(refused.message()).contains(message);
        assertThat(refused.code()).isEqualTo(code);
    }

    static Stream<Arguments> refusals() {
        return Stream.of(
                refusal(
                        ErrorCode.INVALID_REPLICA_ASSIGNMENT,
                        "the assignment [1, 2, 9] names broker 9; there are [1, 2, 3, 4, 5]",
                        wish(1, 2, 9)),
                refusal(
                        ErrorCode.INVALID_REPLICA_ASSIGNMENT,
                        "the assignment [1, 1, 2] names a broker twice",
                        wish(1, 1, 2)),
                refusal(
                        ErrorCode.INVALID_REPLICATION_FACTOR,
                        "min.insync.replicas of topic 't' is 2: with 1 replicas",
                        wish(1)),
                refusal(
                        ErrorCode.INVALID_REPLICATION_FACTOR,
                        "1 to 100 replicas, 101 were assigned",
                        new Reassignment(T0, IntStream.rangeClosed(1, 101).boxed().toList())),
                refusal(
                        ErrorCode.NO_REASSIGNMENT_IN_PROGRESS,
                        "the replicas [1, 2, 3] of t-0 are not on the move",
                        wish()),
                refusal(
                        ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
                        "'nope'",
                        new Reassignment(new TopicPartition("nope", 0), List.of(1))),
                refusal(
                        ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
                        "there is no partition 1",
                        new Reassignment(new TopicPartition("t", 1), List.of(1))),
                Arguments.of(
                        ErrorCode.INVALID_REPLICA_ASSIGNMENT,
                        "t-0 cannot go to [2, 1, 3]: only [4] are in sync",
                        (Consumer<Commands>) ReassignmentTest::leaveOnlyTheNewOneInSync,
                        wish()),
                Arguments.of(
                        ErrorCode.INVALID_REPLICA_ASSIGNMENT,
                        "t-0 cannot go to [1, 2, 5]: only [4] are in sync",
                        (Consumer<Commands>) ReassignmentTest::leaveOnlyTheNewOneInSync,
                        wish(1, 2, 5)));
    }

    private static Arguments refusal(ErrorCode code, String message, Reassignment wish) {
        return Arguments.of(code, message, (Consumer<Commands>) c -> {}, wish);
    }

    private static Reassignment wish(Integer... replicas) {
        return new Reassignment(T0, List.of(replicas));
    }

    private static void leaveOnlyTheNewOneInSync(Commands cluster) {
        move(cluster, 4, 5, 2);
        cluster.inSync("t", 0, 1, 4);
        cluster.fence(1);
    }

    @Test
    void noPartitionMovesTwiceAtOnce() {
        Commands cluster = Commands.clusterOf(3).withTopic(1, 2);
        List<PartitionResult> results =
                cluster.results(new ReassignPartitions(List.of(wish(2, 1), wish(3, 1))));

        assertThat(cluster.shown("t", 0)).isEqualTo("2,1 isr 2,1 leader 1 epochs 0/1");
        assertThat(results.get(1))
                .isEqualTo(
                        new PartitionResult.Unchanged(
                                ErrorCode.INVALID_REQUEST, "t-0 is named twice"));
    }

    @Test
    void minInsyncReplicasFitsBothBeforeAndAfterAMove() {
        Commands cluster = Commands.clusterOf(5).withTopic(1, 2, 3);
        move(cluster, 1, 4);
        assertThat(cluster.shown("t", 0))
                .isEqualTo("1,4,2,3 isr 1,2,3 leader 1 epochs 0/1 +4 -2,3");

        assertThat(cluster.refused(minIsr(3)).message())
                .contains("min.insync.replicas is 3 and the topic has 2 replicas");
        cluster.done(minIsr(2));
    }

    private static SetTopicConfigs minIsr(int value) {
        return new SetTopicConfigs(
                "t",
                List.of(
                        new ConfigEdit.Put(
                                TopicConfigs.MIN_INSYNC_REPLICAS, Integer.toString(value))));
    }
}
