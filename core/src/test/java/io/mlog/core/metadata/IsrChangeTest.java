package io.mlog.core.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.core.metadata.CommandResult.PartitionResult;
import io.mlog.core.metadata.MetadataCommand.ChangePartitions;
import io.mlog.core.metadata.MetadataCommand.IsrChange;
import io.mlog.core.replication.IsrMember;
import io.mlog.core.replication.IsrProposal;
import io.mlog.model.ErrorCode;
import io.mlog.model.TopicId;
import io.mlog.model.TopicIdPartition;
import io.mlog.model.TopicPartition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** ISR changes that leaders ask for: compare-and-set, of boots that are alive. */
class IsrChangeTest {
    private final Commands cluster = Commands.clusterOf(4).withTopic(2, 1, 3);

    @Test
    void theIsrIsKeptInTheOrderOfTheReplicas() {
        cluster.inSync("t", 0, 3, 2);
        assertThat(cluster.shown("t", 0)).isEqualTo("2,1,3 isr 2,3 leader 2 epochs 0/1");

        cluster.inSync("t", 0, 3, 1, 2);
        assertThat(cluster.shown("t", 0)).isEqualTo("2,1,3 isr 2,1,3 leader 2 epochs 0/2");
    }

    @Test
    void aLeaderThatWishesItselfOutGivesTheLeadershipToAnInSyncReplica() {
        cluster.inSync("t", 0, 2, 3);

        cluster.done(cluster.isrChange("t", 0, 3));

        assertThat(cluster.shown("t", 0)).isEqualTo("2,1,3 isr 3 leader 3 epochs 1/2");
    }

    @Test
    void theResultIsThePartitionAsItIsAfterwards() {
        List<PartitionResult> results = cluster.results(cluster.isrChange("t", 0, 2));

        assertThat(results)
                .containsExactly(
                        new PartitionResult.Changed(
                                new TopicPartition("t", 0),
                                cluster.topic("t").partitions().getFirst()));
    }

    @Test
    void toProposeTheCommittedIsrEndsEveryOtherProposal() {
        ChangePartitions withdrawn = cluster.isrChange("t", 0, 2, 3);
        cluster.inSync("t", 0, 2, 1, 3);
        assertThat(cluster.shown("t", 0)).isEqualTo("2,1,3 isr 2,1,3 leader 2 epochs 0/1");

        assertThat(codeOf(withdrawn)).isEqualTo(ErrorCode.INVALID_UPDATE_VERSION);
    }

    @Test
    void aProposalHoldsOnce() {
        ChangePartitions twice = cluster.isrChange("t", 0, 2, 3);
        cluster.done(twice);

        assertThat(codeOf(twice)).isEqualTo(ErrorCode.INVALID_UPDATE_VERSION);
    }

    /** Partition t-0 on 2, 1 and 3, led by 2, in leader epoch 1; broker 4 holds no replica. */
    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("table")
    void aWrongProposalIsRefusedWithTheValues(
            ErrorCode code, String message, Function<Commands, ChangePartitions> wish) {
        cluster.fence(2);
        cluster.unfence(2);
        cluster.inSync("t", 0, 2, 1, 3);
        ChangePartitions command = wish.apply(cluster);
        MetadataImage before = cluster.image();

        List<PartitionResult> results = cluster.results(command);

        assertThat(cluster.image()).isEqualTo(before.stepped(cluster.image().appliedIndex()));
        assertThat(results).hasSize(1);
        PartitionResult.Unchanged refused = (PartitionResult.Unchanged) results.getFirst();
        assertThat(refused.message()).contains(message);
        assertThat(refused.code()).isEqualTo(code);
    }

