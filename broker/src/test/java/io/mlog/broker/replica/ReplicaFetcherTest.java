package io.mlog.broker.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.broker.partition.FetchPosition;
import io.mlog.broker.partition.FollowedPartition;
import io.mlog.broker.partition.ManualTimer;
import io.mlog.model.ErrorCode;
import io.mlog.model.HostPort;
import io.mlog.services.LeaderAnswer;
import io.mlog.services.ReplicaAsk;
import io.mlog.services.ReplicaFetchCommand;
import io.mlog.services.ReplicaIdentity;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a fetcher sends, by what happens to it. */
final class ReplicaFetcherTest {
    private static final ReplicaIdentity SELF = new ReplicaIdentity(3, 1234);
    private static final BrokerEndpoint LEADER =
            new BrokerEndpoint(1, new HostPort("127.0.0.1", 9094));
    private static final FetcherLimits LIMITS = FetcherLimits.DEFAULTS;

    private final ManualTimer timer = new ManualTimer();
    private final ScriptedLink link = new ScriptedLink(LEADER);
    private final List<Integer> hints = new ArrayList<>();
    private final List<FollowedPartition> orphans = new ArrayList<>();
    private final List<Throwable> bugs = new ArrayList<>();
    private final ReplicationThrottle throttle =
            new ReplicationThrottle(1000, () -> TimeUnit.MILLISECONDS.toNanos(timer.millis()));
    private final ReplicationStats stats = new ReplicationStats();
    private final ReplicaFetcher fetcher =
            new ReplicaFetcher(
                    LEADER,
                    link,
                    new FollowerContext(
                            SELF,
                            LIMITS,
                            timer,
                            new Random(1),
                            hints::add,
                            throttle,
                            stats,
                            bugs::add),
                    orphans::add);

    private final FakeFollowed first = new FakeFollowed(0, 1);
    private final FakeFollowed second = new FakeFollowed(1, 1);

    @Test
    void beginsASessionWithEveryAskAndWithoutAWait() {
        assertThat(link.sent()).isEmpty();

        fetcher.fetchable(first);
        fetcher.fetchable(second);

        ReplicaFetchCommand request = link.onlySent();
        assertThat(request.replica()).isEqualTo(SELF);
        assertThat(request.sessionId()).isEqualTo(ReplicaFetchCommand.NO_SESSION);
        assertThat(request.sessionEpoch()).isEqualTo(ReplicaFetchCommand.FIRST_EPOCH);
        assertThat(request.maxWaitMs()).isZero();
        assertThat(request.maxBytes()).isEqualTo(LIMITS.maxBytes());
        assertThat(request.asks())
                .containsExactly(
                        new ReplicaAsk(first.id(), 5, 100, 4, 0, LIMITS.maxPartitionBytes()),
                        new ReplicaAsk(second.id(), 5, 100, 4, 0, LIMITS.maxPartitionBytes()));
    }

    @Test
    void sendsNothingElseUntilItHasASession() {
        fetcher.fetchable(first);
        link.onlySent();
        fetcher.fetchable(second);
        assertThat(link.sent()).isEmpty();

        link.answer();

        ReplicaFetchCommand next = link.onlySent();
        assertThat(next.sessionId()).isEqualTo(ScriptedLink.SESSION);
        assertThat(next.sessionEpoch()).isEqualTo(1);
        assertThat(next.asks()).extracting(ReplicaAsk::partition).containsExactly(second.id());
    }

    @Test
    void keepsOneRequestWithTheLeaderWhileAsksStand() {
        open(first, second);

        link.answer();

        ReplicaFetchCommand next = link.onlySent();
        assertThat(next.sessionEpoch()).isEqualTo(2);
        assertThat(next.maxWaitMs()).isEqualTo(LIMITS.maxWaitMs());
        assertThat(next.asks()).isEmpty();
        assertThat(link.outstanding()).isEqualTo(1);
        assertThat(timer.waiting()).as("timers").isZero();
    }

    @Test
    void asksAgainAsSoonAsTheFlushIsDone() {
        open(first);

        link.answer(first.records());
        assertThat(link.sent()).as("nothing stands while the flush runs").isEmpty();
        first.flushed();
        fetcher.fetchable(first);

        ReplicaFetchCommand next = link.onlySent();
        assertThat(next.asks()).extracting(ReplicaAsk::fetchOffset).containsExactly(101L);
        assertThat(timer.waiting()).as("timers").isZero();
    }

    @Test
    void asksAtOnceWithinTheAnswerWhenNoFlushIsWaitedFor() {
        first.waitsForFlush = false;
        open(first);

        link.answer(first.records());

        assertThat(link.onlySent().asks())
                .extracting(ReplicaAsk::fetchOffset)
                .containsExactly(101L);
    }

    @Test
    void aPartitionIsAskedForWhileTheRequestOfTheOthersWaits() {
        open(first);
        assertThat(link.outstanding()).isEqualTo(1);

        fetcher.fetchable(second);

        assertThat(link.asked()).containsExactly(1);
        assertThat(link.outstanding()).isEqualTo(2);
    }

    @Test
    void aRecordOfOneOfAThousandPartitionsCostsOneAsk() {
        FakeFollowed[] many =
                IntStream.range(0, 1000)
                        .mapToObj(index -> new FakeFollowed(index, 1))
                        .toArray(FakeFollowed[]::new);
        open(many);
        long requests = stats.requests();
        long asks = stats.asks();

        for (int round = 0; round < 10; round++) {
            link.answer(many[500].records());
            many[500].flushed();
            fetcher.fetchable(many[500]);
            link.run();
        }

        assertThat(stats.asks() - asks).isEqualTo(10);
        assertThat(stats.requests() - requests).isLessThanOrEqualTo(20);
        assertThat(many[500].received).hasSize(10);
    }

