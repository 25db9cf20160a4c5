package io.mlog.broker.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.model.Acks;
import io.mlog.model.ErrorCode;
import io.mlog.model.OffsetAndEpoch;
import io.mlog.records.BatchHeader;
import io.mlog.storage.fake.MemoryFileStore.Crash;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** R5 on real logs: where a follower cuts its log, and where it begins anew. */
class CuttingTest extends ThreeReplicas {
    @Test
    void cutsWhereTheLogsPartAndNotAtTheHighWatermark() {
        secondHasATailOfItsOwn();
        assertThat(second.hw()).isLessThan(2);
        lead(1, 3);
        produce(leader, "c");

        second.catchUpWith(leader);

        assertThat(second.log()).containsExactly("0=a", "1=b", "2=c");
        assertThat(second.partition.log().endOffsetOfEpoch(2)).isEqualTo(new OffsetAndEpoch(2, 1));
    }

    @Test
    void keepsWhatIsCommittedThoughItsOwnHighWatermarkIsLower() {
        lead(1, 1);
        produce(leader, "a");
        second.catchUpWith(leader);
        third.catchUpWith(leader);
        produce(leader, "b");
        second.fetchFrom(leader);
        second.flush();
        third.fetchFrom(leader);
        third.flush();
        assertThat(second.hw()).isLessThan(2);

        lead(3, 2);
        second.catchUpWith(third);

        assertThat(second.log()).containsExactly("0=a", "1=b");
    }

    @Test
    void aCutIsDurableBeforeItAsksAgain() {
        secondHasATailOfItsOwn();
        second.checkpoint();
        lead(1, 3);

        second.fetchFrom(leader);
        assertThat(second.position().fetchOffset()).isEqualTo(2);
        second.crash(Crash.POWER);

        assertThat(second.promised()).isLessThanOrEqualTo(2);
        assertThat(second.log()).contains("0=a", "1=b");
    }

    @Test
    void aFlushThatBeganBeforeACutDoesNotCountAfterIt() {
        secondHasATailOfItsOwn();
        lead(1, 3);
        produce(leader, "c");
        second.fetchFrom(leader);
        second.fetchFrom(leader);
        assertThat(second.logEnd()).isEqualTo(3);

        assertThat(second.partition.log().flushedOffset()).isEqualTo(2);
        assertThat(second.partition.position()).isEmpty();
        second.flush();
        assertThat(second.position().fetchOffset()).isEqualTo(3);
    }

    @Test
    void beginsAnewWhereTheLeadersLogStartsWhenTheLeaderCannotCompare() {
        lead(1, 1);
        produce(leader, "a", "b", "c");
        deleteOnLeader(2);

        try (Node fresh = fresh()) {
            assertThat(fresh.fetchFrom(leader)).isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE);
            assertThat(fresh.position().fetchOffset()).isEqualTo(2);
            assertThat(fresh.position().lastFetchedEpoch()).isEqualTo(-1);
            assertThat(fresh.hw()).isEqualTo(2);
            fresh.catchUpWith(leader);
            assertThat(fresh.log()).containsExactly("2=c");
            assertThat(fresh.hw()).isEqualTo(3);
        }
    }

    @Test
    void copiesABatchOfWhichTheLeaderHasDeletedTheFirstRecords() {
        lead(1, 1);
        produceInOneBatch("a", "b", "c");
        produce(leader, "d");
        deleteOnLeader(2);

        try (Node fresh = fresh()) {
            assertThat(fresh.fetchFrom(leader)).isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE);
            assertThat(fresh.position().fetchOffset()).isEqualTo(2);
            fresh.catchUpWith(leader);

            assertThat(fresh.partition.log().logStartOffset()).isEqualTo(2);
            assertThat(fresh.logEnd()).isEqualTo(4);
            assertThat(fresh.log()).isEqualTo(leader.log());
            assertThat(fresh.hw()).isEqualTo(4);
        }
    }

    @Test
    void aBatchForWhichTheLogBeginsAnewIsDroppedWhenTheReplicaStopsMeanwhile() {
        lead(1, 1);
        produceInOneBatch("a", "b", "c");
        deleteOnLeader(2);

        try (Node fresh = fresh()) {
            fresh.fetchFrom(leader);
            FetchPosition asked = fresh.position();
            ReplicaData answer = fresh.answerOf(leader, asked);
            fresh.disk
                    .faults()
                    .duringForce(() -> fresh.partition.stop(ErrorCode.NOT_READY, "stopping"));

            fresh.partition.received(asked, answer);

            assertThat(fresh.logEnd()).isZero();
        }
    }

    private Node fresh() {
        Node fresh = new Node(3, time);
        fresh.image(1, 1, 1, 1, 1, 2, 3);
        return fresh;
    }

    private void produceInOneBatch(String... values) {
        leader.produce(Acks.LEADER, values);
        assertThat(leader.answer().error()).isEqualTo(ErrorCode.NONE);
        leader.flush();
    }

    private void deleteOnLeader(long beforeOffset) {
        second.catchUpWith(leader);
        third.catchUpWith(leader);
        leader.records.deleteRecords(Node.ORDERS, beforeOffset).join();
    }

    @Test
    void aBatchThatBeginsBelowIsRefusedByALogThatIsNotEmpty() {
        lead(1, 1);
        produce(leader, "a");
        second.catchUpWith(leader);
        ByteBuffer batch = PartitionFixture.batch("x", "y", "z");
        BatchHeader.assign(batch, 0, 0, 1);

        second.partition.received(second.position(), data(3, batch));

        assertThat(second.logEnd()).isEqualTo(1);
        assertThat(second.log()).containsExactly("0=a");
        assertThat(second.partition.position()).isEmpty();
    }

    @Test
    void whileTheLogIsCutTheRoleStaysAndNobodyElseIsHeldUp() throws Exception {
        secondHasATailOfItsOwn();
        lead(1, 3);
        FetchPosition asked = second.position();
        ReplicaData divergence = second.answerOf(leader, asked);
        CountDownLatch cutting = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        second.disk
                .faults()
                .duringForce(() -> {
                    cutting.countDown();
                    await(goOn);
                });
        CompletableFuture<Void> cut =
                CompletableFuture.runAsync(() -> second.partition.received(asked, divergence));
        cutting.await();

        CompletableFuture<Void> role = CompletableFuture.runAsync(() -> lead(2, 4));
        assertThat(second.partition.position()).isEmpty();
        assertThat(second.partition.watch(() -> {}, second.partition.changes())).isTrue();
        second.partition.received(asked, divergence);
        assertThat(second.partition.leaderEpoch()).isEqualTo(3);

        goOn.countDown();
        cut.get();
        role.get();
        assertThat(second.logEnd()).isEqualTo(2);
        assertThat(second.partition.leaderEpoch()).isEqualTo(4);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
