package io.mlog.client;

import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import io.mlog.protocol.InitProducer;
import io.mlog.protocol.ProducerStamp;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Decides the order in which one partition's batches travel, how they are numbered, and what is
 * sent again after a failure. No I/O, no clock; owned by the event loop.
 *
 * <table>
 * <caption>States</caption>
 * <tr><td>flowing</td><td>batches leave up to the bound on those in flight; one at a time until the
 *     broker has acknowledged the first under the present producer id, since a broker lets a
 *     producer it does not know begin anywhere</td></tr>
 * <tr><td>recovering</td><td>after a failure: nothing leaves until every batch in flight is
 *     settled and the wait is over; then the earliest alone goes as a probe. Its acknowledgement
 *     leads back to flowing, its failure to a longer wait</td></tr>
 * </table>
 *
 * <p>Invariants: batches are numbered in the order they leave the first time, and keep number and
 * order when they are sent again, so the broker can tell a repetition. When a batch fails for good,
 * its numbers are lost and with them the producer id: what follows is numbered anew under another
 * one, except batches that may have been appended already; these fail too rather than be doubled.
 *
 * <p>A batch that is late fails with the last problem. That its last attempt had little time and no
 * answer is none, when the broker gave a reason before; that it may have been stored is still said.
 */
final class Lane {
    private final boolean idempotent;
    private final int maxInFlight;
    private final Backoff backoff;
    private final Deque<OutgoingBatch> waiting = new ArrayDeque<>();
    private final List<OutgoingBatch> inFlight = new ArrayList<>();
    private Optional<InitProducer.Response> producer = Optional.empty();
    private int nextSequence;
    private long nextPlace;
    private boolean established;
    private boolean recovering;
    private boolean probing;
    private boolean lostProducerMayHaveWritten;
    private int failures;
    private long notBeforeNanos;
    private Optional<MlogException> lastProblem = Optional.empty();

    Lane(boolean idempotent, int maxInFlight, Backoff backoff) {
        this.idempotent = idempotent;
        this.maxInFlight = maxInFlight;
        this.backoff = backoff;
    }

    /** What is to be done now. */
    sealed interface Step {
        /** Send this batch; it is in flight from now on. */
        record Send(OutgoingBatch batch) implements Step {}

        /** These have failed for good. */
        record Fail(List<OutgoingBatch> batches, MlogException problem) implements Step {}

        /** Get a producer id that this lane has not had, then call {@link #producer}. */
        record NeedProducer() implements Step {}

        /** Nothing before this time, in ns of the clock. */
        record WaitUntil(long nanos) implements Step {}

        /** Nothing before something happens. */
        record Idle() implements Step {}
    }

    /**
     * The next step.
     *
     * @param fresh gives batches that never left, in order
     */
    Step next(long nowNanos, Supplier<Optional<OutgoingBatch>> fresh) {
        if (recovering && !inFlight.isEmpty()) {
            return new Step.Idle();
        }
        if (waiting.isEmpty() && inFlight.size() < limit()) {
            fresh.get().ifPresent(this::enter);
        }
        OutgoingBatch head = waiting.peek();
        if (head == null || inFlight.size() >= limit()) {
            return new Step.Idle();
        }
        if (head.deadline().hasPassed()) {
            waiting.remove();
            return giveUp(head, tooLate(head), nowNanos);
        }
        if (recovering && notBeforeNanos - nowNanos > 0) {
            return new Step.WaitUntil(Math.min(notBeforeNanos, head.deadline().atNanos()));
        }
        if (idempotent && producer.isEmpty()) {
            return new Step.NeedProducer();
        }
        waiting.remove();
        number(head);
        head.hurried(head.deadline().remainingMs() < RepeatedCall.LITTLE_MS);
        inFlight.add(head);
        probing = recovering;
        return new Step.Send(head);
    }

    /** A producer id for the batches from now on. */
    void producer(InitProducer.Response id) {
        producer = Optional.of(id);
        nextSequence = 0;
        established = false;
        lostProducerMayHaveWritten = false;
    }