    @Test
    void onceTwoRequestsAreOutARecordCostsOneRequest() {
        open(first, second);
        for (int round = 0; round < 100; round++) {
            link.answer(first.records());
            first.flushed();
            fetcher.fetchable(first);
            link.run();
        }
        assertThat(link.outstanding()).isEqualTo(2);
        link.sent();

        link.answer(first.records());
        assertThat(link.sent()).as("one request is still with the leader").isEmpty();
        first.flushed();
        fetcher.fetchable(first);

        assertThat(link.asked()).containsExactly(0);
    }

    @Test
    void noMoreRequestsAreOutThanTheLeaderTakes() {
        FakeFollowed[] many =
                IntStream.rangeClosed(1, 20)
                        .mapToObj(index -> new FakeFollowed(index, 1))
                        .toArray(FakeFollowed[]::new);
        open(first);
        for (FakeFollowed each : many) {
            fetcher.fetchable(each);
            link.run();
        }
        assertThat(link.outstanding()).isEqualTo(ReplicaFetchCommand.MAX_OUTSTANDING);
        link.sent();

        link.answer();

        assertThat(link.asked()).as("the rest goes together").hasSize(20 - 7);
    }

    @Test
    void whatAPartitionReceivesIsWhatItAskedFor() {
        open(first);
        link.answer(first.records());

        assertThat(first.askedFor).containsExactly(new FetchPosition(1, 5, 100, 4, 0));
        assertThat(first.received)
                .singleElement()
                .satisfies(data -> {
                    assertThat(data.error()).isEqualTo(ErrorCode.NONE);
                    assertThat(data.highWatermark()).isEqualTo(90);
                    assertThat(data.records().remaining()).isEqualTo(10);
                });
    }

    @Test
    void aHighWatermarkAloneLeavesTheAskStanding() {
        open(first);
        link.answer(first.highWatermark());

        assertThat(first.received).hasSize(1);
        assertThat(link.onlySent().asks()).as("asked again").isEmpty();

        link.answer(first.records());
        assertThat(first.received).hasSize(2);
    }

    @Test
    void divergenceIsHandedOnAndAskedAgainFromWhereItLeads() {
        open(first);
        link.answer(first.divergence(40));
        assertThat(link.onlySent().asks()).extracting(ReplicaAsk::fetchOffset).containsExactly(40L);
    }

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
    void aPartitionThatFollowsAnotherLeaderIsForgotten() {
        open(first, second);
        first.follow(2, 6);
        fetcher.fetchable(first);
        link.answer(first.error(ErrorCode.NOT_LEADER));
        assertThat(link.asked()).isEmpty();

        first.follow(1, 7);
        fetcher.fetchable(first);
        assertThat(link.asks()).extracting(ReplicaAsk::leaderEpoch).containsExactly(7);
    }

    @Test
    void answersForWhatWasNotAskedAreDropped() {
        open(first);
        link.answer(second.records());
        assertThat(second.received).isEmpty();
        assertThat(link.onlySent().asks()).isEmpty();
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
    void moreAsksThanFitGoInFurtherRequests() {
        FakeFollowed[] many =
                IntStream.range(0, LIMITS.maxAsks() * 2 + 1)
                        .mapToObj(index -> new FakeFollowed(index, 1))
                        .toArray(FakeFollowed[]::new);
        for (FakeFollowed each : many) {
            fetcher.fetchable(each);
        }
        assertThat(link.onlySent().asks()).hasSize(LIMITS.maxAsks());
        link.answer();
        assertThat(link.sent())
                .extracting(request -> request.asks().size())
                .containsExactly(LIMITS.maxAsks(), 1);
    }

    @Test
    void aThrottledPartitionWaitsForItsBytesAndNobodyElseDoes() {
        throttle.holdBack(Set.of(first.id()));
        open(first, second);
        link.sent();

        link.answer(bytes(first, 3000), bytes(second, 3000));
        first.flushed();
        second.flushed();
        fetcher.fetchable(first);
        fetcher.fetchable(second);

        assertThat(link.asked()).containsExactly(1);
        timer.pass(1_900);
        assertThat(link.asked()).isEmpty();
        timer.pass(200);
        List<ReplicaAsk> asks = link.asks();
        assertThat(asks).extracting(ReplicaAsk::partition).containsExactly(first.id());
        assertThat(asks).extracting(ReplicaAsk::maxBytes).containsExactly(1000);
    }

    @Test
    void closingHandsOnWhatItFollowsAndWhateverComesLater() {
        open(first);
        fetcher.close();
        link.run();
        assertThat(link.closed).isTrue();
        assertThat(orphans).containsExactly(first);

        fetcher.fetchable(second);
        link.run();
        assertThat(orphans).containsExactly(first, second);
        timer.pass(10_000);
        assertThat(link.sent()).isEmpty();
    }

    @Test
    void aBugInAPartitionIsFatal() {
        open(first);
        first.bug = new IllegalStateException("a bug");
        link.answer(first.records());
        assertThat(bugs).containsExactly(first.bug);
    }

    /** Opens a session in which the partitions' asks stand, and one request waits. */
    private void open(FakeFollowed... partitions) {
        for (FakeFollowed each : partitions) {
            fetcher.fetchable(each);
        }
        assertThat(link.onlySent().asks()).hasSize(partitions.length);
        link.answer();
        assertThat(link.onlySent().asks()).isEmpty();
    }

    private static LeaderAnswer.Entry bytes(FakeFollowed partition, int size) {
        return new LeaderAnswer.Entry(
                partition.id(), ErrorCode.NONE, 90, 0, Optional.empty(), ByteBuffer.allocate(size));
    }
}
