package io.mlog.broker.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.model.ErrorCode;
import io.mlog.model.OffsetAndEpoch;
import io.mlog.model.TopicIdPartition;
import io.mlog.services.ReplicaAsk;
import io.mlog.services.ReplicaFetchCommand;
import io.mlog.services.ReplicaFetched;
import io.mlog.services.ReplicaFetched.Found;
import io.mlog.services.ReplicaIdentity;
import io.mlog.services.WaitingFetch;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a follower's requests bring and take away. */
final class ReplicaSessionsTest extends ReplicaSessionScene {
    @Test
    void theFirstRequestGivesTheSessionsNumberAndEveryHighWatermark() {
        first.append(3);
        first.commitTo(2);
        open(ask(0, 3), ask(1, 0));

        assertThat(sessionId).isPositive();
        List<Found> found = onlyAnswer().found();
        assertThat(found).extracting(Found::partition).containsExactly(id(0), id(1));
        assertThat(found).extracting(Found::highWatermark).containsExactly(2L, 0L);
        assertThat(found).noneMatch(Found::endsAsk);
    }

    @Test
    void anAppendAnswersTheRequestThatWaits() {
        open(ask(0, 0), ask(1, 0));
        onlyAnswer();
        request();
        assertThat(answers).isEmpty();

        first.append(2);

        Found found = only(onlyAnswer());
        assertThat(found.partition()).isEqualTo(id(0));
        assertThat(found.records().sizeBytes()).isEqualTo(2 * FakeLed.RECORD_BYTES);
    }

    @Test
    void anAnsweredAskIsOverAndTheOthersGoOn() {
        open(ask(0, 0), ask(1, 0));
        onlyAnswer();
        request();
        first.append(2);
        onlyAnswer();
        request();

        first.append(2);
        assertThat(answers).as("nobody asks for it").isEmpty();

        second.append(1);
        assertThat(only(onlyAnswer()).partition()).isEqualTo(id(1));
    }

    @Test
    void anAskBroughtByALaterRequestIsAnsweredThroughAnEarlierOne() {
        open(ask(0, 0));
        onlyAnswer();
        int earlier = request();
        int later = request(ask(1, 0));
        takeAnswers();

        second.append(1);
        assertThat(answers).extracting(Answer::request).containsExactly(earlier);
        first.append(1);
        assertThat(answers).extracting(Answer::request).containsExactly(earlier, later);
    }

    @Test
    void recordsThatAreThereAlreadyAnswerAtOnce() {
        open(ask(0, 0));
        onlyAnswer();
        second.append(3);
        request(ask(1, 1));
        assertThat(only(onlyAnswer()).records().sizeBytes()).isEqualTo(2 * FakeLed.RECORD_BYTES);
    }

    @Test
    void anAskThatArrivesSaysWhereTheFollowerIs() {
        first.append(9);
        open(ask(0, 7));
        assertThat(first.fetchOffsets).containsEntry(FOLLOWER.brokerId(), 7L);
    }

    @Test
    void appendsSayNothingAboutTheFollower() {
        open(ask(0, 0));
        request();
        int before = first.acknowledged.size();
        first.append(1);
        timer.pass(10_000);
        assertThat(first.acknowledged).hasSize(before);
    }

    @Test
    void aRequestThatComesLaterRepeatsWhatStands() {
        open(ask(0, 0), ask(1, 0));
        for (int second = 0; second < 10; second++) {
            request();
            timer.pass(WAIT_MS);
        }
        assertThat(first.acknowledged).hasSize(10).containsOnly(ask(0, 0));
        assertThat(first.reads).as("reads").isLessThan(5);
    }

    @Test
    void manyRequestsInAShortTimeRepeatOnce() {
        open(ask(0, 0));
        for (int round = 0; round < 1000; round++) {
            second.append(1);
            request(ask(1, round));
            timer.pass(1);
        }
        assertThat(first.acknowledged).hasSizeBetween(3, 4);
    }

    @Test
    void aRequestIsAnsweredEmptyWhenItsWaitIsOver() {
        open(ask(0, 0));
        onlyAnswer();
        request();
        timer.pass(WAIT_MS - 1);
        assertThat(answers).isEmpty();
        timer.pass(1);
        assertThat(onlyAnswer().found()).isEmpty();
    }

