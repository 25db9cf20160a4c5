package io.mlog.groups.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.groups.GroupsConfig;
import io.mlog.groups.coordinator.ClassicMember.Part;
import io.mlog.model.TopicId;
import io.mlog.services.GroupEvent;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the journal tells of groups that live at the real coordinator. */
final class JournalContentsTest {
    private final GroupsBroker broker = GroupsBroker.leading();

    @AfterEach
    void close() {
        broker.close();
    }

    private List<String> told(String group) {
        return broker.groups.journal(group).stream()
                .map(event -> event.kind() + ": " + event.what())
                .toList();
    }

    private static String of(ClassicMember member) {
        return "member " + member.memberId() + " (client app at 10.0.0.7)";
    }

    @Test
    void joinSilenceAndRebalanceAreToldWithTheirCause() {
        ClassicMember alive = new ClassicMember(broker, "shop").alone();
        ClassicMember silent = new ClassicMember(broker, "shop");
        CompletableFuture<JoinGroupResponseData> joins = silent.joinWithId();
        GroupsBroker.await(alive.join());
        GroupsBroker.await(joins);
        var waiting = silent.sync();
        GroupsBroker.await(alive.sync(new Part(alive, 0, 1), new Part(silent, 2, 3)));
        GroupsBroker.await(waiting);
        assertThat(silent.heartbeat()).isEqualTo(Errors.NONE);
        broker.time.advance(5_000);
        assertThat(alive.heartbeat()).isEqualTo(Errors.NONE);
        broker.time.advance(5_000);
        assertThat(alive.heartbeat()).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
        GroupsBroker.await(alive.join());
        GroupsBroker.await(alive.sync(new Part(alive, 0, 1, 2, 3)));
        assertThat(told("shop"))
                .containsExactly(
                        "JOINED: " + of(alive) + " joined",
                        "REBALANCED: generation 1: 1 member, assigned by "
                                + alive.memberId()
                                + " (range); because "
                                + of(alive)
                                + " joined",
                        "JOINED: " + of(silent) + " joined",
                        "REBALANCED: generation 2: 2 members, assigned by "
                                + alive.memberId()
                                + " (range); because "
                                + of(silent)
                                + " joined",
                        "EXPIRED: "
                                + of(silent)
                                + " did not send a heartbeat for 10000 ms (session timeout 10000"
                                + " ms)",
                        "REBALANCED: generation 3: 1 member, assigned by "
                                + alive.memberId()
                                + " (range); because "
                                + of(silent)
                                + " did not send a heartbeat for 10000 ms (session timeout 10000"
                                + " ms)");
    }

    @Test
    void leavingIsToldWithTheClientsReason() {
        ClassicMember member = new ClassicMember(broker, "shop").alone();
        member.leave("the consumer is being closed");
        assertThat(told("shop"))
                .endsWith(
                        "LEFT: " + of(member) + " left: the consumer is being closed",
                        "REBALANCED: generation 2 has no members; because "
                                + of(member)
                                + " left: the consumer is being closed");
    }

    @Test
    void applicationThatDoesNotPollIsTold() {
        ClassicMember member = new ClassicMember(broker, "shop").alone();
        member.leave("consumer poll timeout has expired.");
        assertThat(told("shop"))
                .contains(
                        "EXPIRED: "
                                + of(member)
                                + " was not polled by its application in time: consumer poll"
                                + " timeout has expired.");
    }

    @Test
    void membersOfNewGroupsAreTold() {
        TopicId payments = broker.topic("payments", 1);
        ConsumerMember staying = new ConsumerMember(broker, "shop", "a", payments);
        staying.heartbeat();
        ConsumerMember leaving = new ConsumerMember(broker, "shop", "b", payments);
        leaving.heartbeat();
        assertThat(leaving.leave()).isEqualTo(Errors.NONE);
        for (int beat = 0; beat < 45; beat++) {
            broker.time.advance(1_000);
        }
        while (told("shop").stream().noneMatch(event -> event.startsWith("EXPIRED"))) {
            LockSupport.parkNanos(1_000_000); // the timer only asks for it
        }
        assertThat(told("shop"))
                .contains(
                        "JOINED: member a (client app at 10.0.0.7) joined, subscribed to orders",
                        "JOINED: member b (client app at 10.0.0.7) joined, subscribed to orders",
                        "LEFT: member b (client app at 10.0.0.7) left",
                        "EXPIRED: member a (client app at 10.0.0.7) did not send a heartbeat for"
                                + " 45000 ms (session timeout 45000 ms)");
    }

    @Test
    void resetsAndDeletionsAreToldWithWho() {
        ClassicMember member = new ClassicMember(broker, "shop").alone();
        assertThat(member.commit(0, 500)).isEqualTo(Errors.NONE);
        assertThat(member.commit(0, 480)).isEqualTo(Errors.NONE);
        member.leave(null);
        GroupsBroker.await(broker.commit("shop", "orders", 0, 900));
        GroupsBroker.await(broker.groups.delete("shop"));
        assertThat(told("shop"))
                .contains(
                        "OFFSETS_RESET: offsets set by client app at 10.0.0.7: orders-0 from 500 to"
                                + " 480",
                        "OFFSETS_RESET: offsets set by client app at 10.0.0.7: orders-0 from 480 to"
                                + " 900")
                .endsWith("DELETED: the group was deleted by a request of mlog's own protocol");
    }

    @Test
    void nextCoordinatorKnowsWhatTheLogTells() {
        ClassicMember member = new ClassicMember(broker, "shop").alone();
        broker.resign(2);
        assertThat(told("shop").getLast())
                .startsWith("MOVED: this broker coordinates the group no");
        try (GroupsBroker next = new GroupsBroker(broker.logs, GroupsConfig.DEFAULTS)) {
            next.topic("orders", 4);
            next.lead(2);
            assertThat(next.groups.journal("shop"))
                    .extracting(GroupEvent::kind)
                    .containsExactly(
                            GroupEvent.Kind.JOINED,
                            GroupEvent.Kind.REBALANCED,
                            GroupEvent.Kind.MOVED);
            ClassicMember moved = member.at(next);
            assertThat(moved.leave("closing")).isEqualTo(Errors.NONE);
            assertThat(next.groups.journal("shop"))
                    .extracting(GroupEvent::what)
                    .contains(of(member) + " left: closing");
        }
    }
}
