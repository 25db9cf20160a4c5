package io.mlog.broker.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.core.replication.HighWatermark.Durability;
import io.mlog.core.replication.PartitionView;
import io.mlog.model.Acks;
import io.mlog.model.ErrorCode;
import io.mlog.services.PartitionProduced;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * R1, R2, R7 and R8 on a real log: a partition that leads and acknowledges, until it is deposed.
 */
class LeadingTest extends ThreeReplicas {
    // ---- acknowledging

    @Test
    void acksAllIsAnsweredWhenEveryInSyncReplicaHasFlushedAndNotBefore() {
        all(1, 1, 2, 1, 2, 3);
        leader.produce(Acks.ALL, "a");
        leader.flush();
        second.catchUpWith(leader);
        assertThat(leader.produced).isEmpty();

        third.fetchFrom(leader);
        assertThat(third.partition.position()).isEmpty();
        assertThat(leader.produced).isEmpty();

        third.flush();
        assertThat(leader.produced).isEmpty();
        third.fetchFrom(leader);
        assertThat(leader.answer().lastOffset()).isZero();
        assertThat(leader.hw()).isEqualTo(1);
    }

    @Test
    void followersThatAreAheadOfTheLeadersOwnFlushDoNotCommit() {
        all(1, 1, 2, 1, 2, 3);
        leader.produce(Acks.ALL, "a");
        second.catchUpWith(leader);
        third.catchUpWith(leader);
        assertThat(leader.hw()).isZero();

        leader.flush();

        assertThat(leader.answer().error()).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void withOsDurabilityNobodyWaitsForAFlush() {
        for (Node each : List.of(leader, second, third)) {
            each.durability(Durability.OS);
        }
        all(1, 1, 2, 1, 2, 3);
        leader.produce(Acks.ALL, "a");

        for (Node follower : List.of(second, third)) {
            follower.fetchFrom(leader);
            follower.fetchFrom(leader);
        }

        assertThat(leader.answer().error()).isEqualTo(ErrorCode.NONE);
        assertThat(leader.wantFlush).isEmpty();
    }

    @Test
    void belowTheMinIsrAcksAllIsRefusedBeforeItIsAppendedAndAcksLeaderIsTaken() {
        all(1, 1, 2, 1);

        leader.produce(Acks.ALL, "a");
        PartitionProduced refused = leader.answer();
        assertThat(refused.error()).isEqualTo(ErrorCode.NOT_ENOUGH_REPLICAS);
        assertThat(refused.message()).contains("1 in-sync replicas [1]", "acks=all needs 2");
        assertThat(leader.logEnd()).isZero();

        leader.produce(Acks.LEADER, "b");
        assertThat(leader.answer().baseOffset()).isZero();
        leader.flush();
        assertThat(leader.hw()).isZero();
    }

    @Test
    void whatWasAppendedBeforeTheIsrFellBelowItsMinimumIsToldSoWhenItsTimeIsUp() {
        all(1, 1, 2, 1, 2, 3);
        leader.produce(Acks.ALL, "a");
        leader.flush();
        leader.image(1, 1, 2, 2, 1);
        assertThat(leader.hw()).isZero();

        time.pass(5000);

        PartitionProduced late = leader.answer();
        assertThat(late.error()).isEqualTo(ErrorCode.NOT_ENOUGH_REPLICAS_AFTER_APPEND);
        assertThat(late.message()).contains("high watermark 0", "log end 1", "needs 2");
    }

    @Test
    void anAcksAllThatTimesOutSaysHowFarItGot() {
        all(1, 1, 2, 1, 2, 3);
        leader.produce(Acks.ALL, "a");
        leader.flush();

        time.pass(5000);

        PartitionProduced late = leader.answer();
        assertThat(late.error()).isEqualTo(ErrorCode.REQUEST_TIMED_OUT);
        assertThat(late.message()).contains("high watermark 0", "log end 1");
    }

    @Test
    void aDuplicateIsAnsweredWithItsOldOffsetOnlyWhenTheHighWatermarkPassesIt() {
        all(1, 1, 2, 1, 2, 3);
        leader.produce(Acks.LEADER, PartitionFixture.batch(9, 0, 0, "a", "b"));
        leader.answer();
        leader.flush();
        leader.produce(Acks.ALL, PartitionFixture.batch(9, 0, 0, "a", "b"));
        assertThat(leader.produced).isEmpty();

        second.catchUpWith(leader);
        third.catchUpWith(leader);

        assertThat(leader.answer().baseOffset()).isZero();
        assertThat(leader.logEnd()).isEqualTo(2);
    }

    // ---- being deposed

    @Test
    void aDeposedLeaderAnswersWhoeverWaitsAtOnceAndNamesTheNewOne() {
        all(1, 1, 2, 1, 2, 3);
        leader.produce(Acks.ALL, "a");
        leader.consumeLater(0, false, 10_000);
        boolean[] woken = {false};
        leader.partition.watchForReplica(() -> woken[0] = true, 1, 1, 0);

        leader.image(2, 2, 2, 2, 2, 3);

        PartitionProduced refused = leader.answer();
        assertThat(refused.error()).isEqualTo(ErrorCode.NOT_LEADER);
        assertThat(refused.message()).contains("broker 2 does", "leader epoch 2");
        assertThat(leader.fetched)
                .singleElement()
                .matches(it -> it.error() == ErrorCode.NOT_LEADER);
        assertThat(woken[0]).isTrue();
    }

    @Test
    void aDeposedLeaderTakesNothingMore() {
        all(1, 1, 1, 1);
        leader.image(PartitionView.NO_LEADER, 2, 2, 1, 1);

        leader.produce(Acks.LEADER, "a");

        assertThat(leader.answer().error()).isEqualTo(ErrorCode.NOT_LEADER);
        assertThat(leader.logEnd()).isZero();
        assertThat(leader.consume(0, false).error()).isEqualTo(ErrorCode.NOT_LEADER);
    }

    @Test
    void aLeaderThatLeadsOnInAHigherEpochKeepsWhoWaitsAndStampsTheNewEpoch() {
        all(1, 1, 2, 1, 2, 3);
        leader.produce(Acks.ALL, "a");
        leader.flush();

        all(2, 2, 2, 1, 2, 3);
        leader.produce(Acks.LEADER, "b");
        assertThat(leader.answer().baseOffset()).isEqualTo(1);
        assertThat(leader.partition.log().epochForOffset(0)).isEqualTo(1);
        assertThat(leader.partition.log().epochForOffset(1)).isEqualTo(2);

        second.catchUpWith(leader);
        third.catchUpWith(leader);
        assertThat(leader.answer().baseOffset()).isZero();
    }

    @Test
    void anImageOlderThanTheLastIsNotObeyed() {
        all(3, 5, 1, 1, 2, 3);

        leader.image(2, 2, 4, 1, 1, 2, 3);
        leader.image(1, 3, 4, 1, 1);

        leader.produce(Acks.LEADER, "a");
        assertThat(leader.answer().error()).isEqualTo(ErrorCode.NONE);
        leader.flush();
        assertThat(leader.hw()).isZero();
    }
}
