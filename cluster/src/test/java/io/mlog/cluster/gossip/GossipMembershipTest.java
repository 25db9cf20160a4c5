package io.mlog.cluster.gossip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlog.core.membership.Member;
import io.mlog.core.membership.MemberState;
import io.mlog.core.membership.MembershipEvent;
import io.mlog.core.membership.MembershipEvent.Failed;
import io.mlog.core.membership.MembershipEvent.Joined;
import io.mlog.core.membership.MembershipEvent.Left;
import io.mlog.core.membership.MembershipEvent.Updated;
import io.mlog.model.HostPort;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("looks for threads of gossip in the whole process")
class GossipMembershipTest {
    /** With time enough for others to describe themselves, which nobody waits out. */
    private static final GossipTiming TAGS_IN_TIME =
            new GossipTiming(500, 350, 2, 100, 5_000, 60_000);

    @Test
    void nodesThatAreToldOfOneOtherKnowAll() throws Exception {
        try (Gossiper first = Gossiper.start("node-1");
                Gossiper second = Gossiper.start("node-2", first);
                Gossiper third = Gossiper.start("node-3", second)) {
            first.awaitMembers(second, third);
            second.awaitMembers(first, third);
            third.awaitMembers(first, second);
            assertThat(first.sureEvents())
                    .containsExactlyInAnyOrder(new Joined(second.self()), new Joined(third.self()));
            assertThat(third.membership.members())
                    .extracting(Member::nodeId)
                    .containsExactly("node-1", "node-2", "node-3");
        }
    }

    @Test
    void joinedIsToldWhenAllWhomAPeerKnowsAreKnown() throws Exception {
        try (Gossiper first = Gossiper.start("node-1");
                Gossiper second = Gossiper.start("node-2", first)) {
            first.membership.joined().get(30, TimeUnit.SECONDS);
            second.awaitMembers(first);
            first.awaitMembers(second);
            try (Gossiper third =
                    Gossiper.of("node-3").timing(TAGS_IN_TIME).peers(second).start()) {
                third.membership.joined().get(30, TimeUnit.SECONDS);
                assertThat(third.membership.members())
                        .containsExactly(first.self(), second.self(), third.self());
            }
        }
    }

    @Test
    void ownAddressAmongThePeersIsIgnoredUnderWhateverName() throws Exception {
        try (Gossiper first = Gossiper.start("node-1")) {
            HostPort address = first.address();
            first.vanish();
            try (Gossiper again =
                    Gossiper.of("node-1")
                            .at(address)
                            .peers(address, new HostPort("localhost", address.port()))
                            .start()) {
                again.membership.joined().get(30, TimeUnit.SECONDS);
                assertThat(again.membership.members()).containsExactly(again.self());
            }
        }
    }

    @Test
    void peerThatComesLaterIsJoined() throws Exception {
        HostPort later;
        try (Gossiper reserved = Gossiper.start("node-0")) {
            later = reserved.address();
        }
        try (Gossiper first = Gossiper.of("node-1").peers(later).start();
                Gossiper second = Gossiper.of("node-2").peers(later).start()) {
            CompletableFuture<Void> joined = first.membership.joined();
            assertThat(joined).isNotDone();
            try (Gossiper third = Gossiper.of("node-3").at(later).start()) {
                joined.get(30, TimeUnit.SECONDS);
                first.awaitMembers(second, third);
                second.awaitMembers(first, third);
            }
        }
    }

    @Test
    void nodeThatGoesWithoutAWordHasFailed() throws Exception {
        try (Gossiper first = Gossiper.start("node-1");
                Gossiper second = Gossiper.start("node-2", first);
                Gossiper third = Gossiper.start("node-3", second)) {
            first.awaitMembers(second, third);
            second.awaitMembers(first, third);
            Member gone = third.self();
            third.vanish();
            first.await(new Failed(gone));
            first.awaitMembers(second);
            second.awaitMembers(first);
            second.await(new Failed(gone));
            assertThat(second.events()).doesNotContain(new Left(gone));
        }
    }

