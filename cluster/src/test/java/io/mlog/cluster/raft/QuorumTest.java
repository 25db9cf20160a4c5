package io.mlog.cluster.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.core.metadata.CommandResult;
import io.mlog.core.metadata.CommandResult.Done;
import io.mlog.core.metadata.CommandResult.Outcome;
import io.mlog.core.metadata.CommandResult.Refused;
import io.mlog.core.metadata.MetadataCommand.AllocateProducerIds;
import io.mlog.core.metadata.MetadataCommand.CreateTopic;
import io.mlog.core.metadata.QuorumChange;
import io.mlog.core.metadata.QuorumMember;
import io.mlog.core.metadata.QuorumView;
import io.mlog.model.ErrorCode;
import io.mlog.model.HostPort;
import io.mlog.model.MlogException;
import io.mlog.model.PeerId;
import io.mlog.model.TopicId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Members come, go, and come back. */
@Tag("slow") // several Raft nodes in one JVM need a machine at ease; ClusterTest has the processes
class QuorumTest {
    @TempDir Path directory;

    @Test
    void nodesJoinAsListenersAndBecomeVotersUpToFive() throws Exception {
        try (Cluster cluster = new Cluster(directory)) {
            cluster.found("a");
            cluster.done("a", new AllocateProducerIds(10));

            cluster.join("b");
            assertThat(cluster.voters("a")).containsExactly("a");
            assertThat(cluster.listeners("a")).containsExactly("b");
            assertThat(cluster.done("b", new AllocateProducerIds(1)))
                    .extracting(result -> ((Done) result).outcome())
                    .isEqualTo(new Outcome.ProducerIds(10, 1));
            assertThat(cluster.log("b").image().nextProducerId())
                    .as("a node reads what it wrote")
                    .isEqualTo(11);

            cluster.join("c");
            cluster.promoteAll();
            assertThat(cluster.voters("a")).containsExactly("a", "b", "c");
            Cluster.eventually("c knows", () -> cluster.voters("c").size() == 3);

            cluster.join("d");
            cluster.join("e");
            cluster.promoteAll();
            assertThat(cluster.voters("a")).containsExactly("a", "b", "c", "d", "e");
            for (String node : new String[] {"a", "b", "c", "d", "e"}) {
                cluster.done(node, new AllocateProducerIds(1));
            }
            cluster.awaitProducerIds(16);
            assertThat(cluster.fatal).isEmpty();
        }
    }

    @Test
    void aRefusalTravelsToTheNodeThatAsked() throws Exception {
        try (Cluster cluster = Cluster.of(directory, 2)) {
            assertThat(
                            cluster.log("b")
                                    .submit(
                                            new CreateTopic(
                                                    "t",
                                                    new TopicId(1, 1),
                                                    1,
                                                    5,
                                                    List.of(),
                                                    Map.of()))
                                    .get(10, TimeUnit.SECONDS))
                    .isInstanceOfSatisfying(
                            Refused.class,
                            refused ->
                                    assertThat(refused.code())
                                            .isEqualTo(ErrorCode.INVALID_REPLICATION_FACTOR));
        }
    }

