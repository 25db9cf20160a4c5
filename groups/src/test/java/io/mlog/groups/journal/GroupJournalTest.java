package io.mlog.groups.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.groups.OffsetsTopic;
import io.mlog.services.CommittedOffset;
import io.mlog.services.GroupEvent;
import io.mlog.services.GroupEvent.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The journal by itself: what it is told, and what it makes of it. */
final class GroupJournalTest {
    private long nowMs = 1_000;
    private final GroupJournal journal = new GroupJournal(() -> nowMs);

    private static Member member(String id) {
        return new Member(id, "", "app", "10.0.0.7", 10_000, 60_000);
    }

    private void generation(int number, Member... members) {
        String leader = members.length == 0 ? "" : members[0].id();
        String protocol = members.length == 0 ? "" : "range";
        journal.generation("g", nowMs, new Generation(number, protocol, leader, List.of(members)));
        journal.batchEnds("g", nowMs);
    }

    private List<String> told() {
        return journal.events("g").stream()
                .map(event -> event.kind() + " " + event.epoch() + ": " + event.what())
                .toList();
    }

    @Test
    void membersThatComeAreTold() {
        generation(1, member("a"));
        generation(2, member("a"), member("b"));
        journal.joins("g", "member b (client app at 10.0.0.7)", "metadata has changed");
        generation(3, member("a"), member("b"));
        assertThat(told())
                .containsExactly(
                        "JOINED 1: member a (client app at 10.0.0.7) joined",
                        "REBALANCED 1: generation 1: 1 member, assigned by a (range); because"
                                + " member a (client app at 10.0.0.7) joined",
                        "JOINED 2: member b (client app at 10.0.0.7) joined",
                        "REBALANCED 2: generation 2: 2 members, assigned by a (range); because"
                                + " member b (client app at 10.0.0.7) joined",
                        "REBALANCED 3: generation 3: 2 members, assigned by a (range); because"
                                + " member b (client app at 10.0.0.7) asked to join: metadata has"
                                + " changed");
    }

    @Test
    void memberThatLeftIsToldWithItsReasonAndOnce() {
        generation(1, member("a"), member("b"));
        journal.leaves("g", "b", "", "the consumer is being closed");
        journal.leaveAnswered("g", "b", "", true);
        generation(2, member("a"));
        assertThat(told())
                .contains(
                        "LEFT 1: member b (client app at 10.0.0.7) left: the consumer is being"
                                + " closed",
                        "REBALANCED 2: generation 2: 1 member, assigned by a (range); because"
                                + " member b (client app at 10.0.0.7) left: the consumer is being"
                                + " closed");
        assertThat(journal.events("g")).filteredOn(e -> e.kind() == Kind.LEFT).hasSize(1);
    }

    @Test
    void memberWhoseLeavingWasRefusedIsLaterGoneForAnotherReason() {
        generation(1, member("a"), member("b"));
        journal.leaves("g", "b", "", "closing");
        journal.leaveAnswered("g", "b", "", false);
        nowMs += 12_000;
        generation(2, member("a"));
        assertThat(told())
                .contains(
                        "EXPIRED 2: member b (client app at 10.0.0.7) did not send a heartbeat for"
                                + " 12000 ms (session timeout 10000 ms)");
    }

    @Test
    void memberThatSentHeartbeatsButDidNotRejoinIsToldSo() {
        generation(1, member("a"), member("b"));
        nowMs += 60_000;
        journal.seen("g", "b");
        generation(2, member("a"));
        assertThat(told())
                .contains(
                        "EXPIRED 2: member b (client app at 10.0.0.7) sent heartbeats but did not"
                                + " take part in the rebalance within 60000 ms (rebalance timeout)");
    }

    @Test
    void applicationThatDoesNotPollIsToldSo() {
        generation(1, member("a"));
        journal.leaves("g", "a", "", "consumer poll timeout has expired.");
        journal.leaveAnswered("g", "a", "", true);
        assertThat(told().getLast())
                .isEqualTo(
                        "EXPIRED 1: member a (client app at 10.0.0.7) was not polled by its"
                                + " application in time: consumer poll timeout has expired.");
    }

    @Test
    void staticMemberIsRemovedByItsInstanceId() {
        generation(1, new Member("a", "till-1", "app", "10.0.0.7", 10_000, 60_000));
        journal.leaves("g", "", "till-1", "removed by an administrator");
        journal.leaveAnswered("g", "", "till-1", true);
        assertThat(told().getLast())
                .isEqualTo(
                        "LEFT 1: static member till-1 = a (client app at 10.0.0.7) left: removed by"
                                + " an administrator");
    }

    @Test
    void offsetsSetBackAreToldWithWhoAndFromWhere() {
        journal.committed("g", nowMs, "orders", 0, 500);
        journal.committed("g", nowMs, "orders", 0, 510);
        journal.acts("g", "client cli at 10.0.0.9", true);
        journal.committed("g", nowMs, "orders", 0, 3);
        journal.batchEnds("g", nowMs);
        journal.committed("g", nowMs, "orders", 0, 4);
        journal.batchEnds("g", nowMs);
        assertThat(told())
                .containsExactly(
                        "OFFSETS_RESET -1: offsets set by client cli at 10.0.0.9: orders-0 from 510"
                                + " to 3");
        assertThat(journal.offsets("g").committed("g", "orders", 0))
                .contains(new CommittedOffset(4, nowMs));
    }

