package io.mlog.broker.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlog.core.replication.HighWatermark.Durability;
import io.mlog.core.replication.IsrMember;
import io.mlog.core.replication.IsrProposal;
import io.mlog.core.replication.PartitionView;
import io.mlog.model.Acks;
import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import io.mlog.model.TopicIdPartition;
import io.mlog.services.OffsetFound;
import io.mlog.services.OffsetWanted;
import io.mlog.services.PartitionFetched;
import io.mlog.services.PartitionProduced;
import io.mlog.services.ReplicaAsk;
import io.mlog.services.ReplicaIdentity;
import io.mlog.storage.fake.MemoryFileStore.Crash;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** R1, R2, R7, R8 and R12 on a real log: a partition that leads. */
class LeadingTest {
    private final ManualTimer time = new ManualTimer();
    private final Node leader = new Node(1, time);
    private final Node second = new Node(2, time);
    private final Node third = new Node(3, time);

    @AfterEach
    void close() {
        leader.close();
        second.close();
        third.close();
    }

    private void all(int epoch, int partitionEpoch, int minIsr, Integer... isr) {
        for (Node each : List.of(leader, second, third)) {
            each.image(1, epoch, partitionEpoch, minIsr, isr);
        }
    }

    private static ReplicaAsk ask(int epoch, long offset, int lastEpoch) {
        return new ReplicaAsk(
                new TopicIdPartition(Node.ORDERS_ID, 0), epoch, offset, lastEpoch, 0, 1 << 20);
    }

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
    void aLeaderWhoseDiskFailsHandsOverToTheOthersInSyncUntilAnotherLeads() {
        all(1, 1, 2, 1, 2, 3);
        leader.disk.faults().failForces(file -> true);
        leader.produce(Acks.ALL, "a");
        leader.flush();

        assertThat(leader.answer().error()).isEqualTo(ErrorCode.STORAGE_ERROR);
        IsrProposal handOver =
                new IsrProposal(1, 1, List.of(new IsrMember(2, 20), new IsrMember(3, 30)));
        assertThat(leader.proposals).containsExactly(handOver);

        leader.partition.tick();
        assertThat(leader.proposals).as("repeated").containsExactly(handOver, handOver);
        leader.image(1, 1, 2, 2, 1, 3);
        leader.partition.tick();
        assertThat(leader.proposals.getLast())
                .as("on the newest image")
                .isEqualTo(new IsrProposal(1, 2, List.of(new IsrMember(3, 30))));
        leader.image(3, 2, 3, 2, 3);
        leader.proposals.clear();
        leader.partition.tick();
        assertThat(leader.proposals).isEmpty();
    }

    @Test
    void aDamagedLeaderHandsOverAndCopiesEverythingAnew() {
        all(1, 1, 2, 1, 2, 3);
        for (String value : List.of("a", "b", "c")) {
            leader.produce(Acks.ALL, value);
            leader.flush();
            second.catchUpWith(leader);
            third.catchUpWith(leader);
            assertThat(leader.answer().error()).isEqualTo(ErrorCode.NONE);
        }
        leader.damage();

        leader.partition.tick();
        assertThat(leader.proposals)
                .containsExactly(
                        new IsrProposal(1, 1, List.of(new IsrMember(2, 20), new IsrMember(3, 30))));
        for (Node each : List.of(leader, second, third)) {
            each.image(2, 2, 2, 2, 2, 3);
        }
        assertThat(leader.partition.position().orElseThrow().fetchOffset()).isZero();
        leader.catchUpWith(second);

        assertThat(leader.partition.log().isDamaged()).isFalse();
        assertThat(leader.log()).containsExactly("0=a", "1=b", "2=c");
    }

    @Test
    void aDamagedReplicaThatIsInSyncIsKept() {
        all(1, 1, 2, 1, 2, 3);
        leader.produce(Acks.ALL, "a");
        leader.flush();
        second.catchUpWith(leader);
        third.catchUpWith(leader);
        third.damage();

        third.image(2, 2, 2, 2, 2, 3);

        assertThat(third.partition.position().orElseThrow().fetchOffset()).isEqualTo(1);
    }