    @Test
    void commandsOfOneNodeKeepTheirOrderOnTheirWayToTheLeader() throws Exception {
        try (Cluster cluster = Cluster.of(directory, 3)) {
            String follower = cluster.others(cluster.leader().name).getFirst().name;
            cluster.done(follower, new AllocateProducerIds(1));
            List<CompletableFuture<CommandResult>> results = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                results.add(cluster.log(follower).submit(new AllocateProducerIds(1)));
            }
            List<Long> firsts = new ArrayList<>();
            for (var result : results) {
                Done done = (Done) result.get(20, TimeUnit.SECONDS);
                firsts.add(((Outcome.ProducerIds) done.outcome()).first());
            }
            assertThat(firsts)
                    .isEqualTo(IntStream.rangeClosed(1, 60).mapToObj(Long::valueOf).toList());
        }
    }

    @Test
    void changesUnderWayComeToTheirEndBeforeANodeStops() throws Exception {
        try (Cluster cluster = new Cluster(directory, 5000, 40_000, 40_000)) {
            cluster.grow(3);
            String follower = cluster.others(cluster.leader().name).getFirst().name;
            cluster.done(follower, new AllocateProducerIds(1));
            List<CompletableFuture<CommandResult>> results = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                results.add(cluster.log(follower).submit(new AllocateProducerIds(1)));
            }
            cluster.stop(follower);

            for (var result : results) {
                assertThat(result.get(1, TimeUnit.SECONDS)).isInstanceOf(Done.class);
            }
        }
    }

    @Test
    void oneNodeAndThenAllOfThemComeBackOnOtherPorts() throws Exception {
        try (Cluster cluster = Cluster.of(directory, 3)) {
            cluster.done("a", new AllocateProducerIds(1));
            cluster.stop("b");
            cluster.done("a", new AllocateProducerIds(1));
            cluster.restart("b");
            cluster.done("b", new AllocateProducerIds(1));
            cluster.awaitProducerIds(3);

            for (String node : List.of("a", "b", "c")) {
                cluster.kill(node);
            }
            for (String node : List.of("c", "a", "b")) {
                cluster.restart(node);
            }
            cluster.done("a", new AllocateProducerIds(1));
            cluster.awaitProducerIds(4);
            assertThat(cluster.voters("c")).containsExactly("a", "b", "c");
            assertThat(cluster.fatal).isEmpty();
        }
    }

    @Test
    void allNodesComeBackOnTheSamePorts() throws Exception {
        try (Cluster cluster = Cluster.of(directory, 3)) {
            cluster.done("c", new AllocateProducerIds(5));
            Map<String, HostPort> ports =
                    Map.of(
                            "a", cluster.member("a").address,
                            "b", cluster.member("b").address,
                            "c", cluster.member("c").address);
            for (String node : ports.keySet()) {
                cluster.stop(node);
            }
            for (String node : ports.keySet()) {
                cluster.restart(node, ports.get(node).port());
            }
            cluster.done("b", new AllocateProducerIds(1));
            cluster.awaitProducerIds(6);
        }
    }

    @Test
    void aNodeWithAWipedDiskIsAnotherPeerAndTakesTheFormersPlace() throws Exception {
        try (Cluster cluster = Cluster.of(directory, 3)) {
            cluster.done("a", new AllocateProducerIds(7));
            String wiped = cluster.others(cluster.leader().name).getFirst().name;
            PeerId former = cluster.member(wiped).peer;
            cluster.kill(wiped);

            Cluster.Member back = cluster.restartWiped(wiped);
            assertThat(back.peer).isNotEqualTo(former);
            cluster.done(cluster.leader().name, new AllocateProducerIds(1));
            assertThat(back.log().view().members()).as("it is nobody yet").isEmpty();

            String leader = cluster.leader().name;
            cluster.change(
                    new QuorumChange.AddListener(back.peer, cluster.relayedAddress(leader, wiped)));
            cluster.change(new QuorumChange.Replace(former, back.peer));
            cluster.awaitProducerIds(8);
            assertThat(cluster.log(leader).view().voters())
                    .extracting(QuorumMember::id)
                    .contains(back.peer)
                    .doesNotContain(former)
                    .hasSize(3);
            cluster.done(wiped, new AllocateProducerIds(1));
            cluster.kill(leader);
            cluster.done(wiped, new AllocateProducerIds(1));
            assertThat(cluster.fatal).isEmpty();
        }
    }

    @Test
    void aNodeThatIsTakenOutIsToldAndTheOthersGoOn() throws Exception {
        try (Cluster cluster = Cluster.of(directory, 3)) {
            Cluster.Member out = cluster.others(cluster.leader().name).getFirst();
            cluster.change(new QuorumChange.Remove(out.peer));

            Cluster.eventually(out.name + " is told", () -> out.removed);
            assertThat(Cluster.failureOf(out.log().submit(new AllocateProducerIds(1))))
                    .isInstanceOfSatisfying(
                            MlogException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_READY));
            cluster.done(cluster.leader().name, new AllocateProducerIds(1));
            assertThat(cluster.voters(cluster.leader().name)).hasSize(2).doesNotContain(out.name);
            assertThat(cluster.fatal).as("leaving is no failure").isEmpty();
        }
    }

    @Test
    void aChangeIsMadeByTheLeaderOnlyAndAgainstTheMembersItWasDecidedOn() throws Exception {
        try (Cluster cluster = Cluster.of(directory, 3)) {
            Cluster.Member leader = cluster.leader();
            Cluster.Member follower = cluster.others(leader.name).getFirst();
            QuorumView before = leader.log().view();
            assertThat(
                            codeOf(
                                    follower,
                                    follower.log().view(),
                                    new QuorumChange.Remove(leader.peer)))
                    .isEqualTo(ErrorCode.NOT_CONTROLLER);
            assertThat(codeOf(leader, before, new QuorumChange.Remove(leader.peer)))
                    .as("it leads")
                    .isEqualTo(ErrorCode.INVALID_REQUEST);
            assertThat(codeOf(leader, before, new QuorumChange.Promote(Set.of(follower.peer))))
                    .isEqualTo(ErrorCode.INVALID_REQUEST);

            cluster.join("d");
            assertThat(codeOf(leader, before, new QuorumChange.Remove(follower.peer)))
                    .as("there is another member by now")
                    .isEqualTo(ErrorCode.INVALID_REQUEST);
            assertThat(cluster.voters(leader.name)).hasSize(3);
        }
    }

    @Test
    void aPeerThatDoesNotAnswerIsNotAddedAndHoldsNothingUp() throws Exception {
        try (Cluster cluster = Cluster.of(directory, 1)) {
            PeerId ghost = new PeerId("ghost", "dir-0");
            QuorumView view = cluster.view("a");
            assertThat(
                            codeOf(
                                    cluster.member("a"),
                                    view,
                                    new QuorumChange.AddListener(
                                            ghost, new HostPort("127.0.0.1", 1))))
                    .isEqualTo(ErrorCode.REQUEST_TIMED_OUT);
            cluster.done("a", new AllocateProducerIds(1));
            cluster.join("b");
            assertThat(cluster.listeners("a")).containsExactly("b");
        }
    }

    @Test
    void theLeaderKnowsHowFarEachMemberIsAndWhenItLastAnswered() throws Exception {
        try (Cluster cluster = Cluster.of(directory, 3)) {
            cluster.done("a", new AllocateProducerIds(1));
            Cluster.Member leader = cluster.leader();
            Cluster.Member follower = cluster.others(leader.name).getFirst();
            Cluster.eventually(
                    "all have everything",
                    () ->
                            leader.log().view().members().stream()
                                    .allMatch(member ->
                                            member.matchIndex().orElse(-1)
                                                            >= leader.log().view().commitIndex()
                                                    && member.silentMs().orElse(9999) < 2000));
            assertThat(follower.log().view().members())
                    .allMatch(member -> member.matchIndex().isEmpty());

            cluster.isolate(follower.name);
            Cluster.eventually(
                    "its silence is seen",
                    () ->
                            leader.log()
                                            .view()
                                            .member(follower.peer)
                                            .orElseThrow()
                                            .silentMs()
                                            .orElse(0)
                                    > 1000);
            cluster.heal(follower.name);
            Cluster.eventually(
                    "it is heard again",
                    () ->
                            leader.log()
                                            .view()
                                            .member(follower.peer)
                                            .orElseThrow()
                                            .silentMs()
                                            .orElse(9999)
                                    < 1000);
        }
    }

    private static ErrorCode codeOf(Cluster.Member member, QuorumView present, QuorumChange change)
            throws Exception {
        return ((MlogException) Cluster.failureOf(member.log().change(present, change))).code();
    }
}
