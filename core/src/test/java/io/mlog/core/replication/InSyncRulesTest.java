package io.mlog.core.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import org.junit.jupiter.api.Test;

/** R3 and R4: which in-sync set a leader wishes for. */
class InSyncRulesTest {
    @Test
    void aFollowerJoinsWhenItHasReachedTheHighWatermarkAndTheEpochsStart() {
        Leader behindEpoch = new Leader(90, 1, 1, 3);
        behindEpoch.fetched(2, 99);
        assertThat(behindEpoch.proposed()).isEmpty();
        behindEpoch.fetched(2, 100);
        assertThat(behindEpoch.proposed()).containsExactly(1, 2, 3);

        Leader behindHighWatermark = new Leader(90, 1, 1).appended(150);
        behindHighWatermark.fetched(2, 149);
        assertThat(behindHighWatermark.proposed()).isEmpty();
        behindHighWatermark.fetched(2, 150);
        assertThat(behindHighWatermark.proposed()).containsExactly(1, 2);
    }

    @Test
    void aProposalNamesTheEpochsItStartsFromAndTheBootsItSaw() {
        Leader leader = new Leader(100, 1, 1);
        leader.fetched(2, 100);

        IsrProposal proposal = leader.leadership.proposal().orElseThrow();

        assertThat(proposal.leaderEpoch()).isEqualTo(Leader.EPOCH);
        assertThat(proposal.partitionEpoch()).isEqualTo(40);
        assertThat(proposal.isr()).containsExactly(new IsrMember(1, 10), new IsrMember(2, 20));
        assertThat(leader.leadership.proposal()).isEmpty();
    }

    @Test
    void aBrokerThatMayNotBeInSyncIsNotProposed() {
        Leader leader = new Leader(100, 1, 1);
        leader.boots.remove(2);
        leader.sameEpochImage();

        leader.fetched(2, 100);
        leader.passes(500);

        assertThat(leader.proposed()).isEmpty();
    }

    @Test
    void aFollowerThatStoppedFetchingLeavesAfterTheLagTimeAndNotBefore() {
        Leader leader = new Leader(100, 1, 1, 2, 3);
        leader.fetched(2, 100);
        leader.passesWhile(3000, () -> leader.fetched(3, 100));
        assertThat(leader.proposed()).isEmpty();

        leader.passes(1);

        assertThat(leader.proposed()).containsExactly(1, 3);
    }

    @Test
    void aFollowerNeverSeenInThisEpochLeavesAfterTheLagTime() {
        Leader leader = new Leader(100, 1, 1, 2);
        leader.passesWhile(3000, () -> {});
        assertThat(leader.proposed()).isEmpty();

        leader.passes(1);

        assertThat(leader.proposed()).containsExactly(1);
    }

    @Test
    void withinTheLagThresholdAFollowerIsCurrent() {
        Leader leader = new Leader(100, 1, 1, 2, 3).appended(200);
        // Each time 10 (the threshold) and 11 records behind, and never at a log end seen before.
        leader.passesWhile(
                6000,
                () -> {
                    leader.appended(leader.logEnd + 20);
                    leader.fetched(2, leader.logEnd - 10);
                    leader.fetched(3, leader.logEnd - 21);
                });

        assertThat(leader.proposed()).containsExactly(1, 2);
    }

    @Test
    void steadyLoadFarAboveTheThresholdDemotesNobody() {
        Leader leader = new Leader(100, 1, 1, 2, 3);
        leader.passesWhile(
                60_000,
                () -> {
                    long seen = leader.logEnd;
                    leader.appended(leader.logEnd + 100_000);
                    leader.fetched(2, seen);
                    leader.fetched(3, seen);
                });

        assertThat(leader.proposed()).isEmpty();
    }

    @Test
    void aBurstDemotesNobodyWhoWorksItOffWithinTheLagTime() {
        Leader leader = new Leader(100, 1, 1, 2, 3);
        leader.fetched(2, 100);
        leader.fetched(3, 100);
        leader.appended(1_000_100);
        long[] copied = {100};

        leader.passesWhile(
                2500,
                () -> {
                    copied[0] += 200_000;
                    leader.fetched(2, copied[0]);
                    leader.fetched(3, copied[0]);
                });
        leader.passesWhile(
                5000,
                () -> {
                    leader.fetched(2, 1_000_100);
                    leader.fetched(3, 1_000_100);
                });

        assertThat(leader.proposed()).isEmpty();
    }

    @Test
    void aFollowerThatFetchesButFallsBehindForTheLagTimeLeaves() {
        Leader leader = new Leader(100, 1, 1, 2, 3);
        leader.fetched(2, 100);
        leader.appended(1_000_000);

        leader.passesWhile(
                4000,
                () -> {
                    leader.fetched(2, 200);
                    leader.appended(leader.logEnd + 1000);
                    leader.fetched(3, leader.logEnd);
                });

        assertThat(leader.proposed()).containsExactly(1, 3);
    }

