package io.mlog.cluster.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.core.metadata.CommandResult;
import io.mlog.core.metadata.MetadataCommand.AllocateProducerIds;
import io.mlog.core.metadata.QuorumLeadership;
import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The leader dies, stops, or is cut off. */
@Tag("slow") // 40 s of waiting for elections; processes lose their leaders in LeaderKillTest
class LeaderLossTest {
    /** The kind of frame that hands commands to the leader. */
    private static final int SUBMIT = 5;

    @TempDir Path directory;

    @Test
    void theLeaderIsKilledAndTheOthersGoOn() throws Exception {
        try (Cluster cluster = Cluster.of(directory, 3)) {
            cluster.done("b", new AllocateProducerIds(1));
            Cluster.Member lost = cluster.leader();
            long start = System.nanoTime();
            cluster.kill(lost.name);
            for (Cluster.Member member : cluster.others(lost.name)) {
                cluster.done(member.name, new AllocateProducerIds(1));
                System.out.println(
                        member.name + " after " + (System.nanoTime() - start) / 1000000 + " ms");
            }
            for (Cluster.Member member : cluster.others(lost.name)) {
                Cluster.eventually("a hint for the broker", () -> member.lost.contains(lost.peer));
            }
            cluster.restart(lost.name);
            cluster.done(lost.name, new AllocateProducerIds(1));
            cluster.awaitProducerIds(4);
            assertThat(cluster.fatal).isEmpty();
        }
    }

    @Test
    void aCommandIsAppliedOnceThoughTheLeadersDieOneAfterTheOther() throws Exception {
        try (Cluster cluster = Cluster.of(directory, 3)) {
            int submitted = 0;
            int applied = 0;
            for (int round = 0; round < 4; round++) {
                Cluster.Member lost = cluster.leader();
                Cluster.Member from = cluster.others(lost.name).getFirst();
                List<CompletableFuture<CommandResult>> results = new ArrayList<>();
                for (int i = 0; i < 30; i++) {
                    results.add(from.log().submit(new AllocateProducerIds(1)));
                    if (i == 15) {
                        cluster.kill(lost.name);
                    }
                }
                for (CompletableFuture<CommandResult> result : results) {
                    submitted++;
                    result.get(30, TimeUnit.SECONDS);
                    applied++;
                }
                cluster.restart(lost.name);
                cluster.awaitProducerIds(applied);
            }
            assertThat(applied).isEqualTo(submitted);
        }
    }

    @Test
    void aLeaderThatStopsHandsOverFirst() throws Exception {
        try (Cluster cluster = Cluster.of(directory, 3)) {
            Cluster.Member leader = cluster.leader();
            int told = leader.leaderships.size();
            leader.log().close();
            cluster.closed(leader.name);
            Cluster.eventually(
                    "the one that stopped knows whom it handed over to",
                    () ->
                            leader.leaderships.stream()
                                    .skip(told)
                                    .flatMap(heard -> heard.leader().stream())
                                    .anyMatch(next -> !next.equals(leader.peer)));
            for (Cluster.Member other : cluster.others(leader.name)) {
                cluster.done(other.name, new AllocateProducerIds(1));
            }
        }
    }

    @Test
    void theLeadershipIsTransferredAndEverybodyHears() throws Exception {
        try (Cluster cluster = Cluster.of(directory, 3)) {
            Cluster.Member leader = cluster.leader();
            Cluster.Member next = cluster.others(leader.name).getLast();
            leader.log().transferLeadership(next.peer).get(10, TimeUnit.SECONDS);
            Cluster.eventually(
                    next.name + " is told that it leads",
                    () -> !next.leaderships.isEmpty() && next.leaderships.getLast().leading());
            Cluster.eventually(
                    leader.name + " is told that it does not",
                    () -> {
                        QuorumLeadership last = leader.leaderships.getLast();
                        return !last.leading()
                                && last.leader().filter(next.peer::equals).isPresent();
                    });
            assertThat(
                            ((MlogException)
                                            Cluster.failureOf(
                                                    leader.log().transferLeadership(next.peer)))
                                    .code())
                    .isEqualTo(ErrorCode.NOT_CONTROLLER);
        }
    }

