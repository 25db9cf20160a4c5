package io.mlog.core.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlog.core.replication.HighWatermark.Durability;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** R1, R2 and R8: how far the high watermark goes. */
class HighWatermarkRulesTest {
    /**
     * The maths of R1. Followers: fetch offset, - for not seen. ISR: the committed one, then what
     * was proposed on top of it.
     */
    @ParameterizedTest(name = "flushed {0} of {1}, followers {2} {3}, ISR {4}+{5}, min {6}: {7}")
    @CsvSource({
        // flushed, end, f2, f3, committed, proposed, min ISR, high watermark
        "150, 150,   -,   -, 1,     -,   1, 150",
        "140, 150,   -,   -, 1,     -,   1, 140",
        "150, 150,   -,   -, 1;2;3, -,   1,  90",
        "150, 150, 150,   -, 1;2;3, -,   1,  90",
        "150, 150, 120, 130, 1;2;3, -,   1, 120",
        "150, 150, 150, 150, 1;2;3, -,   1, 150",
        "110, 150, 150, 150, 1;2;3, -,   1, 110",
        "150, 150,  99, 130, 1;3,   -,   1, 130",
        "150, 150, 120, 130, 1;3,   -,   1, 120", // broker 2 has just asked to join
        "150, 150, 120,  95, 1;3,   -,   1,  95",
        "150, 150, 120,  95, 1;2,   -,   2, 120",
        "150, 150, 120,   -, 1;2,   -,   2, 120",
        "150, 150, 120, 150, 1,     2,   1, 120",
        "150, 150, 120, 110, 1,     2;3, 1, 110",
        "150, 150, 150, 150, 1,     -,   2,  90",
        "150, 150, 150, 150, 1;2,   -,   3,  90",
        "150, 150, 150, 150, 1;2,   3,   3,  90",
    })
    void highWatermarkIsTheLeastOfTheMaximalIsrAndStandsBelowTheMinIsr(
            long flushed,
            long end,
            String second,
            String third,
            String committed,
            String proposed,
            int minIsr,
            long expected) {
        Integer[] isr =
                Arrays.stream(committed.split(";")).map(Integer::valueOf).toArray(Integer[]::new);
        Leader leader = new Leader(90, 3, isr);
        for (String joiner : proposed.equals("-") ? new String[0] : proposed.split(";")) {
            leader.fetched(Integer.parseInt(joiner), 100);
        }
        leader.proposed();
        leader.minIsr = minIsr;
        if (!second.equals("-")) {
            leader.fetched(2, Long.parseLong(second));
        }
        if (!third.equals("-")) {
            leader.fetched(3, Long.parseLong(third));
        }
        leader.appended(end, flushed);

        leader.sameEpochImage();

        assertThat(leader.hw()).isEqualTo(expected);
    }

    @Test
    void highWatermarkWaitsForMembersNotSeenInThisEpoch() {
        Leader leader = new Leader(90, 1, 1, 2, 3).appended(150);

        leader.fetched(2, 150);
        assertThat(leader.hw()).isEqualTo(90);

        leader.fetched(3, 120);
        assertThat(leader.hw()).isEqualTo(120);
    }

    @Test
    void aFollowerThatOnlyAppendedWouldHoldTheLeaderItsFlushDoesNot() {
        Leader leader = new Leader(90, 1, 1, 2, 3);
        leader.fetched(2, 150);
        leader.fetched(3, 150);

        leader.appended(150, 100);
        assertThat(leader.hw()).isEqualTo(100);
        leader.flushed(150);
        assertThat(leader.hw()).isEqualTo(150);
    }

    @Test
    void withOsDurabilityTheLeadersLogEndCounts() {
        Leader leader = new Leader(90, 1, 1);
        leader.logEnd = 150;

        leader.leadership.local(Durability.OS, 100, 150);

        assertThat(leader.hw()).isEqualTo(150);
    }

    @Test
    void aProposedMemberHoldsTheHighWatermarkBeforeItIsCommitted() {
        Leader leader = new Leader(100, 1, 1);
        leader.fetched(2, 100);
        assertThat(leader.proposed()).containsExactly(1, 2);

        leader.appended(150);

        assertThat(leader.hw()).isEqualTo(100);
        leader.fetched(2, 140);
        assertThat(leader.hw()).isEqualTo(140);
    }

    @Test
    void aMemberProposedForRemovalHoldsTheHighWatermarkUntilThatIsCommitted() {
        Leader leader = new Leader(100, 1, 1, 2, 3).appended(150);
        leader.passesWhile(3500, () -> leader.fetched(2, 150));
        assertThat(leader.proposed()).containsExactly(1, 2);

        assertThat(leader.hw()).isEqualTo(100);
        leader.committed(1, 2);
        assertThat(leader.hw()).isEqualTo(150);
    }