    static Stream<Arguments> table() {
        return Stream.of(
                row(
                        ErrorCode.FENCED_LEADER_EPOCH,
                        "of t-0 was to change in leader epoch 0; it is 1",
                        c -> wish(c, 1, 0, 2, 1, 3)),
                row(
                        ErrorCode.UNKNOWN_LEADER_EPOCH,
                        "was to change in leader epoch 2; it is 1",
                        c -> wish(c, 1, 2, 2, 1, 3)),
                row(
                        ErrorCode.INVALID_UPDATE_VERSION,
                        "of t-0 was to change from partition epoch 1; it is 2",
                        c -> wish(c, 1, 1, 1, 1, 3)),
                row(
                        ErrorCode.INVALID_UPDATE_VERSION,
                        "was to change from partition epoch 3; it is 2",
                        c -> wish(c, 1, 1, 3, 1, 3)),
                row(
                        ErrorCode.NOT_LEADER,
                        "broker 3 asked for another ISR of t-0, whose leader is broker 1",
                        c -> wish(c, 3, 1, 2, 1, 3)),
                row(
                        ErrorCode.NOT_LEADER,
                        "whose leader is nobody",
                        c -> {
                            c.fence(1, 2, 3);
                            PartitionImage now = c.topic("t").partitions().getFirst();
                            return wish(c, 3, now.leaderEpoch(), now.partitionEpoch(), 3);
                        }),
                row(
                        ErrorCode.INVALID_REQUEST,
                        "the ISR [] of t-0 must have its leader, broker 1",
                        c -> wish(c, 1, 1, 2)),
                row(
                        ErrorCode.INVALID_REQUEST,
                        "the ISR [2, 4] of t-0 must have its leader, broker 1",
                        c -> wish(c, 1, 1, 2, 2, 4)),
                row(
                        ErrorCode.INVALID_REQUEST,
                        "the ISR [1, 3, 3] of t-0 must have its leader, broker 1, and nobody twice",
                        c -> wish(c, 1, 1, 2, 1, 3, 3)),
                row(
                        ErrorCode.INELIGIBLE_REPLICA,
                        "broker 4 cannot be in the ISR of t-0: its replicas are [2, 1, 3]",
                        c -> wish(c, 1, 1, 2, 1, 4)),
                row(
                        ErrorCode.INELIGIBLE_REPLICA,
                        "broker 9 cannot be in the ISR of t-0: its replicas are",
                        c -> wish(c, 1, 1, 2, 1, 9)),
                row(
                        ErrorCode.INELIGIBLE_REPLICA,
                        "broker 3 cannot be in the ISR of t-0: it is fenced",
                        c -> {
                            c.fence(3);
                            return wish(c, 1, 1, 3, 1, 3);
                        }),
                row(
                        ErrorCode.INELIGIBLE_REPLICA,
                        "broker 3 cannot be in the ISR of t-0: it is shutting down",
                        c -> {
                            c.shutDown(3);
                            return wish(c, 1, 1, 3, 1, 3);
                        }),
                row(
                        ErrorCode.INELIGIBLE_REPLICA,
                        "it is registered with boot epoch 2, not with 1",
                        c -> {
                            List<IsrMember> old = c.members(1, 3);
                            c.restart(3);
                            c.unfence(3);
                            return wish(c, 1, 1, 3, old);
                        }),
                row(
                        ErrorCode.UNKNOWN_TOPIC_ID,
                        "no topic has the id " + new TopicId(5, 5),
                        c -> command(c, 1, new TopicIdPartition(new TopicId(5, 5), 0))),
                row(
                        ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
                        "topic 't' has 1 partitions, there is no partition 1",
                        c -> command(c, 1, new TopicIdPartition(c.topic("t").id(), 1))));
    }

    private static Arguments row(
            ErrorCode code, String message, Function<Commands, ChangePartitions> wish) {
        return Arguments.of(code, message, wish);
    }

    private static ChangePartitions command(Commands cluster, int leader, TopicIdPartition id) {
        return new ChangePartitions(
                leader,
                cluster.boot(leader),
                List.of(new IsrChange(id, new IsrProposal(0, 0, List.of()))));
    }

    private static ChangePartitions wish(
            Commands cluster, int leader, int leaderEpoch, int partitionEpoch, int... isr) {
        return wish(cluster, leader, leaderEpoch, partitionEpoch, cluster.members(isr));
    }

    private static ChangePartitions wish(
            Commands cluster,
            int leader,
            int leaderEpoch,
            int partitionEpoch,
            List<IsrMember> isr) {
        return new ChangePartitions(
                leader,
                cluster.boot(leader),
                List.of(
                        new IsrChange(
                                cluster.id("t", 0),
                                new IsrProposal(leaderEpoch, partitionEpoch, isr))));
    }

    @Test
    void aBatchIsDecidedPartitionByPartition() {
        cluster.done(cluster.topic("u", -1, -1, List.of(List.of(2, 1), List.of(1, 2)), Map.of()));
        IsrChange good = cluster.isrChange("u", 0, 2).changes().getFirst();
        IsrChange ofAnother = cluster.isrChange("u", 1, 1).changes().getFirst();

        List<PartitionResult> results =
                cluster.results(
                        new ChangePartitions(2, cluster.boot(2), List.of(ofAnother, good, good)));

        assertThat(results.get(0))
                .isInstanceOfSatisfying(
                        PartitionResult.Unchanged.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.NOT_LEADER));
        assertThat(results.get(1)).isInstanceOf(PartitionResult.Changed.class);
        assertThat(results.get(2))
                .isEqualTo(
                        new PartitionResult.Unchanged(
                                ErrorCode.INVALID_REQUEST, "u-0 is named twice"));
        assertThat(cluster.shown("u", 0)).isEqualTo("2,1 isr 2 leader 2 epochs 0/1");
        assertThat(cluster.shown("u", 1)).isEqualTo("1,2 isr 1,2 leader 1 epochs 0/0");
    }

    @Test
    void aThousandPartitionsChangeInOneCommand() {
        cluster.done(cluster.topic("many", 1000, 3));
        List<IsrChange> changes = new ArrayList<>();
        for (PartitionImage partition : cluster.topic("many").partitions()) {
            if (partition.leader() == 1) {
                changes.addAll(cluster.isrChange("many", partition.partition(), 1).changes());
            }
        }
        assertThat(changes).hasSizeBetween(200, 400);

        assertThat(cluster.results(new ChangePartitions(1, cluster.boot(1), changes)))
                .hasSameSizeAs(changes)
                .hasOnlyElementsOfType(PartitionResult.Changed.class);
    }

    private ErrorCode codeOf(ChangePartitions command) {
        return ((PartitionResult.Unchanged) cluster.results(command).getFirst()).code();
    }
}
