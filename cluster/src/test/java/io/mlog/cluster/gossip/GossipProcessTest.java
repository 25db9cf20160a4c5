package io.mlog.cluster.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.core.membership.Member;
import io.mlog.core.membership.MembershipEvent;
import io.mlog.core.membership.MembershipEvent.Failed;
import io.mlog.core.membership.MembershipEvent.Joined;
import io.mlog.core.membership.MembershipEvent.Suspected;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A real process that dies or stands still. */
class GossipProcessTest {
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

    @Test
    void pauseOfASecondIsForgivenAndALongOneIsAFailureUntilItEnds() throws Exception {
        try (Gossiper first = Gossiper.start("node-1");
                Gossiper second = Gossiper.start("node-2", first);
                GossipChild child = GossipChild.start("node-3", second)) {
            Member paused = first.await(GossipProcessTest::isJoinOfThird).member();
            second.await(GossipProcessTest::isJoinOfThird);

            child.pause();
            TimeUnit.SECONDS.sleep(1);
            child.resume();
            // By then the suspicion would have come to its end.
            TimeUnit.SECONDS.sleep(4);
            assertThat(first.events()).doesNotContain(new Failed(paused));
            assertThat(second.events()).doesNotContain(new Failed(paused));

            child.pause();
            first.await(new Failed(paused));
            second.await(new Failed(paused));
            child.resume();
            for (Gossiper each : List.of(first, second)) {
                each.awaitInOrder(new Joined(paused), new Failed(paused), new Joined(paused));
            }
        }
    }

    private static boolean isJoinOfThird(MembershipEvent event) {
        return event instanceof Joined(Member member) && member.nodeId().equals("node-3");
    }

    private static long msSince(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
    }
}