    @Test
    void goodbyeIsLeftWithTheLastStateAndNotFailed() throws Exception {
        try (Gossiper first = Gossiper.start("node-1");
                Gossiper second = Gossiper.start("node-2", first);
                Gossiper third = Gossiper.start("node-3", second)) {
            first.awaitMembers(second, third);
            second.awaitMembers(first, third);
            Member joining = third.self();
            third.membership.updateState(MemberState.LEAVING);
            first.await(new Updated(joining, third.self()));
            second.await(new Updated(joining, third.self()));
            third.membership.leave().get(30, TimeUnit.SECONDS);
            Left left = new Left(third.self());
            first.await(left);
            second.await(left);
            third.vanish();
            first.awaitMembers(second);
            // The library gives up one after the other, and all of them after the same time.
            second.vanish();
            first.await(new Failed(second.self()));
            assertThat(first.events()).doesNotContain(new Failed(third.self()));
        }
    }

    @Test
    void tagsAreUpdatedEverywhereAndTheClusterIsLearnedLate() throws Exception {
        try (Gossiper first = Gossiper.start("node-1");
                Gossiper second = Gossiper.of("node-2").cluster("").peers(first).start();
                Gossiper third = Gossiper.start("node-3", second)) {
            first.awaitMembers(second, third);
            second.awaitMembers(first, third);
            Member joining = second.self();
            assertThat(second.membership.members())
                    .filteredOn(member -> !member.equals(joining))
                    .extracting(Member::clusterId)
                    .containsOnly("C");

            second.membership.updateClusterId("C");
            second.membership.updateState(MemberState.SERVING);
            Member serving = second.self();
            assertThat(serving).isEqualTo(joining.withClusterId("C").withState("serving"));
            third.await(
                    event -> event instanceof Updated updated && updated.after().equals(serving));
            first.awaitMembers(second, third);
            third.awaitMembers(first, second);
            assertThatThrownBy(() -> second.membership.updateClusterId("D"))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("node node-2 is of cluster C and cannot become one of D");
        }
    }

    @Test
    void nodeThatComesBackAtTheSameAddressIsThereAgain() throws Exception {
        try (Gossiper first = Gossiper.start("node-1");
                Gossiper second = Gossiper.start("node-2", first)) {
            first.awaitMembers(second);
            HostPort address = second.address();
            second.vanish();
            try (Gossiper again = Gossiper.of("node-2").at(address).peers(first).start()) {
                first.awaitMembers(again);
                again.awaitMembers(first);
                assertThat(first.sureEvents()).last().isNotEqualTo(new Failed(again.self()));
            }
        }
    }

    @Test
    void nodeThatComesBackElsewhereIsNotHiddenByTheEndOfItsOldBoot() throws Exception {
        try (Gossiper first = Gossiper.start("node-1");
                Gossiper second = Gossiper.start("node-2", first)) {
            first.awaitMembers(second);
            Member old = second.self();
            second.vanish();
            try (Gossiper again = Gossiper.start("node-2", first)) {
                assertThat(again.self().bootEpoch()).isGreaterThan(old.bootEpoch());
                first.awaitMembers(again);
                Gossiper.eventually("the old boot is given up", () -> first.boots() == 1);
                first.awaitMembers(again);
                MembershipEvent end = new Failed(again.self());
                assertThat(first.events()).doesNotContain(end);
                assertThat(again.membership.rivals()).isEmpty();
            }
        }
    }

