package io.mlog.broker.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.core.replication.HighWatermark.Durability;
import io.mlog.core.replication.PartitionView;
import io.mlog.model.Acks;
import io.mlog.model.ErrorCode;
import io.mlog.model.OffsetAndEpoch;
import io.mlog.records.BatchHeader;
import io.mlog.services.PartitionFetched;
import io.mlog.storage.LogConfig;
import io.mlog.storage.fake.MemoryFileStore.Crash;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** R6, R10 and R11 on real logs: a partition that follows. */
class FollowingTest extends ThreeReplicas {
    // ---- copying

    @Test
    void copiesTheLeadersLogByteForByteWithItsEpochs() {
        lead(1, 1);
        produce(leader, "a", "b");
        lead(1, 2);
        produce(leader, "c");

        second.catchUpWith(leader);

        assertThat(second.log()).containsExactly("0=a", "1=b", "2=c");
        assertThat(Node.bytes(second.partition.log().read(0, 9999, 3, true)))
                .isEqualTo(Node.bytes(leader.partition.log().read(0, 9999, 3, true)));
        assertThat(second.partition.log().endOffsetOfEpoch(1)).isEqualTo(new OffsetAndEpoch(2, 1));
    }

    /** The third had copied more than its leader still has: it stands inside a gap. */
    @Test
    void copiesALogThatWasCompactedMeanwhile() {
        lead(1, 1);
        produce(leader, "a", "b", "c");
        third.fetchFrom(leader);
        third.flush();
        produce(leader, "d");
        lead(1, 2);
        produce(leader, "e", "f");
        second.catchUpWith(leader);
        leader.image(1, 2, 3, 1, 1);
        leader.compact();
        produce(leader, "g");
        assertThat(leader.log()).containsExactly("6=g");

        second.catchUpWith(leader);
        third.catchUpWith(leader);

        assertThat(second.log()).containsExactly("0=a", "1=b", "2=c", "3=d", "4=e", "5=f", "6=g");
        assertThat(third.log()).startsWith("0=a", "1=b", "2=c").endsWith("6=g");
        assertThat(third.partition.log().logEndOffset()).isEqualTo(7);
        for (int offset = 0; offset < 7; offset++) {
            assertThat(third.partition.log().epochForOffset(offset)).isEqualTo(offset < 4 ? 1 : 2);
        }
    }

    @Test
    void asksAgainOnlyWhenWhatItAppendedIsFlushed() {
        lead(1, 1);
        produce(leader, "a");
        second.fetchFrom(leader);
        int told = second.fetchable;
        assertThat(second.partition.position()).isEmpty();

        second.flush();

        assertThat(second.fetchable).isEqualTo(told + 1);
        assertThat(second.position().fetchOffset()).isEqualTo(1);
        assertThat(second.position().lastFetchedEpoch()).isEqualTo(1);
    }

    @Test
    void withOsDurabilityItAsksAgainAtOnce() {
        second.durability(Durability.OS);
        lead(1, 1);
        produce(leader, "a");

        second.fetchFrom(leader);

        assertThat(second.position().fetchOffset()).isEqualTo(1);
    }

    @Test
    void isToldToFetchWhenItBeginsToFollowAndForEachLeaderAndEpoch() {
        lead(1, 1);
        assertThat(second.fetchable).isOne();
        second.image(1, 1, 2, 1, 1, 2);
        assertThat(second.fetchable).isOne();
        assertThat(second.position().leaderId()).isOne();

        lead(3, 2);
        assertThat(second.fetchable).isEqualTo(2);
        assertThat(second.position().leaderId()).isEqualTo(3);
        assertThat(second.position().leaderEpoch()).isEqualTo(2);

        lead(PartitionView.NO_LEADER, 3);
        assertThat(second.partition.position()).isEmpty();
    }

    @Test
    void aTailNotFlushedBeforeItFollowsIsFlushedBeforeItAsks() {
        lead(1, 1);
        produce(leader, "a");
        second.fetchFrom(leader);
        second.wantFlush.clear();

        lead(3, 2);
        assertThat(second.partition.position()).isEmpty();

        assertThat(second.flush()).isTrue();
        assertThat(second.position().fetchOffset()).isEqualTo(1);
    }

    @Test
    void followsTheLeadersLogStart() {
        lead(1, 1);
        leader.config = new LogConfig(4096, 1 << 30, 100, 1 << 20);
        produce(leader, "a", "b", "c");
        second.catchUpWith(leader);
        third.catchUpWith(leader);
        leader.records.deleteRecords(Node.ORDERS, 2).join();
        produce(leader, "d");

        second.catchUpWith(leader);

        assertThat(second.partition.log().logStartOffset()).isEqualTo(2);
        assertThat(second.log()).containsExactly("2=c", "3=d");
    }