    @Test
    void aLeaderWhoseDiskFailsAndWhoIsAloneInSyncStays() {
        all(1, 1, 1, 1);
        leader.disk.faults().failForces(file -> true);
        leader.produce(Acks.ALL, "a");
        leader.flush();
        leader.partition.tick();

        assertThat(leader.answer().error()).isEqualTo(ErrorCode.STORAGE_ERROR);
        assertThat(leader.proposals).isEmpty();
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

    // ---- followers

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

    // ---- after an election

    @Test
    void untilTheHighWatermarkReachesTheEpochsStartItIsToldToNobody() {
        all(1, 1, 2, 1, 2, 3);
        leader.produce(Acks.ALL, "a");
        leader.flush();
        second.catchUpWith(leader);
        third.catchUpWith(leader);
        leader.produce(Acks.LEADER, "b");
        second.catchUpWith(leader);
        assertThat(second.hw()).isEqualTo(1);

        second.image(2, 2, 2, 2, 2, 3);
        third.image(2, 2, 2, 2, 2, 3);

        assertThat(second.hw()).isEqualTo(1);
        assertThat(latestOf(second)).isEqualTo(ErrorCode.OFFSET_NOT_AVAILABLE);
        PartitionFetched beyond = second.consume(2, false);
        assertThat(beyond.error()).isEqualTo(ErrorCode.NONE);
        assertThat(beyond.records().sizeBytes()).isZero();
        assertThat(beyond.highWatermark()).isEqualTo(-1);
        assertThat(Node.bytes(second.consume(0, false).records()).hasRemaining()).isTrue();
        assertThat(second.consume(3, false).error()).isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE);

        third.catchUpWith(second);
        assertThat(second.hw()).isEqualTo(2);
        assertThat(second.consume(2, false).highWatermark()).isEqualTo(2);
        assertThat(second.records.findOffset(Node.ORDERS, new OffsetWanted.Latest()).join())
                .isEqualTo(new OffsetFound(2, -1, 2));
    }

    private static ErrorCode latestOf(Node node) {
        try {
            node.records.findOffset(Node.ORDERS, new OffsetWanted.Latest()).join();
            return ErrorCode.NONE;
        } catch (CompletionException failure) {
            if (failure.getCause() instanceof MlogException refusal) {
                return refusal.code();
            }
            throw failure;
        }
    }

    @Test
    void onlyTheLeaderSaysWhereTheLogEndsAnyReplicaWhereItBegins() {
        all(1, 1, 1, 1, 2);

        assertThat(latestOf(leader)).isEqualTo(ErrorCode.NONE);
        assertThat(latestOf(second)).isEqualTo(ErrorCode.NOT_LEADER);
        assertThat(
                        second.records
                                .findOffset(Node.ORDERS, new OffsetWanted.Earliest())
                                .join()
                                .offset())
                .isZero();
        assertThatThrownBy(() ->
                        second.records
                                .findOffset(Node.ORDERS, new OffsetWanted.AtOrAfter(1))
                                .join())
                .hasMessageContaining("does not lead");
        assertThatThrownBy(() -> second.records.deleteRecords(Node.ORDERS, -1).join())
                .hasMessageContaining("does not lead");
    }

    @Test
    void aNewLeaderFlushesWhatItHadNotBeforeThatCounts() {
        all(1, 1, 1, 1, 2);
        leader.produce(Acks.LEADER, "a");
        second.fetchFrom(leader);
        second.wantFlush.clear();

        second.image(2, 2, 2, 1, 2);

        assertThat(second.hw()).isZero();
        assertThat(second.flush()).isTrue();
        assertThat(second.hw()).isOne();
    }

    @Test
    void theHighWatermarkSurvivesARestartAndIsNeverServedLower() {
        all(1, 1, 2, 1, 2, 3);
        leader.produce(Acks.ALL, "a");
        leader.flush();
        second.catchUpWith(leader);
        third.catchUpWith(leader);
        leader.checkpoint();
        leader.produce(Acks.ALL, "b");
        leader.flush();
        second.catchUpWith(leader);
        third.catchUpWith(leader);
        assertThat(leader.hw()).isEqualTo(2);

        leader.crash(Crash.POWER);
        assertThat(leader.hw()).isEqualTo(1);
        assertThat(leader.promised()).isEqualTo(1);
        PartitionView restarted =
                new PartitionView(
                        1,
                        2,
                        2,
                        List.of(1, 2, 3),
                        List.of(1, 2, 3),
                        2,
                        Map.of(1, leader.boot, 2, 20L, 3, 30L));
        leader.partition.apply(restarted);
        second.partition.apply(restarted);
        third.partition.apply(restarted);

        assertThat(latestOf(leader)).isEqualTo(ErrorCode.OFFSET_NOT_AVAILABLE);
        assertThat(leader.consume(2, false).error()).isEqualTo(ErrorCode.NONE);
        second.catchUpWith(leader);
        third.catchUpWith(leader);
        assertThat(leader.consume(2, false).highWatermark()).isEqualTo(2);
    }
}