    @Test
    void secondProcessWithTheIdOfALiveNodeSeesItsRivalAndDisturbsNobody() throws Exception {
        try (Gossiper first = Gossiper.start("node-1");
                Gossiper second = Gossiper.start("node-2", first)) {
            first.awaitMembers(second);
            second.awaitMembers(first);
            try (Gossiper twin =
                    Gossiper.of("node-2")
                            .directory("another")
                            .cluster("")
                            .timing(TAGS_IN_TIME)
                            .peers(first)
                            .start()) {
                twin.membership.joined().get(30, TimeUnit.SECONDS);
                assertThat(twin.membership.rivals()).containsExactly(second.self());
                Gossiper.eventually(
                        "the older one sees the younger",
                        () -> second.membership.rivals().equals(List.of(twin.self())));
                first.awaitMembers(second);
            }
            Gossiper.eventually("it is gone", () -> second.membership.rivals().isEmpty());
            assertThat(first.events())
                    .noneMatch(event -> event.member().directoryId().equals("another"));
        }
    }

    @Test
    void otherClusterIsKeptOut() throws Exception {
        try (Gossiper first = Gossiper.start("node-1");
                Gossiper second = Gossiper.start("node-2", first);
                Gossiper foreign = Gossiper.of("node-3").cluster("D").peers(first).start();
                Gossiper undecided =
                        Gossiper.of("node-4").cluster("").peers(first, foreign).start()) {
            first.awaitMembers(second, undecided);
            Gossiper.eventually("node-4 sees both", () -> undecided.boots() == 3);
            undecided.membership.updateClusterId("C");
            undecided.awaitMembers(first, second);
            first.awaitMembers(second, undecided);
            second.awaitMembers(first, undecided);
            assertThat(first.events()).noneMatch(event -> event.member().nodeId().equals("node-3"));
            Gossiper.eventually(
                    "node-3 knows nobody",
                    () -> foreign.membership.members().equals(List.of(foreign.self())));
        }
    }

    @Test
    void halvesThatGaveEachOtherUpMeetAgainWithoutACommonPeer() throws Exception {
        try (Forwarder way = new Forwarder();
                Gossiper first = Gossiper.of("node-1").behind(way).start();
                Gossiper second = Gossiper.start("node-2", first);
                Gossiper third = Gossiper.start("node-3", second)) {
            first.awaitMembers(second, third);
            third.awaitMembers(first, second);
            second.vanish();
            first.awaitMembers(third);
            third.awaitMembers(first);

            way.cut();
            first.awaitMembers();
            third.awaitMembers();
            way.mend();
            first.awaitMembers(third);
            third.awaitMembers(first);
            first.awaitInOrder(
                    new Joined(third.self()), new Failed(third.self()), new Joined(third.self()));
        }
    }

    @Test
    void failureOfTheListenerIsItsOwn() throws Exception {
        try (Gossiper first = Gossiper.start("node-1")) {
            first.failWhenTold();
            try (Gossiper second = Gossiper.start("node-2", first);
                    Gossiper third = Gossiper.start("node-3", first)) {
                first.awaitMembers(second, third);
                assertThat(first.events()).hasSizeGreaterThanOrEqualTo(2);
            }
        }
    }

    @Test
    void nothingIsLeftOfAMembershipThatWasClosed() throws Exception {
        Gossiper first = Gossiper.start("node-1");
        Gossiper second = Gossiper.start("node-2", first);
        HostPort address = first.address();
        first.awaitMembers(second);
        second.awaitMembers(first);
        CompletableFuture<Void> leaving = second.membership.leave();
        first.vanish();
        first.vanish();
        leaving.get(30, TimeUnit.SECONDS);
        second.vanish();
        Gossiper.eventually(
                () -> "no thread of gossip among " + Thread.getAllStackTraces().keySet(),
                () ->
                        Thread.getAllStackTraces().keySet().stream()
                                .map(Thread::getName)
                                .noneMatch(GossipMembershipTest::isOfGossip));
        Gossiper.of("node-1").at(address).start().vanish();
    }

    private static boolean isOfGossip(String thread) {
        return Stream.of("mlog-gossip", "sc-cluster", "parallel", "boundedElastic", "single")
                .anyMatch(thread::startsWith);
    }
}
