package io.mlog.client;

import io.mlog.model.Acks;
import io.mlog.model.ErrorCode;
import io.mlog.model.HostPort;
import io.mlog.model.MlogException;
import io.mlog.model.TopicPartition;
import io.mlog.protocol.ErrorResponse;
import io.mlog.protocol.FindTopicLeader;
import io.mlog.protocol.InitProducer;
import io.mlog.protocol.ProduceBatch;
import io.mlog.protocol.RpcResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out for one partition what its {@link Lane} decides: finds the leader, sends, judges the
 * reply. Owned by the event loop, except {@link #wake} and the inbox.
 */
final class LaneSender {
    private static final Logger LOG = LoggerFactory.getLogger(LaneSender.class);

    private final TopicPartition partition;
    private final ProducerConfig config;
    private final ClusterCaller caller;
    private final ProducerIds ids;
    private final BufferedBytes buffered;
    private final Inbox inbox;
    private final Lane lane;
    private final AtomicBoolean woken = new AtomicBoolean();
    private Optional<InitProducer.Response> lastId = Optional.empty();
    private Optional<ScheduledFuture<?>> timer = Optional.empty();
    private boolean waitingForId;
    private boolean troubled;

    LaneSender(
            TopicPartition partition,
            ProducerConfig config,
            ClusterCaller caller,
            ProducerIds ids,
            BufferedBytes buffered) {
        this.partition = partition;
        this.config = config;
        this.caller = caller;
        this.ids = ids;
        this.buffered = buffered;
        this.inbox = new Inbox(config, caller.clock());
        this.lane = new Lane(config.idempotent(), config.maxInFlight(), caller.backoff());
    }

    Inbox inbox() {
        return inbox;
    }

    /** Lets the loop look at the inbox soon. Any thread. */
    void wake() {
        if (woken.compareAndSet(false, true)) {
            try {
                caller.loop().execute(this::runGuarded);
            } catch (RejectedExecutionException e) {
                abandon();
            }
        }
    }

    /** What was accepted and is not settled, nothing lingering any longer. */
    List<OutgoingBatch> unsettled() {
        List<OutgoingBatch> all = new ArrayList<>(lane.unsettled());
        all.addAll(inbox.seal());
        return all;
    }

    /** Fails everything that is not settled and takes nothing more. */
    void abandon() {
        abandon(new MlogException(ErrorCode.NOT_READY, "this producer was closed"));
    }

    private void abandon(MlogException problem) {
        inbox.close().forEach(batch -> fail(batch, problem));
        lane.abandon().forEach(batch -> fail(batch, problem));
    }

    /** A bug of ours ends the lane. */
    private <T> BiConsumer<T, Throwable> loudly(BiConsumer<T, @Nullable Throwable> action) {
        return Guarded.callback(action, this::fail);
    }

    private void fail(Throwable bug) {
        LOG.error("the client's sender for {} failed", partition, bug);
        abandon(
                new MlogException(
                        ErrorCode.UNKNOWN_SERVER_ERROR,
                        "the client met a bug of its own while sending to "
                                + partition
                                + ": "
                                + bug));
    }

    private void runGuarded() {
        Guarded.run(this::run, this::fail);
    }

    private void run() {
        woken.set(false);
        long nowNanos = caller.clock().getAsLong();
        while (true) {
            switch (lane.next(nowNanos, inbox::take)) {
                case Lane.Step.Send(OutgoingBatch batch) -> send(batch);
                case Lane.Step.Fail fail -> carryOut(fail);
                case Lane.Step.WaitUntil(long nanos) -> {
                    runIn(nanos - nowNanos);
                    return;
                }
                case Lane.Step.NeedProducer() -> {
                    needProducer();
                    return;
                }
                case Lane.Step.Idle() -> {
                    OptionalLong lingerNanos = inbox.untilNext();
                    if (lingerNanos.isPresent() && lane.hasRoom()) {
                        runIn(lingerNanos.getAsLong());
                    }
                    return;
                }
            }
        }
    }

    private void runIn(long nanos) {
        timer.ifPresent(earlier -> earlier.cancel(false));
        timer =
                Optional.of(
                        caller.loop()
                                .schedule(
                                        this::runGuarded,
                                        Math.max(1, nanos),
                                        TimeUnit.NANOSECONDS));
    }

    private void needProducer() {
        if (waitingForId) {
            return;
        }
        waitingForId = true;
        ids.otherThan(lastId)
                .whenComplete(
                        loudly((id, failure) -> {
                            waitingForId = false;
                            if (failure == null) {
                                lastId = Optional.of(id);
                                lane.producer(id);
                            } else {
                                lane.noProducer(problem(failure), caller.clock().getAsLong());
                            }
                            wake();
                        }));
    }

    private void send(OutgoingBatch batch) {
        Optional<HostPort> leader = caller.nodes().leader(partition);
        if (leader.isPresent()) {
            sendTo(leader.get(), batch);
        } else {
            findLeader(batch);
        }
    }

    private void findLeader(OutgoingBatch batch) {
        HostPort address = caller.nodes().any();
        FindTopicLeader.Request question =
                new FindTopicLeader.Request(partition.topic(), partition.partition());
        caller.once(address, question, attemptMs(batch))
                .whenComplete(
                        loudly((reply, failure) -> {
                            if (batch.done().isDone()) {
                                return;
                            }
                            switch (reply) {
                                case FindTopicLeader.Response found -> {
                                    caller.nodes().leads(partition, found.leaderAddr());
                                    sendTo(found.leaderAddr(), batch);
                                }
                                case ErrorResponse error -> notSent(batch, error);
                                case null, default -> {
                                    caller.nodes().failed(address);
                                    settle(lane.postponed(batch, problem(failure), false, now()));
                                }
                            }
                        }));
    }

    /** The leader could not be found: the batch stays here. */
    private void notSent(OutgoingBatch batch, ErrorResponse error) {
        MlogException problem = new MlogException(error.code(), error.message());
        settle(
                error.retriable() && error.code() != ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
                        ? lane.postponed(batch, problem, false, now())
                        : lane.refused(batch, problem, now()));
    }

    private void sendTo(HostPort address, OutgoingBatch batch) {
        long attemptMs = attemptMs(batch);
        ProduceBatch.Request request =
                new ProduceBatch.Request(
                        partition.topic(),
                        batch.records(),
                        OptionalInt.of(partition.partition()),
                        config.acks(),
                        config.compression(),
                        Math.toIntExact(attemptMs),
                        batch.stamp());
        if (config.acks() == Acks.NONE) {
            caller.tell(address, request)
                    .whenComplete(loudly((told, failure) -> toldTo(address, batch, failure)));
        } else {
            caller.once(address, request, attemptMs)
                    .whenComplete(
                            loudly((reply, failure) -> answered(address, batch, reply, failure)));
        }
    }

    private void toldTo(HostPort address, OutgoingBatch batch, @Nullable Throwable failure) {
        if (failure == null && !batch.done().isDone()) {
            acknowledged(batch, Acknowledged.UNKNOWN_OFFSET);
        } else {
            answered(address, batch, null, failure);
        }
    }

    private void answered(
            HostPort address,
            OutgoingBatch batch,
            @Nullable RpcResponse reply,
            @Nullable Throwable failure) {
        if (batch.done().isDone()) {
            return;
        }
        switch (reply) {
            case ProduceBatch.Response stored -> acknowledged(batch, stored.baseOffset());
            case ErrorResponse error -> refused(address, batch, error);
            case null, default -> failed(address, batch, failure);
        }
    }

    private void refused(HostPort address, OutgoingBatch batch, ErrorResponse error) {
        MlogException problem = new MlogException(error.code(), error.message());
        switch (error.code()) {
            case DUPLICATE_SEQUENCE_NUMBER -> acknowledged(batch, Acknowledged.UNKNOWN_OFFSET);
            case NOT_LEADER -> {
                Optional<HostPort> elsewhere =
                        error.leader().filter(leader -> !leader.equals(address));
                caller.nodes().leaderRefused(partition, address, elsewhere);
                settle(lane.postponed(batch, problem, elsewhere.isPresent(), now()));
            }
            case REQUEST_TIMED_OUT, NOT_ENOUGH_REPLICAS_AFTER_APPEND ->
                    settle(lane.lost(batch, problem, now()));
            default ->
                    settle(
                            error.retriable()
                                    ? lane.postponed(batch, problem, false, now())
                                    : lane.refused(batch, problem, now()));
        }
    }

    private void failed(HostPort address, OutgoingBatch batch, @Nullable Throwable failure) {
        if (failure != null
                && AttemptFailedException.unwrap(failure) instanceof AttemptFailedException lost) {
            caller.nodes().failed(address);
            settle(
                    lost.maybeSent()
                            ? lane.lost(batch, problem(lost), now())
                            : lane.postponed(batch, problem(lost), false, now()));
        } else {
            settle(lane.refused(batch, problem(failure), now()));
        }
    }

    private void acknowledged(OutgoingBatch batch, long baseOffset) {
        lane.acknowledged(batch);
        buffered.release(batch.reservedBytes());
        batch.acknowledge(partition, baseOffset);
        if (troubled && !lane.isRecovering()) {
            troubled = false;
            notice(partition + " takes records again");
        }
        wake();
    }

    private void settle(Lane.Step step) {
        switch (step) {
            case Lane.Step.Fail fail -> carryOut(fail);
            case Lane.Step.Idle() -> {}
            default -> throw new IllegalStateException("a settled batch leads to " + step);
        }
        if (lane.isRecovering() && !troubled) {
            troubled = true;
            lane.lastProblem()
                    .ifPresent(last ->
                            notice(
                                    partition
                                            + " cannot be written now, trying again: "
                                            + last.reason()));
        }
        wake();
    }

    private void notice(String sentence) {
        Guarded.run(
                () -> config.notices().accept(sentence),
                failure -> LOG.warn("the listener for notices failed on: {}", sentence, failure));
    }

    private void carryOut(Lane.Step.Fail fail) {
        fail.batches().forEach(batch -> fail(batch, fail.problem()));
    }

    private void fail(OutgoingBatch batch, MlogException problem) {
        buffered.release(batch.reservedBytes());
        batch.fail(problem);
    }

    private long attemptMs(OutgoingBatch batch) {
        return Math.clamp(
                batch.deadline().remainingMs(), 1, config.connection().requestTimeout().toMillis());
    }

    private long now() {
        return caller.clock().getAsLong();
    }

    private static MlogException problem(@Nullable Throwable failure) {
        return switch (failure == null ? null : AttemptFailedException.unwrap(failure)) {
            case MlogException refusal -> refusal;
            case null ->
                    new MlogException(
                            ErrorCode.UNKNOWN_SERVER_ERROR, "the answer is of another kind");
            case AttemptFailedException attempt ->
                    new MlogException(
                            ErrorCode.REQUEST_TIMED_OUT, String.valueOf(attempt.getMessage()));
            case Throwable other ->
                    new MlogException(ErrorCode.UNKNOWN_SERVER_ERROR, String.valueOf(other));
        };
    }
}