    @Test
    void aLeaderThatIsCutOffPromisesNothingAndFollowsWhenItIsBack() throws Exception {
        try (Cluster cluster = new Cluster(directory, 5000, 4000)) {
            cluster.grow(3);
            cluster.done("b", new AllocateProducerIds(1));
            Cluster.Member former = cluster.leader();
            cluster.isolate(former.name);
            CompletableFuture<CommandResult> promised =
                    former.log().submit(new AllocateProducerIds(100));
            CompletableFuture<Long> barrier = former.log().barrier();

            Cluster.Member leader = cluster.leaderBesides(former.name);
            cluster.done(leader.name, new AllocateProducerIds(1));
            assertThat(((MlogException) Cluster.failureOf(promised)).code())
                    .as("it may be in its log")
                    .isEqualTo(ErrorCode.REQUEST_TIMED_OUT);
            assertThat(((MlogException) Cluster.failureOf(barrier)).code())
                    .isIn(ErrorCode.NOT_CONTROLLER, ErrorCode.REQUEST_TIMED_OUT);
            assertThat(
                            ((MlogException)
                                            Cluster.failureOf(
                                                    former.log()
                                                            .submit(new AllocateProducerIds(1000))))
                                    .code())
                    .as("no leader took it")
                    .isEqualTo(ErrorCode.NOT_CONTROLLER);
            assertThat(former.log().silentMs()).isGreaterThan(4000);
            assertThat(leader.log().silentMs()).isLessThan(2000);

            long start = System.nanoTime();
            cluster.heal(former.name);
            cluster.done(former.name, new AllocateProducerIds(1));
            System.out.println("back after " + (System.nanoTime() - start) / 1000000 + " ms");
            cluster.awaitProducerIds(3);
            assertThat(former.log().silentMs()).isLessThan(2000);
            assertThat(cluster.fatal).isEmpty();
        }
    }

    @Test
    void aCommandThatWasLostWithItsLeaderIsGivenToTheNextOne() throws Exception {
        try (Cluster cluster = new Cluster(directory, 5000, 50_000)) {
            cluster.grow(3);
            cluster.done("b", new AllocateProducerIds(1));
            Cluster.Member former = cluster.leader();
            Cluster.Member follower = cluster.others(former.name).getFirst();
            cluster.isolate(former.name);
            CompletableFuture<CommandResult> fromFormer =
                    former.log().submit(new AllocateProducerIds(1));
            CompletableFuture<CommandResult> fromFollower =
                    follower.log().submit(new AllocateProducerIds(1));
            fromFollower.get(40, TimeUnit.SECONDS);
            cluster.heal(former.name);
            fromFormer.get(40, TimeUnit.SECONDS);
            cluster.awaitProducerIds(3);
        }
    }

    @Test
    void whatWaitsBehindACallThatIsNeverAnsweredIsGivenToTheNextLeader() throws Exception {
        try (Cluster cluster = new Cluster(directory, 5000, 50_000)) {
            cluster.grow(3);
            Cluster.Member former = cluster.leader();
            Cluster.Member follower = cluster.others(former.name).getFirst();
            Relay way = cluster.relay(follower.name, former.name);
            CountDownLatch called = new CountDownLatch(1);
            way.watch((relay, frame) -> {
                if (frame[0] == SUBMIT) {
                    relay.stall();
                    called.countDown();
                }
            });
            CompletableFuture<CommandResult> first =
                    follower.log().submit(new AllocateProducerIds(1));
            assertThat(called.await(20, TimeUnit.SECONDS)).isTrue();
            CompletableFuture<CommandResult> second =
                    follower.log().submit(new AllocateProducerIds(1));
            way.watch((relay, frame) -> {});
            cluster.isolate(former.name);
            // Long before the call to the former leader is given up.
            second.get(8, TimeUnit.SECONDS);
            first.get(20, TimeUnit.SECONDS);
            cluster.heal(former.name);
            cluster.awaitProducerIds(2);
        }
    }

    @Test
    void aMinorityKnowsThatItIsOne() throws Exception {
        try (Cluster cluster = new Cluster(directory, 5000, 2000)) {
            cluster.grow(3);
            cluster.kill("b");
            cluster.kill("c");
            assertThat(
                            ((MlogException)
                                            Cluster.failureOf(
                                                    cluster.log("a")
                                                            .submit(new AllocateProducerIds(1))))
                                    .code())
                    .isIn(ErrorCode.NOT_CONTROLLER, ErrorCode.REQUEST_TIMED_OUT);
            Cluster.eventually("a is silent", () -> cluster.log("a").silentMs() > 3000);
            assertThat(((MlogException) Cluster.failureOf(cluster.log("a").barrier())).code())
                    .isEqualTo(ErrorCode.NOT_CONTROLLER);
            cluster.restart("c");
            Cluster.eventually("a has company", () -> cluster.log("a").silentMs() < 1000);
            cluster.done("a", new AllocateProducerIds(1));
        }
    }
}
