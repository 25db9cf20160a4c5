package io.mlog.cluster.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.model.HostPort;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class IntroductionsTest {
    private static final HostPort PEER = new HostPort("peer", 1);
    private static final HostPort OTHER = new HostPort("other", 2);
    private static final List<HostPort> NOBODY = List.of();

    private final Introductions introductions = new Introductions(List.of(PEER));
    private long nowMs;

    @Test
    void peerIsTriedAtOnceAndThenAtGrowingIntervals() {
        assertThat(timesDue(PEER, 20_000, NOBODY))
                .startsWith(0L, 100L, 300L, 700L, 1500L, 3100L, 5100L, 7100L);
    }

    @Test
    void peerIsTriedLessOftenWhileSomebodyElseIsThere() {
        assertThat(timesDue(PEER, 60_000, List.of(OTHER)))
                .startsWith(0L, 100L, 300L, 700L, 1500L, 3100L, 6300L, 11300L, 16300L);
    }

    @Test
    void peerThatIsThereIsAskedAFewTimesAtFirst() {
        assertThat(timesDue(PEER, 60_000, List.of(PEER)))
                .containsExactly(0L, 100L, 300L, 700L, 1500L);
    }

    @Test
    void peerThatIsThereIsLeftAloneAndTriedAgainSoonAfterItWentAway() {
        nowMs = Introductions.EAGER_MS;
        assertThat(timesDue(PEER, 30_000, List.of(PEER))).isEmpty();
        introductions.wentAway("node-2", PEER, nowMs);
        long wentAway = nowMs;
        assertThat(timesDue(PEER, 1_000, NOBODY)).startsWith(wentAway + 100, wentAway + 300);
    }

    @Test
    void memberThatWentAwayIsTriedForADay() {
        introductions.isSelf(PEER);
        introductions.wentAway("node-2", OTHER, nowMs);
        assertThat(timesDue(OTHER, 1_000, NOBODY)).startsWith(100L, 300L, 700L);
        nowMs = Introductions.FORGOTTEN_MS - 1;
        assertThat(introductions.due(nowMs, NOBODY)).containsExactly(OTHER);
        nowMs = Introductions.FORGOTTEN_MS + 60_000;
        assertThat(introductions.due(nowMs, NOBODY)).isEmpty();
    }

    @Test
    void formerAddressOfANodeThatIsThereIsForgottenAndThePeersIsNot() {
        introductions.wentAway("node-2", OTHER, nowMs);
        introductions.wentAway("node-3", PEER, nowMs);
        introductions.isThere("node-2");
        introductions.isThere("node-3");
        nowMs = 100;
        assertThat(introductions.due(nowMs, NOBODY)).containsExactly(PEER);
        assertThat(introductions.isPeer(PEER)).isTrue();
    }

    @Test
    void formerMembersAreNotRememberedWithoutEnd() {
        for (int i = 0; i < 2 * Introductions.MOST_FORMER; i++) {
            introductions.wentAway("node-" + i, new HostPort("host", 1000 + i), nowMs);
        }
        nowMs = 100;
        assertThat(introductions.due(nowMs, NOBODY))
                .hasSize(1 + Introductions.MOST_FORMER)
                .contains(PEER, new HostPort("host", 999 + 2 * Introductions.MOST_FORMER));
    }

    @Test
    void nodeThatWasGivenOnlyItselfHasNoPeers() {
        assertThat(introductions.hasNoPeers()).isFalse();
        introductions.isSelf(PEER);
        assertThat(introductions.hasNoPeers()).isTrue();
        assertThat(new Introductions(List.of()).hasNoPeers()).isTrue();
    }

    @Test
    void peerThatTakesIntroductionsAndNeverAnswersIsSilent() {
        introductions.delivered(PEER, 0);
        introductions.delivered(PEER, Introductions.SILENCE_MS - 1);
        assertThat(introductions.silent(Introductions.SILENCE_MS - 1)).isEmpty();
        assertThat(introductions.silent(Introductions.SILENCE_MS)).containsExactly(PEER);
        introductions.answered();
        assertThat(introductions.silent(2 * Introductions.SILENCE_MS)).isEmpty();

        introductions.delivered(PEER, 0);
        introductions.refused(PEER);
        assertThat(introductions.silent(Introductions.SILENCE_MS)).as("it said why").isEmpty();
        introductions.delivered(PEER, 0);
        introductions.undelivered(PEER);
        assertThat(introductions.silent(Introductions.SILENCE_MS)).as("it is away").isEmpty();
    }

    @Test
    void failuresAreCountedUntilAnIntroductionArrives() {
        introductions.undelivered(PEER);
        introductions.undelivered(PEER);
        assertThat(introductions.failures(PEER)).isEqualTo(2);
        introductions.delivered(PEER, 0);
        assertThat(introductions.failures(PEER)).isZero();
        introductions.undelivered(OTHER);
        assertThat(introductions.failures(OTHER)).as("of someone unknown").isZero();
    }

    @Test
    void waitsEndWhenSomethingIsDue() {
        assertThat(introductions.due(nowMs, NOBODY)).containsExactly(PEER);
        assertThat(introductions.waitMs(nowMs)).isEqualTo(100);
        assertThat(introductions.waitMs(95)).as("never a busy loop").isEqualTo(10);
        introductions.isSelf(PEER);
        assertThat(introductions.waitMs(nowMs)).isEqualTo(Introductions.LONGEST_MS);
    }

    /** Lets that time pass in small steps. */
    private List<Long> timesDue(HostPort address, long ms, List<HostPort> present) {
        List<Long> times = new ArrayList<>();
        for (long endMs = nowMs + ms; nowMs < endMs; nowMs += 20) {
            if (introductions.due(nowMs, present).contains(address)) {
                times.add(nowMs);
            }
        }
        return times;
    }
}