    @Test
    void offsetsSetForwardByHandAreToldOnceTheGroupHadMembers() {
        generation(1, member("a"));
        journal.committed("g", nowMs, "orders", 0, 500);
        generation(2);
        journal.acts("g", "client cli at 10.0.0.9", true);
        journal.committed("g", nowMs, "orders", 0, 900);
        journal.batchEnds("g", nowMs);
        assertThat(told().getLast())
                .isEqualTo(
                        "OFFSETS_RESET 2: offsets set by client cli at 10.0.0.9: orders-0 from 500"
                                + " to 900");
    }

    @Test
    void manyOffsetsAreOneEventThatNamesAFew() {
        for (int partition = 0; partition < 20; partition++) {
            journal.committed("g", nowMs, "orders", partition, 9);
        }
        for (int partition = 0; partition < 20; partition++) {
            journal.offsetDeleted("g", "orders", partition);
        }
        journal.batchEnds("g", nowMs);
        assertThat(told())
                .containsExactly(
                        "OFFSETS_RESET -1: offsets deleted: orders-0, which was 9; orders-1, which"
                                + " was 9; orders-2, which was 9; orders-3, which was 9; orders-4,"
                                + " which was 9 and 15 more");
    }

    @Test
    void deletedGroupIsToldOnceWithoutItsOffsets() {
        generation(1, member("a"));
        journal.committed("g", nowMs, "orders", 0, 5);
        journal.acts("g", "client cli at 10.0.0.9", true);
        journal.offsetDeleted("g", "orders", 0);
        journal.deleted("g");
        journal.batchEnds("g", nowMs);
        assertThat(told().getLast())
                .isEqualTo("DELETED 1: the group was deleted by client cli at 10.0.0.9");
        assertThat(journal.offsets("g").has("g")).isFalse();
    }

    /** A classic group becomes one of KIP-848: its record is deleted, another kind follows. */
    @Test
    void groupThatChangesItsKindIsNotDeleted() {
        generation(1, member("a"));
        journal.deleted("g");
        journal.member("g", nowMs, member("a"), "orders");
        journal.epoch("g", 2);
        journal.assigned("g", nowMs, 2);
        journal.batchEnds("g", nowMs);
        assertThat(journal.events("g")).extracting(GroupEvent::kind).doesNotContain(Kind.DELETED);
    }

    @Test
    void readingTheLogAgainTellsNothingTwice() {
        int partition = OffsetsTopic.partitionFor("g");
        generation(1, member("a"));
        nowMs += 10;
        journal.givenUp(partition);
        List<String> before = told();
        long writtenMs = nowMs - 10;
        long elsewhereMs = nowMs + 50;
        nowMs += 100;
        journal.loading(partition);
        journal.generation("g", writtenMs, new Generation(1, "range", "a", List.of(member("a"))));
        journal.generation("g", elsewhereMs, new Generation(2, "range", "b", List.of(member("b"))));
        journal.batchEnds("g", elsewhereMs);
        journal.loadingEnds(partition, 7);
        assertThat(told()).startsWith(before.toArray(String[]::new));
        assertThat(told().subList(before.size(), told().size()))
                .containsExactly(
                        "LEFT 2: member a (client app at 10.0.0.7) left or was removed; another"
                                + " broker knew which",
                        "JOINED 2: member b (client app at 10.0.0.7) joined",
                        "REBALANCED 2: generation 2: 1 member, assigned by b (range)",
                        "MOVED 2: this broker coordinates the group from now on: it leads"
                                + " __consumer_offsets-"
                                + partition
                                + " in epoch 7");
    }

    @Test
    void journalKeepsTheLastEventsOfAGroup() {
        for (int number = 1; number <= 150; number++) {
            nowMs++;
            generation(number);
        }
        assertThat(journal.events("g")).hasSize(GroupJournal.MAX_EVENTS);
        assertThat(journal.events("g").getLast().epoch()).isEqualTo(150);
        assertThat(journal.events("g").getFirst().epoch()).isEqualTo(51);
    }

    @Test
    void journalKeepsTheGroupsThatSomethingHappenedToLast() {
        for (int group = 0; group < GroupJournal.MAX_GROUPS + 5; group++) {
            nowMs++;
            String name = "g" + group;
            journal.generation(name, nowMs, new Generation(1, "", "", List.of()));
            journal.generation("g0", nowMs, new Generation(group + 1, "", "", List.of()));
        }
        assertThat(journal.events("g0")).isNotEmpty();
        assertThat(journal.events("g1")).isEmpty();
        assertThat(journal.events("g" + (GroupJournal.MAX_GROUPS + 4))).isNotEmpty();
    }

    @Test
    void groupThatWasForgottenIsTakenAsItIs() {
        generation(17, member("a"));
        assertThat(told())
                .containsExactly("REBALANCED 17: generation 17: 1 member, assigned by a (range)");
    }
}
