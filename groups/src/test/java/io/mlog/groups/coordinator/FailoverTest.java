package io.mlog.groups.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.groups.GroupsConfig;
import io.mlog.model.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** A coordinator ends, or another broker takes over. */
final class FailoverTest {
    @Test
    void runningGenerationAndOffsetsSurviveTheMove() {
        try (GroupsBroker first = GroupsBroker.leading();
                GroupsBroker second = new GroupsBroker(first.logs, GroupsConfig.DEFAULTS)) {
            second.topic("orders", 4);
            ClassicMember member = new ClassicMember(first, "shop").alone();
            assertThat(member.commit(0, 5)).isEqualTo(Errors.NONE);
            first.resign(2);
            second.lead(2);
            assertThat(GroupsBroker.refusal(first.groups.committed("shop")))
                    .isEqualTo(ErrorCode.NOT_COORDINATOR);

            ClassicMember moved = member.at(second);
            assertThat(moved.heartbeat()).isEqualTo(Errors.NONE);
            assertThat(second.committed("shop", "orders", 0)).isEqualTo(5);
            assertThat(moved.commit(0, 6)).isEqualTo(Errors.NONE);
            assertThat(ClassicMember.partitions(GroupsBroker.await(moved.sync())))
                    .containsExactly(0, 1, 2, 3);
            second.resign(3);
            first.lead(3);
            assertThat(first.committed("shop", "orders", 0)).isEqualTo(6);
            assertThat(GroupsBroker.await(first.groups.describe("shop")).orElseThrow().epoch())
                    .isEqualTo(member.generation());
        }
    }

    @Test
    void whoWaitsIsToldWhenTheCoordinatorEnds() {
        GroupsBroker broker = GroupsBroker.leading();
        new ClassicMember(broker, "shop").alone();
        ClassicMember second = new ClassicMember(broker, "shop");
        CompletableFuture<JoinGroupResponseData> joins = second.joinWithId();
        broker.logs.of("g").hold();
        CompletableFuture<Void> commit = broker.commit("g", "orders", 0, 1);
        GroupsBroker.await(broker.groups.committed("g"));
        broker.close();
        assertThat(Errors.forCode(GroupsBroker.await(joins).errorCode()))
                .isEqualTo(Errors.NOT_COORDINATOR);
        assertThat(GroupsBroker.refusal(commit)).isEqualTo(ErrorCode.NOT_COORDINATOR);
        assertThat(GroupsBroker.refusal(broker.commit("g", "orders", 0, 2)))
                .isEqualTo(ErrorCode.COORDINATOR_NOT_AVAILABLE);
        broker.topic("later", 1); // told to an ended coordinator, which is nobody's mistake
        broker.groups.becomeLeader(0, 9);
    }

    /**
     * Kafka's runtime answers what it did not get to with an error that consumers take for a bug.
     */
    @Test
    void whatIsQueuedWhenTheCoordinatorEndsIsSentOn() throws InterruptedException {
        GroupsBroker broker = GroupsBroker.leading();
        CountDownLatch appending = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        broker.logs
                .of("g")
                .beforeNextAppend(() -> {
                    appending.countDown();
                    CoordinatorTrapsTest.uninterruptibly(goOn);
                });
        List<CompletableFuture<Void>> commits = new ArrayList<>();
        commits.add(broker.commit("g", "orders", 0, 0));
        appending.await();
        for (int number = 1; number < 50; number++) {
            commits.add(broker.commit("g", "orders", 0, number));
        }
        Thread closer = Thread.ofPlatform().start(broker::close);
        while (closer.getState() != Thread.State.WAITING) {
            LockSupport.parkNanos(1_000_000);
        }
        goOn.countDown();
        closer.join();
        Set<ErrorCode> told =
                commits.stream().map(GroupsBroker::refusal).collect(Collectors.toSet());
        assertThat(told)
                .isSubsetOf(
                        ErrorCode.NONE,
                        ErrorCode.NOT_COORDINATOR,
                        ErrorCode.COORDINATOR_NOT_AVAILABLE);
    }

    @Test
    void endLeavesNoThreads() throws InterruptedException {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        GroupsBroker broker = GroupsBroker.leading();
        new ClassicMember(broker, "shop").alone();
        Set<Thread> started = threadsBesides(before);
        assertThat(started)
                .extracting(Thread::getName)
                .contains(
                        "group-coordinator-event-processor-0",
                        "group-coordinator-event-processor-1");
        broker.close();
        for (Thread thread : started) {
            thread.join(); // it has returned, and only has to end
        }
    }

    private static Set<Thread> threadsBesides(Set<Thread> before) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !before.contains(thread))
                .filter(thread -> thread.getName().contains("group"))
                .collect(Collectors.toSet());
    }
}
