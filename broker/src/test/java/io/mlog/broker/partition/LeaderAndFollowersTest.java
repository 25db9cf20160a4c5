package io.mlog.broker.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.core.replication.IsrMember;
import io.mlog.model.Acks;
import io.mlog.model.ErrorCode;
import io.mlog.model.TopicIdPartition;
import io.mlog.services.PartitionFetched;
import io.mlog.services.ReplicaAsk;
import io.mlog.services.ReplicaIdentity;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What followers ask of a partition that leads, on a real log, and what counts. */
class LeaderAndFollowersTest extends ThreeReplicas {
    private static ReplicaAsk ask(int epoch, long offset, int lastEpoch) {
        return new ReplicaAsk(
                new TopicIdPartition(Node.ORDERS_ID, 0), epoch, offset, lastEpoch, 0, 1 << 20);
    }

    @Test
    void aFetchOfAnotherLeaderEpochIsRefused() {
        all(3, 1, 2, 1, 2, 3);

        assertThat(error(leader.partition.acknowledge(second.identity(), ask(2, 0, -1))))
                .isEqualTo(ErrorCode.FENCED_LEADER_EPOCH);
        assertThat(error(leader.partition.acknowledge(second.identity(), ask(4, 0, -1))))
                .isEqualTo(ErrorCode.UNKNOWN_LEADER_EPOCH);
        assertThat(error(leader.partition.readForReplica(ask(2, 0, -1), 10, 10, true)))
                .isEqualTo(ErrorCode.FENCED_LEADER_EPOCH);
        assertThat(error(second.partition.acknowledge(third.identity(), ask(3, 0, -1))))
                .isEqualTo(ErrorCode.NOT_LEADER);
    }

    private static ErrorCode error(@Nullable PartitionFetched refusal) {
        return Objects.requireNonNull(refusal).error();
    }

    @Test
    void aBrokerWithoutAReplicaIsRefused() {
        all(1, 1, 2, 1, 2, 3);

        @Nullable PartitionFetched refusal =
                leader.partition.acknowledge(new ReplicaIdentity(4, 40), ask(1, 0, -1));

        assertThat(error(refusal)).isEqualTo(ErrorCode.REPLICA_NOT_AVAILABLE);
    }

    @Test
    void aFetchOfABootThatIsNotRegisteredMayReadButDoesNotCount() {
        all(1, 1, 2, 1, 2);
        leader.produce(Acks.ALL, "a");
        leader.flush();

        second.boot = 19;
        second.catchUpWith(leader);
        assertThat(second.log()).containsExactly("0=a");
        assertThat(leader.produced).isEmpty();

        second.boot = 20;
        second.fetchFrom(leader);
        assertThat(leader.answer().error()).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void aFollowerWhoseLogDiffersIsToldWhereAndDoesNotCount() {
        all(1, 1, 1, 1, 2);
        leader.produce(Acks.LEADER, "a");
        leader.answer();
        leader.flush();

        @Nullable PartitionFetched told =
                leader.partition.acknowledge(second.identity(), ask(1, 5, 1));

        assertThat(error(told)).isEqualTo(ErrorCode.NONE);
        assertThat(Objects.requireNonNull(told).divergence())
                .hasValueSatisfying(end -> assertThat(end.offset()).isOne());
        assertThat(leader.hw()).isZero();
    }

    @Test
    void aStandingAskIsWokenByRecordsByTheHighWatermarkAndByNothingElse() {
        all(1, 1, 1, 1, 2);
        int[] woken = {0};
        assertThat(leader.partition.watchForReplica(() -> woken[0]++, 1, 0, 0)).isTrue();

        leader.produce(Acks.LEADER, "a");
        leader.answer();
        assertThat(woken[0]).isOne();
        assertThat(leader.partition.watchForReplica(() -> woken[0]++, 1, 0, 0)).isFalse();

        assertThat(leader.partition.watchForReplica(() -> woken[0]++, 1, 1, 0)).isTrue();
        leader.flush();
        assertThat(woken[0]).isOne();
        second.catchUpWith(leader);
        assertThat(leader.hw()).isOne();
        assertThat(woken[0]).isEqualTo(2);

        AdvanceListener gone = () -> woken[0]++;
        assertThat(leader.partition.watchForReplica(gone, 1, 1, 1)).isTrue();
        leader.partition.unwatchForReplica(gone);
        leader.produce(Acks.LEADER, "b");
        assertThat(woken[0]).isEqualTo(2);
        assertThat(leader.partition.watchForReplica(gone, 2, 9, 9)).isFalse();
    }

    @Test
    void aReplicaReadsManyRecordsOrOneBatchHoweverLarge() {
        all(1, 1, 1, 1);
        leader.produce(Acks.LEADER, "a", "b", "c");
        leader.produce(Acks.LEADER, "d");

        assertThat(size(leader.partition.readForReplica(ask(1, 0, -1), 2, 1 << 20, true)))
                .isEqualTo(size(leader.partition.readForReplica(ask(1, 0, -1), 3, 1 << 20, true)));
        assertThat(size(leader.partition.readForReplica(ask(1, 0, -1), 2, 10, true))).isPositive();
        assertThat(size(leader.partition.readForReplica(ask(1, 0, -1), 2, 10, false))).isZero();
        assertThat(size(leader.partition.readForReplica(ask(1, 0, -1), 9, 1 << 20, true)))
                .isGreaterThan(
                        size(leader.partition.readForReplica(ask(1, 0, -1), 3, 1 << 20, true)));
    }

    private static int size(PartitionFetched read) {
        return Node.bytes(read.records()).remaining();
    }

    @Test
    void aFollowerThatHasCaughtUpIsProposedAndOneThatStoppedIsDemoted() {
        all(1, 1, 1, 1);
        second.catchUpWith(leader);
        assertThat(leader.proposals).hasSize(1);
        assertThat(leader.proposals.removeFirst().isr())
                .containsExactly(new IsrMember(1, 10), new IsrMember(2, 20));

        all(1, 2, 1, 1, 2);
        for (int i = 0; i < 7; i++) {
            time.pass(500);
            leader.partition.tick();
        }

        assertThat(leader.proposals).hasSize(1);
        assertThat(leader.proposals.getFirst().isr()).containsExactly(new IsrMember(1, 10));
        assertThat(leader.proposals.getFirst().partitionEpoch()).isEqualTo(2);
    }
}