    @Test
    void theOldestIsAnsweredWhenAsManyAreOutAsAreAllowed() {
        open(ask(0, 0));
        onlyAnswer();
        int oldest = request();
        for (int more = 2; more < ReplicaFetchCommand.MAX_OUTSTANDING; more++) {
            request();
        }
        assertThat(answers).isEmpty();
        request(ask(1, 0));
        assertThat(answers).extracting(Answer::request).containsExactly(oldest);
    }

    @Test
    void thousandIdlePartitionsAreReadOnceEach() {
        ReplicaAsk[] asks = new ReplicaAsk[1000];
        for (int i = 0; i < asks.length; i++) {
            second = led(i);
            asks[i] = ask(i, 0);
        }
        open(asks);
        answers.clear();
        int before = reads();
        for (int round = 0; round < 100; round++) {
            request();
            timer.pass(WAIT_MS);
        }
        assertThat(reads() - before).isZero();
        second.append(1);
        request();
        assertThat(answers.getLast().fetched().found()).hasSize(1);
        assertThat(reads() - before).isLessThan(4);
    }

    private int reads() {
        return hosted.values().stream().mapToInt(partition -> partition.reads).sum();
    }

    @Test
    void anAnswerHoldsNoMoreBytesThanAllowedAndTheRestFollows() {
        open(ask(0, 0), ask(1, 0));
        onlyAnswer();
        first.append(3);
        second.append(3);
        requestOf(45);
        List<Found> found = onlyAnswer().found();
        assertThat(found).extracting(Found::partition).containsExactly(id(0), id(1));
        assertThat(found).extracting(each -> each.records().sizeBytes()).containsExactly(30, 10);
    }

    @Test
    void whatDoesNotFitGoesFirstNextTime() {
        open(ask(0, 0), ask(1, 0));
        onlyAnswer();
        first.append(3);
        second.append(3);
        requestOf(30);
        assertThat(only(onlyAnswer()).partition()).isEqualTo(id(0));
        requestOf(30);
        assertThat(only(onlyAnswer()).partition()).isEqualTo(id(1));
    }

    @Test
    void theFirstBatchIsSentHoweverSmallTheLimit() {
        open(ask(0, 0));
        onlyAnswer();
        first.append(3);
        requestOf(1);
        assertThat(only(onlyAnswer()).records().sizeBytes()).isEqualTo(FakeLed.RECORD_BYTES);
    }

    @Test
    void noMoreRecordsOfAPartitionThanAllowed() {
        open(ask(0, 0));
        onlyAnswer();
        first.append(100);
        request();
        assertThat(only(onlyAnswer()).records().sizeBytes())
                .isEqualTo(MAX_RECORDS * FakeLed.RECORD_BYTES);
    }

    @Test
    void anAppendBetweenReadingAndWatchingIsNotMissed() {
        open(ask(0, 0));
        onlyAnswer();
        second.whileWatching = () -> second.append(1);
        request(ask(1, 0));
        assertThat(only(onlyAnswer()).partition()).isEqualTo(id(1));
    }

    @Test
    void theEndOfALeadershipAnswersItsAsks() {
        open(ask(0, 0), ask(1, 0));
        onlyAnswer();
        request();
        first.epoch(6);
        Found found = only(onlyAnswer());
        assertThat(found.partition()).isEqualTo(id(0));
        assertThat(found.error()).isEqualTo(ErrorCode.FENCED_LEADER_EPOCH);
    }

    @Test
    void divergenceIsAnsweredAtOnce() {
        open(ask(0, 0));
        onlyAnswer();
        second.divergence = new OffsetAndEpoch(4, 2);
        request(ask(1, 9));
        assertThat(only(onlyAnswer()).divergence()).contains(new OffsetAndEpoch(4, 2));
    }

