package io.mlog.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.client.Lane.Step;
import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import io.mlog.protocol.InitProducer;
import io.mlog.protocol.NewRecord;
import io.mlog.protocol.ProducerStamp;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LaneTest {
    private static final long MS = 1_000_000;
    private final MlogException lost = problem(ErrorCode.REQUEST_TIMED_OUT);
    private final MlogException full = new MlogException(ErrorCode.DISK_FULL, "12 bytes are free");
    private final MlogException gap = problem(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER);
    private final MlogException tooLarge = problem(ErrorCode.MESSAGE_TOO_LARGE);

    private final Lane lane = new Lane(true, 5, new Backoff(10, 1_000, new Random(1)));
    private final Deque<OutgoingBatch> fresh = new ArrayDeque<>();
    private long nowNanos;

    @Test
    void nothingLeavesWithoutAProducerId() {
        batch(1);
        assertThat(next()).isInstanceOf(Step.NeedProducer.class);
        lane.producer(id(7));
        assertThat(stamp(sent())).isEqualTo(new ProducerStamp(7, (short) 0, 0));
    }

    @Test
    void oneBatchLeavesUntilTheBrokerKnowsTheProducerThenFive() {
        flowing();
        for (int i = 0; i < 10; i++) {
            batch(1);
        }
        for (int i = 0; i < 5; i++) {
            sent();
        }
        assertThat(next()).isInstanceOf(Step.Idle.class);

        Lane fresher = new Lane(true, 5, new Backoff(10, 1_000, new Random(1)));
        fresher.producer(id(1));
        assertThat(fresher.next(0, this::take)).isInstanceOf(Step.Send.class);
        assertThat(fresher.next(0, this::take)).isInstanceOf(Step.Idle.class);
    }

    @Test
    void sequencesCountRecordsAndStartAgainBehindTheLargest() {
        flowing();
        batch(3);
        batch(2);
        assertThat(stamp(sent()).sequence()).isEqualTo(1);
        assertThat(stamp(sent()).sequence()).isEqualTo(4);
        batch(1);
        assertThat(stamp(sent()).sequence()).isEqualTo(6);
        assertThat(Lane.sequenceAfter(Integer.MAX_VALUE, 1)).isZero();
        assertThat(Lane.sequenceAfter(Integer.MAX_VALUE - 2, 5)).isEqualTo(2);
    }

    @Test
    void afterALossEverythingInFlightSettlesThenTheEarliestGoesAloneThenAllInOrder() {
        flowing();
        batch(1);
        batch(1);
        batch(1);
        OutgoingBatch a = sent();
        OutgoingBatch b = sent();
        OutgoingBatch c = sent();
        ProducerStamp stampOfA = stamp(a);

        lane.lost(b, lost, nowNanos);
        assertThat(next()).isInstanceOf(Step.Idle.class);
        lane.lost(c, lost, nowNanos);
        lane.lost(a, lost, nowNanos);
        assertThat(next()).isInstanceOf(Step.WaitUntil.class);
        nowNanos += 10 * MS;

        assertThat(sent()).isSameAs(a);
        assertThat(stamp(a)).isEqualTo(stampOfA);
        assertThat(next()).isInstanceOf(Step.Idle.class);
        lane.acknowledged(a);
        assertThat(sent()).isSameAs(b);
        assertThat(sent()).isSameAs(c);
    }

    @Test
    void waitsGrowWhileProbesFailAndOnceNotForEachBatchInFlight() {
        flowing();
        batch(1);
        batch(1);
        OutgoingBatch a = sent();
        OutgoingBatch b = sent();
        lane.lost(a, lost, nowNanos);
        lane.lost(b, lost, nowNanos);
        assertThat(waitMs()).isBetween(5L, 10L);
        nowNanos += 10 * MS;
        lane.lost(sent(), lost, nowNanos);
        assertThat(waitMs()).isBetween(10L, 20L);
        nowNanos += 20 * MS;
        lane.lost(sent(), lost, nowNanos);
        assertThat(waitMs()).isBetween(20L, 40L);
    }

    @Test
    void aGapBehindAPostponedBatchIsNoFailure() {
        flowing();
        batch(1);
        batch(1);
        OutgoingBatch a = sent();
        OutgoingBatch b = sent();

        assertThat(lane.refused(b, gap, nowNanos)).isInstanceOf(Step.Idle.class);
        assertThat(lane.postponed(a, full, false, nowNanos)).isInstanceOf(Step.Idle.class);
        nowNanos += 10 * MS;
        assertThat(sent()).isSameAs(a);
        lane.acknowledged(a);
        assertThat(sent()).isSameAs(b);
        assertThat(stamp(b).sequence()).isEqualTo(2);
    }

    @Test
    void anotherLeaderIsTriedAtOnceTheFirstTime() {
        flowing();
        batch(1);
        OutgoingBatch a = sent();
        lane.postponed(a, problem(ErrorCode.NOT_LEADER), true, nowNanos);
        assertThat(sent()).isSameAs(a);
        lane.postponed(a, problem(ErrorCode.NOT_LEADER), true, nowNanos);
        assertThat(next()).isInstanceOf(Step.WaitUntil.class);
    }

    @Test
    void aRefusedBatchFailsAloneAndWhatFollowsIsNumberedAnew() {
        flowing();
        batch(1);
        batch(1);
        OutgoingBatch a = sent();
        OutgoingBatch b = sent();

        Step refused = lane.refused(a, tooLarge, nowNanos);
        assertThat(failed(refused)).containsExactly(a);
        assertThat(problem(refused)).isSameAs(tooLarge);
        assertThat(lane.refused(b, gap, nowNanos)).isInstanceOf(Step.Idle.class);
        assertThat(next()).isInstanceOf(Step.NeedProducer.class);
        lane.producer(id(8));
        assertThat(sent()).isSameAs(b);
        assertThat(stamp(b)).isEqualTo(new ProducerStamp(8, (short) 0, 0));
    }

    @Test
    void whatWasLostBehindARefusedBatchCannotBeInTheLogAndGoesAgain() {
        flowing();
        batch(1);
        batch(1);
        OutgoingBatch a = sent();
        OutgoingBatch b = sent();
        lane.refused(a, tooLarge, nowNanos);

        assertThat(lane.lost(b, lost, nowNanos)).isInstanceOf(Step.Idle.class);
        assertThat(b.stamp()).isEmpty();
    }

    @Test
    void whatMayBeInTheLogFailsRatherThanBeDoubledUnderAnotherId() {
        flowing();
        batch(1, 50);
        batch(1);
        batch(1);
        OutgoingBatch a = sent();
        OutgoingBatch b = sent();
        OutgoingBatch c = sent();
        lane.lost(a, lost, nowNanos);
        lane.lost(b, lost, nowNanos);
        lane.refused(c, gap, nowNanos);
        nowNanos += 60 * MS;

        assertThat(failed(next())).containsExactly(a, b);
        assertThat(next()).isInstanceOf(Step.NeedProducer.class);
        lane.producer(id(9));
        assertThat(sent()).isSameAs(c);
    }

    @Test
    void aBatchInDoubtThatComesBackAfterTheIdWasRenouncedFailsToo() {
        flowing();
        batch(1);
        batch(1);
        OutgoingBatch a = sent();
        OutgoingBatch b = sent();
        a.outcomeIsUnknown();

        Step refused = lane.refused(a, tooLarge, nowNanos);
        assertThat(failed(refused)).containsExactly(a);
        assertThat(problem(refused)).hasMessage("told so; the records may have been stored");
        Step alsoLost = lane.lost(b, lost, nowNanos);
        assertThat(failed(alsoLost)).containsExactly(b);
        assertThat(problem(alsoLost)).hasMessage("told so; the records may have been stored");
    }

    @Test
    void aBatchInDoubtWhoseProducerTheBrokerForgotFailsAndSaysThatItMayBeStored() {
        flowing();
        batch(1);
        OutgoingBatch a = sent();
        lane.lost(a, lost, nowNanos);
        nowNanos += 10 * MS;
        assertThat(sent()).isSameAs(a);

        Step refused = lane.refused(a, gap, nowNanos);
        assertThat(failed(refused)).containsExactly(a);
        assertThat(problem(refused)).hasMessage("told so; the records may have been stored");
    }

    @Test
    void aBrokerThatForgotTheProducerGetsTheBatchUnderAnotherId() {
        flowing();
        batch(1);
        OutgoingBatch a = sent();

        assertThat(lane.refused(a, gap, nowNanos)).isInstanceOf(Step.Idle.class);
        nowNanos += 10 * MS;
        assertThat(next()).isInstanceOf(Step.NeedProducer.class);
        lane.producer(id(3));
        assertThat(sent()).isSameAs(a);
    }

    @Test
    void aBatchThatWasNeverSentFailsAtItsDeadlineAndCostsNoId() {
        flowing();
        batch(1, 5);
        nowNanos += 6 * MS;
        assertThat(failed(next())).hasSize(1);
        batch(1);
        assertThat(stamp(sent()).sequence()).isEqualTo(1);
    }

    @Test
    void aRefusalIsToldRatherThanThatTheLastAttemptHadNoTime() {
        OutgoingBatch a = sentAgainAfterADiskWasFull(59_990);
        lane.lost(a, lost, nowNanos);
        nowNanos += 10 * MS;

        Step step = next();
        assertThat(failed(step)).containsExactly(a);
        assertThat(problem(step))
                .hasMessage(
                        "1 records were not acknowledged within 60000 ms, but may have been stored:"
                                + " 12 bytes are free")
                .extracting(MlogException::code)
                .isEqualTo(ErrorCode.DISK_FULL);
    }

    @Test
    void norIsItHiddenByALookUpThatHadNoTime() {
        lane.postponed(sentAgainAfterADiskWasFull(59_990), lost, false, nowNanos);
        assertThat(lane.lastProblem()).hasValue(full);
    }

    @Test
    void anAttemptThatHadTimeAndGotNoAnswerIsTold() {
        lane.lost(sentAgainAfterADiskWasFull(30_000), lost, nowNanos);
        assertThat(lane.lastProblem()).hasValue(lost);
    }

    private OutgoingBatch sentAgainAfterADiskWasFull(long whenMs) {
        flowing();
        batch(1, 60_000);
        lane.postponed(sent(), full, false, nowNanos);
        nowNanos += whenMs * MS;
        return sent();
    }

    @Test
    void withoutIdempotenceThereAreNoNumbersAndOneBatchAtATime() {
        Lane plain = new Lane(false, 1, new Backoff(10, 1_000, new Random(1)));
        batch(1);
        batch(1);
        Step first = plain.next(nowNanos, this::take);
        assertThat(first).isInstanceOf(Step.Send.class);
        assertThat(((Step.Send) first).batch().stamp()).isEmpty();
        assertThat(plain.next(nowNanos, this::take)).isInstanceOf(Step.Idle.class);
    }

    /** A lane whose producer has sequence 0 acknowledged. */
    private void flowing() {
        lane.producer(id(1));
        batch(1);
        lane.acknowledged(sent());
    }

    private void batch(int records) {
        batch(records, 60_000);
    }

    private void batch(int records, long deadlineMs) {
        OutgoingBatch batch = new OutgoingBatch(Deadline.in(deadlineMs, () -> nowNanos), nowNanos);
        for (int i = 0; i < records; i++) {
            batch.add(NewRecord.of("x"), 1, 1);
        }
        fresh.add(batch);
    }

    private Optional<OutgoingBatch> take() {
        return Optional.ofNullable(fresh.poll());
    }

    private Step next() {
        return lane.next(nowNanos, this::take);
    }

    private OutgoingBatch sent() {
        Step step = next();
        assertThat(step).isInstanceOf(Step.Send.class);
        return ((Step.Send) step).batch();
    }

    private long waitMs() {
        Step step = next();
        assertThat(step).isInstanceOf(Step.WaitUntil.class);
        return (((Step.WaitUntil) step).nanos() - nowNanos) / MS;
    }

    private static List<OutgoingBatch> failed(Step step) {
        assertThat(step).isInstanceOf(Step.Fail.class);
        return ((Step.Fail) step).batches();
    }

    private static MlogException problem(Step step) {
        assertThat(step).isInstanceOf(Step.Fail.class);
        return ((Step.Fail) step).problem();
    }

    private static ProducerStamp stamp(OutgoingBatch batch) {
        return batch.stamp().orElseThrow();
    }

    private static InitProducer.Response id(long producerId) {
        return new InitProducer.Response(producerId, (short) 0);
    }

    private static MlogException problem(ErrorCode code) {
        return new MlogException(code, "told so");
    }
}