    /** No producer id could be had; {@link #next} asks again after a wait. */
    void noProducer(MlogException problem, long nowNanos) {
        stumble(problem, nowNanos, false);
    }

    /** The batch is in the log. */
    void acknowledged(OutgoingBatch batch) {
        inFlight.remove(batch);
        established |= isOfThisProducer(batch);
        if (!recovering || probing) {
            recovering = false;
            probing = false;
            failures = 0;
            lastProblem = Optional.empty();
        }
    }

    /** The batch did not leave, or was refused for now, and is certainly not in the log. */
    Step postponed(OutgoingBatch batch, MlogException problem, boolean immediately, long nowNanos) {
        inFlight.remove(batch);
        stumble(cause(batch, problem), nowNanos, immediately);
        return putBack(batch, problem);
    }

    /** Nobody said what became of the batch. */
    Step lost(OutgoingBatch batch, MlogException problem, long nowNanos) {
        inFlight.remove(batch);
        batch.outcomeIsUnknown();
        stumble(cause(batch, problem), nowNanos, false);
        return putBack(batch, problem);
    }

    /** The batch was refused and will be refused again. */
    Step refused(OutgoingBatch batch, MlogException problem, long nowNanos) {
        inFlight.remove(batch);
        if (!isSequenceTrouble(problem.code())) {
            return giveUp(batch, doubtIncluded(batch, problem), nowNanos);
        }
        if (isOfThisProducer(batch) && !isEarliest(batch)) {
            stumble(problem, nowNanos, false);
            return putBack(batch, problem);
        }
        if (!isOfThisProducer(batch)) {
            stumble(problem, nowNanos, true);
            batch.stamp(Optional.empty());
            waiting.addFirst(batch);
            return inOrder();
        }
        if (batch.outcomeUnknown()) {
            return giveUp(batch, doubtIncluded(batch, problem), nowNanos);
        }
        stumble(problem, nowNanos, false);
        waiting.addFirst(batch);
        List<OutgoingBatch> doubtful = renounceProducer(false, nowNanos);
        return doubtful.isEmpty() ? new Step.Idle() : new Step.Fail(doubtful, problem);
    }

    /** Everything that is not settled, the earliest first; the lane is empty afterwards. */
    List<OutgoingBatch> abandon() {
        List<OutgoingBatch> all = unsettled();
        inFlight.clear();
        waiting.clear();
        return all;
    }

    /** Everything that is not settled. */
    List<OutgoingBatch> unsettled() {
        List<OutgoingBatch> all = new ArrayList<>(inFlight);
        all.addAll(waiting);
        return all;
    }

    /** Why the lane recovers; empty while it flows. */
    Optional<MlogException> lastProblem() {
        return lastProblem;
    }

    /** Whether a batch that never left could leave now. */
    boolean hasRoom() {
        return waiting.isEmpty()
                && inFlight.size() < limit()
                && !(recovering && !inFlight.isEmpty());
    }

    boolean isRecovering() {
        return recovering;
    }

    private void enter(OutgoingBatch batch) {
        batch.place(nextPlace++);
        waiting.add(batch);
    }

    private int limit() {
        return recovering || (idempotent && !established) ? 1 : maxInFlight;
    }

    private void number(OutgoingBatch batch) {
        if (producer.isPresent() && batch.stamp().isEmpty()) {
            InitProducer.Response id = producer.get();
            batch.stamp(
                    Optional.of(
                            new ProducerStamp(id.producerId(), id.producerEpoch(), nextSequence)));
            nextSequence = sequenceAfter(nextSequence, batch.count());
        }
    }

    /** After 2^31-1 comes 0. */
    static int sequenceAfter(int sequence, int count) {
        return (sequence + count) & Integer.MAX_VALUE;
    }