    @Test
    void itsHighWatermarkIsTheLeadersButNotBeyondItsOwnLog() {
        lead(1, 1);
        produce(leader, "a", "b");
        second.fetchFrom(leader);
        second.flush();
        assertThat(second.hw()).isZero();

        second.partition.received(second.position(), data(1, nothing()));
        assertThat(second.hw()).isEqualTo(1);
        second.partition.received(second.position(), data(9, nothing()));
        assertThat(second.hw()).isEqualTo(2);
        second.partition.received(second.position(), data(-1, nothing()));
        assertThat(second.hw()).isEqualTo(2);
    }

    // ---- R6: what it takes

    @Test
    void anAnswerFromAnotherLeaderOrEpochIsDropped() {
        lead(1, 1);
        produce(leader, "a");
        FetchPosition asked = second.position();
        ReplicaData late = second.answerOf(leader, asked);

        second.image(3, 2, 2, 1, 1, 2, 3);
        second.partition.received(asked, late);

        assertThat(second.logEnd()).isZero();
    }

    @Test
    void anAnswerToAnEarlierPositionIsDropped() {
        lead(1, 1);
        produce(leader, "a");
        FetchPosition asked = second.position();
        ReplicaData first = second.answerOf(leader, asked);
        produce(leader, "b");
        ReplicaData again = second.answerOf(leader, asked);
        second.partition.received(asked, first);
        second.flush();

        second.partition.received(asked, again);

        assertThat(second.log()).containsExactly("0=a");
        second.catchUpWith(leader);
        assertThat(second.log()).containsExactly("0=a", "1=b");
    }

    @Test
    void anAnswerIsDroppedOnceTheReplicaLeads() {
        lead(1, 1);
        produce(leader, "a");
        FetchPosition asked = second.position();
        ReplicaData late = second.answerOf(leader, asked);

        lead(2, 2);
        second.partition.received(asked, late);

        assertThat(second.logEnd()).isZero();
    }

    @Test
    void whatIsWrongInAnAnswerIsRefusedAndTheReplicaPauses() {
        lead(1, 1);
        produce(leader, "a", "b");
        FetchPosition asked = second.position();
        ReplicaData good = second.answerOf(leader, asked);
        ByteBuffer damaged = good.records();
        damaged.put(damaged.limit() - 1, (byte) 99);

        second.partition.received(asked, data(0, damaged));
        assertThat(second.log()).containsExactly("0=a");
        second.flush();
        assertThat(second.partition.position()).isEmpty();

        int told = second.fetchable;
        time.pass(1000);
        assertThat(second.fetchable).isEqualTo(told + 1);
        second.catchUpWith(leader);
        assertThat(second.log()).containsExactly("0=a", "1=b");
    }

    @Test
    void aBatchOfALaterEpochThanWasAskedIsRefused() {
        lead(1, 1);
        produce(leader, "a");
        FetchPosition asked = second.position();
        ReplicaData answer = second.answerOf(leader, asked);
        BatchHeader.assign(answer.records(), 0, 0, 2);

        second.partition.received(asked, answer);

        assertThat(second.logEnd()).isZero();
    }

    @Test
    void anErrorOfTheLeaderChangesNothing() {
        lead(1, 1);
        FetchPosition asked = second.position();

        second.partition.received(
                asked, new ReplicaData(ErrorCode.NOT_LEADER, 5, 5, Optional.empty(), nothing()));

        assertThat(second.position()).isEqualTo(asked);
        assertThat(second.hw()).isZero();
    }

    @Test
    void aFullDiskPausesTheReplicaUntilThereIsSpace() {
        lead(1, 1);
        produce(leader, "a");
        second.disk.faults().capacityBytes(0);
        second.fetchFrom(leader);
        assertThat(second.logEnd()).isZero();
        assertThat(second.partition.position()).isEmpty();

        second.disk.faults().capacityBytes(Long.MAX_VALUE);
        time.pass(1000);
        second.catchUpWith(leader);

        assertThat(second.log()).containsExactly("0=a");
    }

    @Test
    void aFailedDiskEndsTheReplica() {
        lead(1, 1);
        produce(leader, "a");
        second.disk.faults().failWrites(file -> true, 0);

        second.fetchFrom(leader);

        assertThat(second.partition.position()).isEmpty();
        assertThat(second.partition.status().online()).isFalse();
    }

    // ---- R11: producers

