package io.mlog.cluster.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.cluster.gossip.wire.Overheard;
import io.mlog.cluster.gossip.wire.Sighting;
import io.mlog.cluster.gossip.wire.Sighting.Status;
import io.mlog.core.membership.Member;
import io.mlog.core.membership.MembershipEvent;
import io.mlog.core.membership.MembershipEvent.Failed;
import io.mlog.core.membership.MembershipEvent.Joined;
import io.mlog.core.membership.MembershipEvent.Suspected;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A real process that dies or stands still. */
class GossipProcessTest {
    /** With 8 s until someone who is suspected has failed, and many comparisons of everything. */
    private static final GossipTiming PATIENT = new GossipTiming(500, 350, 8, 100, 500, 2_000);

    @Test
    void processThatIsKilledIsSuspectedAtOnceAndFailsSoon() throws Exception {
        try (Gossiper first = Gossiper.start("node-1");
                Gossiper second = Gossiper.start("node-2", first);
                GossipChild child = GossipChild.start("node-3", second)) {
            Member killed = first.await(GossipProcessTest::isJoinOfThird).member();
            second.await(GossipProcessTest::isJoinOfThird);
            long killedAt = System.nanoTime();
            child.kill();
            first.await(new Suspected(killed));
            long suspectedMs = msSince(killedAt);
            first.await(new Failed(killed));
            second.await(new Failed(killed));
            System.out.printf(
                    "killed: suspected after %d ms, failed for both after %d ms%n",
                    suspectedMs, msSince(killedAt));
        }
    }

    /** That a second is short enough is in {@link GossipTimingTest}. */
    @Test
    void pauseThatIsShorterThanASuspicionIsForgiven() throws Exception {
        Overheard gossip = new Overheard();
        try (Forwarder toFirst = new Forwarder(gossip);
                Forwarder toSecond = new Forwarder(gossip);
                Gossiper first = Gossiper.of("node-1").timing(PATIENT).behind(toFirst).start();
                Gossiper second =
                        Gossiper.of("node-2")
                                .timing(PATIENT)
                                .behind(toSecond)
                                .peers(first)
                                .start();
                GossipChild child = GossipChild.start("node-3", second)) {
            Member paused = first.await(GossipProcessTest::isJoinOfThird).member();
            second.await(GossipProcessTest::isJoinOfThird);

            child.pause();
            gossip.forget();
            Gossiper.eventually(
                    "it is suspected", () -> newest(gossip.of(paused.id()), Status.SUSPECT) >= 0);
            int suspected = newest(gossip.of(paused.id()), Status.SUSPECT);
            child.resume();
            for (Gossiper each : List.of(first, second)) {
                Gossiper.eventually(
                        each.self().nodeId() + " believes it that it is alive",
                        () ->
                                newest(gossip.believedBy(each.address(), paused.id()), Status.ALIVE)
                                        > suspected);
                assertThat(each.events()).doesNotContain(new Failed(paused));
            }
        }
    }

    @Test
    void longPauseIsAFailureUntilItEnds() throws Exception {
        try (Gossiper first = Gossiper.start("node-1");
                Gossiper second = Gossiper.start("node-2", first);
                GossipChild child = GossipChild.start("node-3", second)) {
            Member paused = first.await(GossipProcessTest::isJoinOfThird).member();
            second.await(GossipProcessTest::isJoinOfThird);
            child.pause();
            first.await(new Failed(paused));
            second.await(new Failed(paused));
            child.resume();
            for (Gossiper each : List.of(first, second)) {
                each.awaitInOrder(new Joined(paused), new Failed(paused), new Joined(paused));
            }
        }
    }

    /** The highest incarnation that was said to be so; negative for none. */
    private static int newest(Stream<Sighting> sightings, Status status) {
        return sightings
                .filter(sighting -> sighting.status() == status)
                .mapToInt(Sighting::incarnation)
                .max()
                .orElse(-1);
    }

    private static boolean isJoinOfThird(MembershipEvent event) {
        return event instanceof Joined(Member member) && member.nodeId().equals("node-3");
    }

    private static long msSince(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
    }
}
