package io.mlog.groups.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlog.groups.GroupsConfig;
import io.mlog.groups.OffsetsTopic;
import io.mlog.model.ErrorCode;
import io.mlog.model.TopicId;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What Kafka's coordinator expects of whoever embeds it, and does not say: decision 25 lists it.
 * Each of these fails when its rule is broken.
 */
final class CoordinatorTrapsTest {
    private static final String GROUP = "g";
    private static final int PARTITION = OffsetsTopic.partitionFor(GROUP);

    private final GroupsBroker broker = GroupsBroker.leading();
    private final MemoryLog log = broker.logs.of(GROUP);

    @AfterEach
    void close() {
        broker.close();
    }

    private void commit(long offset) {
        GroupsBroker.await(broker.commit(GROUP, "orders", 0, offset));
    }

    private ErrorCode refusedCommit(long offset) {
        return GroupsBroker.refusal(broker.commit(GROUP, "orders", 0, offset));
    }

    private long committed() {
        return broker.committed(GROUP, "orders", 0);
    }

    /** Until a call is answered: the coordinator reloads by itself, and refuses meanwhile. */
    private void commitOnceItWorks(long offset) {
        while (refusedCommit(offset) != ErrorCode.NONE) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    private GroupsBroker second() {
        GroupsBroker second = new GroupsBroker(broker.logs, GroupsConfig.DEFAULTS);
        second.topic("orders", 4);
        return second;
    }

    @Test
    void electionBeforeTheTopicsAreKnownIsOurMistake() {
        try (GroupsBroker early = new GroupsBroker(new MemoryLogs(), GroupsConfig.DEFAULTS)) {
            assertThatThrownBy(() -> early.groups.becomeLeader(3, 1))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("leader of __consumer_offsets-3 without any metadata");
        }
    }

    /** A coordinator that were elected first would take everything away from its members. */
    @Test
    void topicsAreKnownBeforeTheElectionSoThatMembersKeepWhatTheyHave() {
        try (GroupsBroker first = new GroupsBroker(new MemoryLogs(), GroupsConfig.DEFAULTS);
                GroupsBroker next = new GroupsBroker(first.logs, GroupsConfig.DEFAULTS)) {
            TopicId orders = first.topic("orders", 10);
            first.lead(1);
            ConsumerMember member = new ConsumerMember(first, GROUP, "a", orders);
            member.heartbeat();
            assertThat(member.owned()).hasSize(10);
            int epoch = member.epoch();
            first.resign(2);
            next.topic("orders", orders, 10);
            next.lead(2);
            ConsumerMember moved = member.at(next);
            assertThat(moved.heartbeat().errorCode()).isZero();
            next.time.advance(5_000);
            moved.heartbeat();
            assertThat(moved.epoch()).isEqualTo(epoch);
            assertThat(moved.owned()).hasSize(10);
        }
    }

    @Test
    void foreignRecordsMakeItReadTheLogAgain() {
        commit(1);
        log.append(1, log.read(0, 1)); // somebody else writes the first batch once more
        assertThat(refusedCommit(2)).isEqualTo(ErrorCode.NOT_COORDINATOR);
        commitOnceItWorks(3);
        assertThat(committed()).isEqualTo(3);
    }

    @Test
    void stateOfAnEarlierLeadershipIsNeverWrittenUnderTheNextOne() {
        commit(1);
        log.lead(3); // lost to epoch 2 and won back, and the coordinator does not know yet
        assertThat(refusedCommit(2)).isEqualTo(ErrorCode.NOT_COORDINATOR);
        assertThat(log.epochs()).containsOnly(1);
        broker.groups.becomeLeader(PARTITION, 3);
        broker.awaitLoaded(GROUP);
        commit(4);
        assertThat(log.epochs()).containsOnly(1, 3);
        assertThat(committed()).isEqualTo(4);
    }

    @Test
    void sameLeaderInAHigherEpochLoadsAgain() {
        commit(1);
        log.lead(2);
        broker.groups.becomeLeader(PARTITION, 2);
        broker.awaitLoaded(GROUP);
        commit(2);
        assertThat(log.epochs()).endsWith(2);
    }

    @Test
    void listenerEndsWithItsLeadership() {
        commit(1);
        assertThat(log.listeners()).isEqualTo(1);
        broker.groups.stopLeading(PARTITION, OptionalInt.of(2));
        while (log.listeners() > 0) {
            LockSupport.parkNanos(1_000_000);
        }
        assertThat(refusedCommit(2)).isEqualTo(ErrorCode.NOT_COORDINATOR);
    }

    @Test
    void endOfAnOlderLeadershipEndsNothing() {
        broker.logs.lead(5);
        broker.groups.becomeLeader(PARTITION, 5);
        broker.awaitLoaded(GROUP);
        broker.groups.stopLeading(PARTITION, OptionalInt.of(4));
        commit(1);
        assertThat(committed()).isEqualTo(1);
    }

    @Test
    void endWithTheSameEpochIsHeard() {
        broker.groups.stopLeading(PARTITION, OptionalInt.of(1));
        assertThat(GroupsBroker.refusal(broker.groups.committed(GROUP)))
                .isEqualTo(ErrorCode.NOT_COORDINATOR);
    }

    /** The high watermark passes what was read while it is read, and then never moves again. */
    @Test
    void highWatermarkIsToldToACoordinatorThatWasLoaded() {
        commit(1);
        log.hold();
        long end = log.endOffset();
        CompletableFuture<Void> waiting = broker.commit(GROUP, "orders", 0, 2);
        log.awaitAppend(end);
        assertThat(committed()).isEqualTo(1);
        broker.resign(2);
        assertThat(GroupsBroker.refusal(waiting)).isEqualTo(ErrorCode.NOT_COORDINATOR);
        try (GroupsBroker next = second()) {
            log.beforeNextRead(log::commitAll);
            next.leadInSpiteOf(log, 2);
            while (next.committed(GROUP, "orders", 0) != 2) {
                LockSupport.parkNanos(1_000_000);
            }
        }
    }

    /** Else it would tell offsets that are older than what was acknowledged. */
    @Test
    void loadWaitsUntilWhatTheLeaderBeforeWroteIsCommitted() {
        commit(1);
        log.hold();
        long end = log.endOffset();
        broker.commit(GROUP, "orders", 0, 2);
        log.awaitAppend(end);
        broker.resign(2);
        AtomicLong atFirstRead = new AtomicLong();
        try (GroupsBroker next = second()) {
            log.beforeNextRead(() -> atFirstRead.set(log.highWatermark()));
            broker.logs.lead(2);
            log.commitAllAtLook(10);
            next.groups.becomeLeader(PARTITION, 2);
            next.awaitLoaded(GROUP);

            assertThat(atFirstRead).hasValue(log.endOffset());
            assertThat(next.committed(GROUP, "orders", 0)).isEqualTo(2);
        }
    }

    @Test
    void uncommittedTailIsLoadedAndToldAsItIsCommitted() {
        commit(1);
        log.hold();
        long second = log.endOffset();
        broker.commit(GROUP, "orders", 0, 2);
        log.awaitAppend(second);
        long third = log.endOffset();
        broker.commit(GROUP, "orders", 0, 3);
        log.awaitAppend(third);
        broker.resign(2);
        try (GroupsBroker next = second()) {
            next.leadInSpiteOf(log, 2);
            assertThat(next.committed(GROUP, "orders", 0)).isEqualTo(1);
            log.commit(third);
            while (next.committed(GROUP, "orders", 0) != 2) {
                LockSupport.parkNanos(1_000_000);
            }
            log.commitAll();
            while (next.committed(GROUP, "orders", 0) != 3) {
                LockSupport.parkNanos(1_000_000);
            }
        }
    }

    /** It waits until the offsets are deleted, which takes replicas. */
    @Test
    void deletedTopicDoesNotHoldUpWhoTellsIt() {
        broker.topic("payments", 1);
        GroupsBroker.await(broker.commit(GROUP, "payments", 0, 5));
        log.hold();
        long end = log.endOffset();
        broker.dropTopic("payments");
        log.awaitAppend(end);
        broker.topic("later", 1); // told while the deletion still waits
        log.commitAll();
        while (broker.committed(GROUP, "payments", 0) != -1) {
            LockSupport.parkNanos(1_000_000);
        }
        GroupsBroker.await(broker.commit(GROUP, "later", 0, 1));
    }

    @Test
    void loadStepsOverWhatCompactionRemovedAndOverUnknownRecords() {
        for (int offset = 1; offset <= 21; offset++) {
            commit(offset);
        }
        log.append(1, UnknownRecord.batch()); // at offset 21, which stays
        log.remove(base -> base % 3 != 0);
        try (GroupsBroker next = second()) {
            next.lead(2);
            long last = next.committed(GROUP, "orders", 0);
            assertThat(last).isEqualTo(19); // offset 18 of the log
            GroupsBroker.await(next.commit(GROUP, "orders", 0, 30));
            assertThat(next.committed(GROUP, "orders", 0)).isEqualTo(30);
        }
    }

    @Test
    void loadStepsOverEmptyBatches() {
        for (int offset = 1; offset <= 5; offset++) {
            commit(offset);
        }
        log.empty(base -> base != 2);
        try (GroupsBroker next = second()) {
            next.lead(2);
            assertThat(next.committed(GROUP, "orders", 0)).isEqualTo(3);
            GroupsBroker.await(next.commit(GROUP, "orders", 0, 9));
            assertThat(next.committed(GROUP, "orders", 0)).isEqualTo(9);
        }
    }

    /** The coordinator's own count has to start where the log ends. */
    @Test
    void loadOfALogThatCompactionEmptiedGoesOnAtItsEnd() {
        commit(1);
        commit(2);
        log.remove(base -> true);
        try (GroupsBroker next = second()) {
            next.lead(2);
            assertThat(next.committed(GROUP, "orders", 0)).isEqualTo(-1);
            GroupsBroker.await(next.commit(GROUP, "orders", 0, 3));
            assertThat(next.committed(GROUP, "orders", 0)).isEqualTo(3);
            assertThat(log.epochs()).containsExactly(2);
        }
    }

    @Test
    void gapRightBelowTheHighWatermarkIsNoEnd() {
        commit(1);
        commit(2);
        long gap = log.endOffset() - 1;
        log.hold();
        broker.commit(GROUP, "orders", 1, 7);
        log.awaitAppend(gap + 1);
        assertThat(committed()).isEqualTo(2);
        log.remove(base -> base == gap);
        broker.resign(2);
        try (GroupsBroker next = second()) {
            next.leadInSpiteOf(log, 2);
            assertThat(next.committed(GROUP, "orders", 0)).isEqualTo(1);
            assertThat(next.committed(GROUP, "orders", 1)).isEqualTo(-1);
            log.commitAll();
            while (next.committed(GROUP, "orders", 1) != 7) {
                LockSupport.parkNanos(1_000_000);
            }
        }
    }

    /** The runtime would put the state of the second load into service when the first one ends. */
    @Test
    void loadThatWasOvertakenDoesNotEndTheNextOne() throws InterruptedException {
        commit(1);
        broker.resign(2);
        try (GroupsBroker next = second()) {
            CountDownLatch reading = new CountDownLatch(1);
            CountDownLatch goOn = new CountDownLatch(1);
            log.beforeNextRead(() -> {
                reading.countDown();
                uninterruptibly(goOn);
            });
            log.lead(2);
            next.groups.becomeLeader(PARTITION, 2);
            reading.await();
            next.groups.stopLeading(PARTITION, OptionalInt.of(3));
            log.lead(4);
            next.groups.becomeLeader(PARTITION, 4);
            assertThat(GroupsBroker.refusal(next.groups.committed(GROUP)))
                    .isEqualTo(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS);
            goOn.countDown();
            next.awaitLoaded(GROUP);
            assertThat(next.committed(GROUP, "orders", 0)).isEqualTo(1);
            GroupsBroker.await(next.commit(GROUP, "orders", 0, 2));
            assertThat(log.epochs()).endsWith(4);
        }
    }

    static void uninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void refusedAppendLeavesNothingBehind() {
        commit(1);
        log.refuse(ErrorCode.NOT_ENOUGH_REPLICAS);
        assertThat(refusedCommit(2)).isEqualTo(ErrorCode.COORDINATOR_NOT_AVAILABLE);
        log.refuse(ErrorCode.STORAGE_ERROR);
        assertThat(refusedCommit(2)).isEqualTo(ErrorCode.NOT_COORDINATOR);
        log.refuse(null);
        assertThat(committed()).isEqualTo(1);
        commit(3);
        assertThat(committed()).isEqualTo(3);
    }

    @Test
    void appendThatTookPlaceAndWasDeniedIsFoundOut() {
        commit(1);
        log.loseNextAnswer();
        assertThat(refusedCommit(2)).isEqualTo(ErrorCode.NOT_COORDINATOR);
        assertThat(refusedCommit(3)).isEqualTo(ErrorCode.NOT_COORDINATOR);
        commitOnceItWorks(4);
        assertThat(committed()).isEqualTo(4);
    }

    @Test
    void writeThatIsNotReplicatedInTimeIsToldSo() {
        log.hold();
        CompletableFuture<Void> waiting = broker.commit(GROUP, "orders", 0, 1);
        assertThat(committed()).isEqualTo(-1);
        while (!waiting.isDone()) {
            broker.time.advance(1_000);
            LockSupport.parkNanos(1_000_000);
        }
        assertThat(GroupsBroker.refusal(waiting)).isEqualTo(ErrorCode.COORDINATOR_NOT_AVAILABLE);
    }
}