    private void stumble(MlogException problem, long nowNanos, boolean immediately) {
        lastProblem = Optional.of(problem);
        if (!recovering || probing) {
            failures++;
        }
        if (!recovering || probing || inFlight.isEmpty()) {
            long waitMs = immediately && failures <= 1 ? 0 : backoff.delayMs(Math.max(1, failures));
            notBeforeNanos = nowNanos + waitMs * 1_000_000;
        }
        recovering = true;
        probing = false;
    }

    /** What an attempt failed with; that it had no time hides no refusal that has a name. */
    private MlogException cause(OutgoingBatch batch, MlogException problem) {
        return batch.hurried() && problem.code() == ErrorCode.REQUEST_TIMED_OUT
                ? lastProblem
                        .filter(last -> last.code() != ErrorCode.REQUEST_TIMED_OUT)
                        .orElse(problem)
                : problem;
    }

    private Step putBack(OutgoingBatch batch, MlogException problem) {
        if (!isOfThisProducer(batch) && batch.stamp().isPresent()) {
            if (batch.outcomeUnknown() && lostProducerMayHaveWritten) {
                return new Step.Fail(List.of(batch), doubtIncluded(batch, problem));
            }
            batch.stamp(Optional.empty());
        }
        waiting.addFirst(batch);
        return inOrder();
    }

    /** Batches come back in any order; those that are numbered go by their numbers. */
    private Step inOrder() {
        List<OutgoingBatch> sorted = new ArrayList<>(waiting);
        sorted.sort(Comparator.comparingLong(OutgoingBatch::place));
        waiting.clear();
        waiting.addAll(sorted);
        return new Step.Idle();
    }

    private Step giveUp(OutgoingBatch batch, MlogException problem, long nowNanos) {
        List<OutgoingBatch> failed = new ArrayList<>(List.of(batch));
        if (isOfThisProducer(batch)) {
            failed.addAll(renounceProducer(batch.outcomeUnknown(), nowNanos));
        }
        return new Step.Fail(failed, problem);
    }

    private List<OutgoingBatch> renounceProducer(boolean mayHaveWritten, long nowNanos) {
        producer = Optional.empty();
        lostProducerMayHaveWritten = mayHaveWritten;
        if (!recovering && !inFlight.isEmpty()) {
            recovering = true;
            notBeforeNanos = nowNanos;
        }
        List<OutgoingBatch> doubtful = new ArrayList<>();
        for (OutgoingBatch batch : List.copyOf(waiting)) {
            if (mayHaveWritten && batch.outcomeUnknown()) {
                waiting.remove(batch);
                doubtful.add(batch);
            } else {
                batch.stamp(Optional.empty());
            }
        }
        return doubtful;
    }

    private boolean isOfThisProducer(OutgoingBatch batch) {
        return batch.stamp().isPresent()
                && producer.isPresent()
                && batch.stamp().get().producerId() == producer.get().producerId()
                && batch.stamp().get().producerEpoch() == producer.get().producerEpoch();
    }

    private boolean isEarliest(OutgoingBatch batch) {
        return unsettled().stream()
                .noneMatch(other -> other.place() < batch.place() && isOfThisProducer(other));
    }

    private static boolean isSequenceTrouble(ErrorCode code) {
        return code == ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER
                || code == ErrorCode.UNKNOWN_PRODUCER_ID
                || code == ErrorCode.INVALID_PRODUCER_EPOCH;
    }

    /** A record that failed was not stored, unless the message says that it may have been. */
    private static MlogException doubtIncluded(OutgoingBatch batch, MlogException problem) {
        return batch.outcomeUnknown()
                ? new MlogException(
                        problem.code(), problem.reason() + "; the records may have been stored")
                : problem;
    }

    private MlogException tooLate(OutgoingBatch batch) {
        String within =
                "%d records were not acknowledged within %d ms%s"
                        .formatted(
                                batch.count(),
                                batch.deadline().allowedMs(),
                                batch.outcomeUnknown() ? ", but may have been stored" : "");
        return lastProblem
                .map(last -> new MlogException(last.code(), within + ": " + last.reason()))
                .orElseGet(() -> new MlogException(ErrorCode.REQUEST_TIMED_OUT, within));
    }
}