    @Test
    void aProposalThatTimedOutStillHoldsTheHighWatermark() {
        Leader leader = new Leader(100, 1, 1);
        leader.fetched(2, 100);
        leader.proposed();
        leader.appended(150);

        leader.passes(60_000);
        leader.passesWhile(60_000, () -> {});
        leader.sameEpochImage();

        assertThat(leader.hw()).isEqualTo(100);
    }

    @Test
    void onlyAnImageWithAHigherPartitionEpochEndsAProposal() {
        Leader leader = new Leader(100, 1, 1);
        leader.fetched(2, 100);
        leader.proposed();
        leader.appended(150);

        leader.sameEpochImage();
        assertThat(leader.hw()).isEqualTo(100);

        leader.committed(1);
        assertThat(leader.hw()).isEqualTo(150);
    }

    @Test
    void everyProposalOnAPartitionEpochCountsNotOnlyTheLast() {
        Leader leader = new Leader(100, 1, 1);
        leader.fetched(2, 100);
        assertThat(leader.proposed()).containsExactly(1, 2);
        leader.passesWhile(4000, () -> leader.fetched(3, 100));
        assertThat(leader.proposed()).containsExactly(1, 3);

        leader.fetched(3, 150);
        leader.appended(150);

        assertThat(leader.hw()).isEqualTo(100);
    }

    @Test
    void anOlderImageIsNotObeyed() {
        Leader leader = new Leader(100, 1, 1, 2).appended(150);
        PartitionView older =
                new PartitionView(
                        1, Leader.EPOCH, 39, List.of(1, 2, 3), List.of(1), 1, leader.boots);

        leader.leadership.changed(older, leader.nowMs);

        assertThat(leader.hw()).isEqualTo(100);
        assertThat(leader.leadership.view().isr()).containsExactly(1, 2);
    }

    @Test
    void aFetchOfAnotherBootDoesNotCount() {
        Leader leader = new Leader(90, 1, 1, 2).appended(150);

        assertThat(leader.fetched(2, 19, 150)).isFalse();
        assertThat(leader.fetched(2, 21, 150)).isFalse();
        assertThat(leader.hw()).isEqualTo(90);

        assertThat(leader.fetched(2, 20, 150)).isTrue();
        assertThat(leader.hw()).isEqualTo(150);
    }

    @Test
    void aFetchOfAFencedOrForeignBrokerDoesNotCount() {
        Leader leader = new Leader(90, 1, 1, 2).appended(150);
        leader.boots.remove(2);
        leader.sameEpochImage();

        assertThat(leader.fetched(2, 150)).isFalse();
        assertThat(leader.fetched(4, 150)).isFalse();
        assertThat(leader.hw()).isEqualTo(90);
    }

    @Test
    void whatAnEarlierBootHadDoesNotCountForTheNext() {
        Leader leader = new Leader(90, 1, 1, 2, 3);
        leader.fetched(2, 150);
        leader.fetched(3, 150);
        leader.boots.put(2, 21L);
        leader.sameEpochImage();

        leader.appended(150);
        assertThat(leader.hw()).isEqualTo(100);

        leader.fetched(2, 21, 110);
        assertThat(leader.hw()).isEqualTo(110);
    }

    @Test
    void belowTheMinIsrNothingBecomesCommittedUntilTheIsrIsLargeEnoughAgain() {
        Leader leader = new Leader(100, 2, 1).appended(150);
        assertThat(leader.leadership.enoughReplicas()).isFalse();
        leader.fetched(2, 150);
        assertThat(leader.hw()).isEqualTo(100);

        leader.committed(1, 2);

        assertThat(leader.leadership.enoughReplicas()).isTrue();
        assertThat(leader.hw()).isEqualTo(150);
    }

    @Test
    void highWatermarkNeverMovesBackWhateverFollowersSay() {
        Leader leader = new Leader(90, 1, 1, 2).appended(150);
        leader.fetched(2, 150);

        leader.fetched(2, 120);

        assertThat(leader.hw()).isEqualTo(150);
    }

    @Test
    void isSettledOnlyOnceItHasReachedTheEpochsStart() {
        Leader leader = new Leader(90, 1, 1, 2);
        assertThat(leader.leadership.settled()).isFalse();
        leader.fetched(2, 99);
        assertThat(leader.leadership.settled()).isFalse();

        leader.fetched(2, 100);
        assertThat(leader.leadership.settled()).isTrue();
    }

    @Test
    void aLeadershipIsNotBegunOrContinuedByAnothersImage() {
        PartitionView others =
                new PartitionView(2, 8, 41, List.of(1, 2), List.of(1, 2), 1, Map.of());
        assertThatThrownBy(() ->
                        new Leadership(
                                new IsrMember(1, 10),
                                others,
                                0,
                                new HighWatermark(0),
                                Leader.LIMITS,
                                0))
                .hasMessageContaining("broker 1 cannot lead");
        Leader leader = new Leader(90, 1, 1);
        assertThatThrownBy(() -> leader.leadership.changed(others, 0))
                .hasMessageContaining("not continued by epoch 8");
    }
}