    @Test
    void aJoinerHasTheLagTimeToShowThatItKeepsUp() {
        Leader leader = new Leader(100, 1, 1);
        leader.passesWhile(10_000, () -> {});

        leader.fetched(2, 100);
        assertThat(leader.proposed()).containsExactly(1, 2);
        leader.committed(1, 2);
        leader.passes(500);

        assertThat(leader.proposed()).isEmpty();
    }

    @Test
    void aJoinerThatDiesBeforeItIsCommittedIsWithdrawnByProposingTheCommittedSet() {
        Leader leader = new Leader(100, 1, 1);
        leader.fetched(2, 100);
        assertThat(leader.proposed()).containsExactly(1, 2);

        leader.passesWhile(3500, () -> {});

        assertThat(leader.proposed()).containsExactly(1);
    }

    @Test
    void aProposalOfWhichNothingIsHeardIsMadeAgain() {
        Leader leader = new Leader(100, 1, 1);
        leader.fetched(2, 100);
        assertThat(leader.proposed()).containsExactly(1, 2);
        leader.passes(500);
        leader.fetched(2, 100);
        assertThat(leader.proposed()).isEmpty();

        leader.passes(500);
        leader.fetched(2, 100);

        assertThat(leader.proposed()).containsExactly(1, 2);
    }

    @Test
    void aSecondJoinerDoesNotWaitForTheFirstsAnswer() {
        Leader leader = new Leader(100, 1, 1);
        leader.fetched(2, 100);
        assertThat(leader.proposed()).containsExactly(1, 2);

        leader.fetched(3, 100);

        assertThat(leader.proposed()).containsExactly(1, 2, 3);
    }

    @Test
    void aNewPartitionEpochMakesTheWishAnew() {
        Leader leader = new Leader(100, 1, 1);
        leader.fetched(2, 100);
        leader.proposed();

        leader.committed(1);

        IsrProposal again = leader.leadership.proposal().orElseThrow();
        assertThat(again.partitionEpoch()).isEqualTo(41);
        assertThat(again.isr()).hasSize(2);
    }

    @Test
    void aProposalThatWasOvertakenByAnImageIsNotSent() {
        Leader leader = new Leader(100, 1, 1);
        leader.fetched(2, 100);

        leader.committed(1, 2);

        assertThat(leader.proposed()).isEmpty();
    }

    @Test
    void aPauseOfTheLeaderItselfDemotesNobody() {
        Leader leader = new Leader(100, 1, 1, 2, 3);
        leader.passesWhile(
                2000,
                () -> {
                    leader.fetched(2, 100);
                    leader.fetched(3, 100);
                });

        leader.passes(60_000);

        assertThat(leader.proposed()).isEmpty();
        leader.passesWhile(2000, () -> {});
        assertThat(leader.proposed()).containsExactly(1);
    }

    @Test
    void aClockSetBackDelaysNoDemotion() {
        Leader leader = new Leader(100, 1, 1, 2, 3);
        leader.passes(-3_600_000);

        leader.passesWhile(3500, () -> leader.fetched(3, 100));

        assertThat(leader.proposed()).containsExactly(1, 3);
    }

    @Test
    void aReplicaThatIsNoneAnyMoreIsForgotten() {
        Leader leader = new Leader(100, 1, 1, 2);
        leader.leadership.changed(
                new PartitionView(
                        1,
                        Leader.EPOCH,
                        41,
                        java.util.List.of(1, 3),
                        java.util.List.of(1),
                        1,
                        leader.boots),
                leader.nowMs);

        assertThat(leader.fetched(2, 100)).isFalse();
        assertThat(leader.leadership.followers(leader.nowMs))
                .extracting(FollowerStatus::brokerId)
                .containsExactly(3);
    }

    @Test
    void aFollowersStatusTellsHowLongItHasNotKeptUp() {
        Leader leader = new Leader(100, 2, 1, 2, 3);
        leader.fetched(2, 100);
        leader.passes(700);
        leader.fetched(3, 100);
        leader.passes(100);

        assertThat(leader.leadership.followers(leader.nowMs))
                .extracting(FollowerStatus::brokerId, FollowerStatus::sinceCurrentMs)
                .containsExactly(tuple(2, 800L), tuple(3, 100L));
    }

    @Test
    void limitsThatNobodyCanKeepAreRefused() {
        assertThatThrownBy(() -> new IsrLimits(-1, 1)).hasMessageContaining("-1 records");
        assertThatThrownBy(() -> new IsrLimits(0, 0)).hasMessageContaining("0 ms");
    }
}