    @Test
    void anAskAheadOfThisBrokersMetadataStandsUntilItHasActed() {
        first.leaderEpoch = 4;
        TopicIdPartition later = id(7);
        open(ask(0, 0), ask(7, 0), ask(1, 0));
        assertThat(only(onlyAnswer()).partition()).isEqualTo(id(1));
        request();

        first.leaderEpoch = 5;
        first.logEnd = 1;
        led(7).logEnd = 1;
        sessions.metadataActed();

        assertThat(onlyAnswer().found())
                .extracting(Found::partition)
                .containsExactlyInAnyOrder(id(0), later);
    }

    @Test
    void anAskThatStaysAheadIsRefusedAfterAWholeWait() {
        open(ask(7, 0), ask(1, 0));
        onlyAnswer();
        request();
        sessions.metadataActed();
        assertThat(answers).isEmpty();
        timer.pass(WAIT_MS);
        assertThat(only(onlyAnswer()).error()).isEqualTo(ErrorCode.UNKNOWN_TOPIC_ID);
    }

    @Test
    void aSecondAskForAPartitionTakesThePlaceOfTheFirst() {
        first.append(5);
        open(ask(0, 5));
        onlyAnswer();
        request(ask(0, 3));
        assertThat(only(onlyAnswer()).records().sizeBytes()).isEqualTo(20);
        request();
        first.append(1);
        assertThat(answers).as("the first ask is gone").isEmpty();
        assertThat(first.watchers()).isZero();
    }

    @Test
    void aRequestOutOfOrderEndsTheSession() {
        open(ask(0, 0));
        onlyAnswer();
        int waiting = request();
        nextEpoch++;
        int wrong = request();
        assertThat(answers).extracting(Answer::request).containsExactly(waiting, wrong);
        assertThat(answers)
                .extracting(answer -> answer.fetched().error())
                .containsOnly(ErrorCode.INVALID_FETCH_SESSION_EPOCH);
        assertThat(first.watchers()).isZero();
        takeAnswers();
        request();
        assertThat(onlyAnswer().error()).isEqualTo(ErrorCode.FETCH_SESSION_ID_NOT_FOUND);
    }

    @Test
    void aNewSessionEndsTheFormer() {
        open(ask(0, 0));
        onlyAnswer();
        int waiting = request();
        int former = sessionId;
        open(ask(0, 0));
        assertThat(answers.getFirst().request()).isEqualTo(waiting);
        assertThat(answers.getFirst().fetched().error())
                .isEqualTo(ErrorCode.FETCH_SESSION_ID_NOT_FOUND);
        assertThat(sessionId).isNotEqualTo(former);
        assertThat(first.watchers()).isEqualTo(1);
    }

    @Test
    void aConnectionThatIsGoneTakesItsAsksAlong() {
        open(ask(0, 0));
        onlyAnswer();
        WaitingFetch waiting = send(command(1 << 20));
        waiting.cancel();
        assertThat(first.watchers()).isZero();
        first.append(1);
        timer.pass(10_000);
        assertThat(answers).isEmpty();
        request();
        assertThat(onlyAnswer().error()).isEqualTo(ErrorCode.FETCH_SESSION_ID_NOT_FOUND);
    }

    @Test
    void onlyTheRegisteredBootOfABrokerMayFetch() {
        assertThat(refusal(new ReplicaIdentity(3, 1233))).isEqualTo(ErrorCode.STALE_BROKER_EPOCH);
        assertThat(refusal(new ReplicaIdentity(4, 1234)))
                .isEqualTo(ErrorCode.CLUSTER_AUTHORIZATION_FAILED);
        assertThat(first.acknowledged).isEmpty();
    }

    private ErrorCode refusal(ReplicaIdentity who) {
        List<ReplicaFetched> told = new ArrayList<>();
        sessions.fetch(new ReplicaFetchCommand(who, 0, 0, 0, 100, List.of(ask(0, 0))), told::add);
        return told.getFirst().error();
    }

    @Test
    void anUnknownSessionIsRefused() {
        sessionId = 4711;
        nextEpoch = 1;
        request(ask(0, 0));
        assertThat(onlyAnswer().error()).isEqualTo(ErrorCode.FETCH_SESSION_ID_NOT_FOUND);
        assertThat(first.acknowledged).isEmpty();
    }
}