    @Test
    void aDuplicateIsKnownByTheNextLeader() {
        lead(1, 1);
        leader.produce(Acks.LEADER, PartitionFixture.batch(9, 0, 0, "a", "b"));
        leader.answer();
        leader.flush();
        second.catchUpWith(leader);
        third.catchUpWith(leader);

        lead(2, 2);
        second.produce(Acks.ALL, PartitionFixture.batch(9, 0, 0, "a", "b"));
        assertThat(second.produced).isEmpty();
        leader.catchUpWith(second);
        third.catchUpWith(second);

        assertThat(second.answer().baseOffset()).isZero();
        assertThat(second.logEnd()).isEqualTo(2);
        second.produce(Acks.LEADER, PartitionFixture.batch(9, 0, 2, "c"));
        assertThat(second.answer().baseOffset()).isEqualTo(2);
    }

    @Test
    void aSequenceThatWasCutIsTakenAgain() {
        lead(1, 1);
        leader.produce(Acks.LEADER, PartitionFixture.batch(9, 0, 0, "a"));
        leader.answer();
        leader.flush();
        second.catchUpWith(leader);
        third.catchUpWith(leader);
        lead(2, 2);
        second.produce(Acks.LEADER, PartitionFixture.batch(9, 0, 1, "lost"));
        second.answer();
        second.flush();
        lead(1, 3);
        leader.produce(Acks.LEADER, PartitionFixture.batch(9, 0, 1, "b"));
        assertThat(leader.answer().baseOffset()).isEqualTo(1);
        leader.flush();
        second.catchUpWith(leader);
        third.catchUpWith(leader);
        assertThat(second.log()).containsExactly("0=a", "1=b");

        lead(2, 4);
        second.produce(Acks.LEADER, PartitionFixture.batch(9, 0, 2, "c"));

        assertThat(second.answer().baseOffset()).isEqualTo(2);
    }

    // ---- reading from a follower

    @Test
    void aFollowerServesItsOwnCopyBelowItsHighWatermarkWhenItMay() {
        lead(1, 1);
        produce(leader, "a");
        second.catchUpWith(leader);
        third.catchUpWith(leader);
        second.catchUpWith(leader);
        produce(leader, "b");
        second.fetchFrom(leader);

        assertThat(second.consume(0, false).error()).isEqualTo(ErrorCode.NOT_LEADER);
        PartitionFetched read = second.consume(0, true);
        assertThat(read.error()).isEqualTo(ErrorCode.NONE);
        assertThat(BatchHeader.lastOffset(Node.bytes(read.records()), 0)).isZero();
        assertThat(second.consume(1, true).records().sizeBytes()).isZero();
    }

    @Test
    void aFollowerSendsAConsumerOnThatAsksForWhatItDoesNotHave() {
        lead(1, 1);
        produce(leader, "a", "b", "c");
        second.catchUpWith(leader);
        third.catchUpWith(leader);
        leader.records.deleteRecords(Node.ORDERS, 1).join();
        second.catchUpWith(leader);

        assertThat(second.consume(0, true).error()).isEqualTo(ErrorCode.NOT_LEADER);
        assertThat(second.consume(4, true).error()).isEqualTo(ErrorCode.OFFSET_NOT_AVAILABLE);
    }

    @Test
    void aWaitingConsumerOfAFollowerIsWokenByItsHighWatermark() {
        lead(1, 1);
        second.consumeLater(0, true, 10_000);
        produce(leader, "a");
        second.fetchFrom(leader);
        second.flush();
        assertThat(second.fetched).isEmpty();
        third.catchUpWith(leader);

        second.catchUpWith(leader);

        assertThat(second.fetched).hasSize(1);
        assertThat(second.fetched.getFirst().highWatermark()).isEqualTo(1);
    }

    @Test
    void aRestartedFollowerTellsNoHighWatermarkBeforeItHasReachedTheLeaders() {
        lead(1, 1);
        produce(leader, "a", "b");
        second.catchUpWith(leader);
        third.catchUpWith(leader);
        second.catchUpWith(leader);
        assertThat(second.consume(2, true).highWatermark()).isEqualTo(2);
        second.checkpoint();

        second.crash(Crash.POWER);
        second.partition.apply(
                new PartitionView(
                        1,
                        1,
                        2,
                        List.of(1, 2, 3),
                        List.of(1, 3),
                        1,
                        java.util.Map.of(1, 10L, 2, second.boot, 3, 30L)));
        assertThat(second.consume(2, true).highWatermark()).isEqualTo(-1);
        assertThat(Node.bytes(second.consume(0, true).records()).hasRemaining()).isTrue();

        second.fetchFrom(leader);
        assertThat(second.consume(2, true).highWatermark()).isEqualTo(2);
    }
}
