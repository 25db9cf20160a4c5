package io.mlog.broker.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.broker.partition.FetchPosition;
import io.mlog.model.ErrorCode;
import io.mlog.services.LeaderAnswer;
import io.mlog.services.ReplicaAsk;
import io.mlog.services.ReplicaFetchCommand;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a fetcher asks for, and when. */
final class ReplicaFetcherTest extends FetcherScene {
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

    private static LeaderAnswer.Entry bytes(FakeFollowed partition, int size) {
        return new LeaderAnswer.Entry(
                partition.id(), ErrorCode.NONE, 90, 0, Optional.empty(), ByteBuffer.allocate(size));
    }
}
