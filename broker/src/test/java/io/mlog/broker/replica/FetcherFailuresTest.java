package io.mlog.broker.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.model.ErrorCode;
import io.mlog.services.LeaderAnswer;
import io.mlog.services.ReplicaAsk;
import io.mlog.services.ReplicaFetchCommand;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a fetcher does about errors, lost connections and sessions that end. */
final class FetcherFailuresTest extends FetcherScene {
    @ParameterizedTest
    @EnumSource(
            value = ErrorCode.class,
            names = {
                "NOT_LEADER",
                "FENCED_LEADER_EPOCH",
                "UNKNOWN_LEADER_EPOCH",
                "UNKNOWN_TOPIC_ID",
                "STORAGE_ERROR"
            })
    void anErrorHoldsUpItsOwnPartitionOnly(ErrorCode error) {
        open(first, second);

        link.answer(first.error(error), second.records());
        second.flushed();
        fetcher.fetchable(second);

        assertThat(first.received).as("errors are the fetcher's").isEmpty();
        assertThat(link.asked()).containsExactly(1);
        timer.pass(LIMITS.partitionPauses().firstMs());
        assertThat(link.asked()).containsExactly(0);
    }

    @Test
    void repeatedErrorsLengthenThePauseAndSuccessShortensItAgain() {
        open(first);
        for (int failure = 1; failure <= 8; failure++) {
            long longest = Math.min(500, 20L << (failure - 1));
            link.answer(first.error(ErrorCode.NOT_LEADER));
            timer.pass(longest / 2 - 1);
            assertThat(link.asked()).as("before the pause of failure %d", failure).isEmpty();
            timer.pass(longest / 2 + 1);
            assertThat(link.asked()).as("after the pause of failure %d", failure).hasSize(1);
        }
        link.answer(first.records());
        first.flushed();
        fetcher.fetchable(first);
        assertThat(link.asked()).containsExactly(0);
        link.answer(first.error(ErrorCode.NOT_LEADER));
        timer.pass(20);
        assertThat(link.asked()).containsExactly(0);
    }

    @Test
    void aNewerLeadershipEndsThePauseAtOnce() {
        open(first);
        link.answer(first.error(ErrorCode.FENCED_LEADER_EPOCH));
        fetcher.fetchable(first);
        assertThat(link.asked()).as("told again without news").isEmpty();

        first.follow(1, 6);
        fetcher.fetchable(first);

        assertThat(link.asks()).extracting(ReplicaAsk::leaderEpoch).containsExactly(6);
        timer.pass(10_000);
        assertThat(link.asked()).as("the pause that was cut short does nothing").isEmpty();
    }

    @Test
    void anErrorToAnOldEpochIsNoReasonToWait() {
        open(first);
        first.follow(1, 6);
        fetcher.fetchable(first);
        assertThat(link.asked()).as("the old ask still stands").isEmpty();

        link.answer(first.error(ErrorCode.FENCED_LEADER_EPOCH));

        assertThat(link.asks()).extracting(ReplicaAsk::leaderEpoch).containsExactly(6);
    }

    @Test
    void anOffsetOutOfRangeIsHandedToThePartition() {
        open(first);
        link.answer(first.error(ErrorCode.OFFSET_OUT_OF_RANGE));
        assertThat(first.received)
                .singleElement()
                .satisfies(
                        data -> assertThat(data.error()).isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE));
        assertThat(link.asked()).as("it did not move: a pause").isEmpty();
        timer.pass(20);
        assertThat(link.asked()).containsExactly(0);
    }

    @Test
    void recordsThatAPartitionDropsAreAskedForAgainAfterAPause() {
        first.dropsRecords = true;
        open(first);
        link.answer(first.records());
        assertThat(first.received).hasSize(1);
        assertThat(link.asked()).isEmpty();
        timer.pass(20);
        assertThat(link.asked()).containsExactly(0);
    }

    @Test
    void aLostConnectionVoidsEveryAskAndIsAHint() {
        open(first, second);
        fetcher.fetchable(new FakeFollowed(2, 1));
        link.sent();

        link.lose(FetchOutcome.Cause.UNREACHABLE);

        assertThat(hints).as("one hint for one connection").containsExactly(1);
        assertThat(link.sent()).isEmpty();
        timer.pass(LIMITS.leaderPauses().firstMs());
        ReplicaFetchCommand again = link.onlySent();
        assertThat(again.sessionEpoch()).isZero();
        assertThat(again.asks()).hasSize(3);
    }

    @Test
    void aSilentLeaderIsNoHint() {
        open(first);
        link.lose(FetchOutcome.Cause.SILENT);
        assertThat(hints).isEmpty();
        timer.pass(LIMITS.leaderPauses().firstMs());
        assertThat(link.asked()).containsExactly(0);
    }

    @Test
    void pausesAfterLostConnectionsGrowUpToASecond() {
        fetcher.fetchable(first);
        for (int failure = 1; failure <= 10; failure++) {
            assertThat(link.sent()).as("try %d", failure).hasSize(1);
            link.lose(FetchOutcome.Cause.UNREACHABLE);
            long longest = Math.min(1000, 50L << (failure - 1));
            timer.pass(longest / 2 - 1);
            assertThat(link.sent()).isEmpty();
            timer.pass(longest / 2 + 1);
        }
        assertThat(hints).hasSize(10);
    }

    @Test
    void anAnswerOfAFormerSessionIsDropped() {
        open(first);
        fetcher.fetchable(second);
        Consumer<FetchOutcome> late = link.takeOldest();
        link.lose(FetchOutcome.Cause.SILENT);
        link.sent();

        late.accept(
                new FetchOutcome.Answered(
                        new LeaderAnswer(
                                ErrorCode.NONE, ScriptedLink.SESSION, List.of(first.records()))));

        assertThat(first.received).isEmpty();
        timer.pass(50);
        assertThat(link.asked()).containsExactly(0, 1);
    }

    @ParameterizedTest
    @EnumSource(
            value = ErrorCode.class,
            names = {
                "FETCH_SESSION_ID_NOT_FOUND",
                "INVALID_FETCH_SESSION_EPOCH",
                "STALE_BROKER_EPOCH",
                "CLUSTER_AUTHORIZATION_FAILED"
            })
    void aRefusedRequestEndsTheSession(ErrorCode error) {
        open(first);
        link.refuse(error);
        assertThat(link.sent()).isEmpty();
        timer.pass(LIMITS.leaderPauses().firstMs());
        assertThat(link.onlySent().sessionEpoch()).isZero();
        assertThat(hints).isEmpty();
    }

    @Test
    void anAnswerForAnotherSessionEndsTheSession() {
        open(first);
        link.answer(new LeaderAnswer(ErrorCode.NONE, 78, List.of(first.records())));
        assertThat(first.received).isEmpty();
        timer.pass(LIMITS.leaderPauses().firstMs());
        assertThat(link.onlySent().sessionEpoch()).isZero();
    }

    @Test
    void aLeaderThatGivesNoSessionIsAskedForOneAgain() {
        fetcher.fetchable(first);
        link.onlySent();
        link.answer(new LeaderAnswer(ErrorCode.NONE, 0, List.of(first.records())));
        assertThat(first.received).isEmpty();
        timer.pass(LIMITS.leaderPauses().firstMs());
        assertThat(link.asked()).containsExactly(0);
    }

    @Test
    void aBugInAPartitionIsFatal() {
        open(first);
        first.bug = new IllegalStateException("a bug");
        link.answer(first.records());
        assertThat(bugs).containsExactly(first.bug);
    }
}
