package io.mlog.broker.replica;

import io.mlog.broker.net.PeerLine;
import io.mlog.broker.net.PeerLines;
import io.mlog.kafka.ReplicaFetchCodec;
import io.mlog.kafka.ReplicaFetchCodec.MalformedAnswerException;
import io.mlog.services.LeaderAnswer;
import io.mlog.services.ReplicaFetchCommand;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Fetch requests to one leader over one connection: gives them numbers, matches the answers, which
 * come in the requests' order, and gives the leader up when it is silent for too long. Owner: the
 * line's event loop.
 *
 * <p>Silence counts from the last byte, so a large answer on a slow way is waited for; it is looked
 * at once in a while, so that an answered request costs no timer.
 */
final class KafkaReplicaLink implements ReplicaLink, PeerLine.Peer {
    private final PeerLine line;
    private final LongSupplier nanoTime;
    private final long graceMs;
    private final ArrayDeque<Outstanding> outstanding = new ArrayDeque<>();
    private int lastCorrelationId;
    private boolean watching;
    private boolean closed;

    private record Outstanding(
            int correlationId, long sentNanos, long waitMs, Consumer<FetchOutcome> done) {}

    KafkaReplicaLink(PeerLines lines, BrokerEndpoint leader, LongSupplier nanoTime, long graceMs) {
        this.line = lines.line(leader.address(), this);
        this.nanoTime = nanoTime;
        this.graceMs = graceMs;
    }

    @Override
    public void fetch(ReplicaFetchCommand command, Consumer<FetchOutcome> done) {
        int correlationId = ++lastCorrelationId;
        outstanding.add(
                new Outstanding(
                        correlationId, nanoTime.getAsLong(), command.maxWaitMs() + graceMs, done));
        line.send(ReplicaFetchCodec.request(correlationId, command));
        watch();
    }

    @Override
    public void execute(Runnable task) {
        line.execute(task);
    }

    @Override
    public void close() {
        closed = true;
        outstanding.clear();
        line.hangUp();
    }

    @Override
    public void frame(ByteBuffer payload) {
        try {
            int correlationId = ReplicaFetchCodec.correlationId(payload);
            Outstanding oldest = outstanding.peek();
            if (oldest == null || oldest.correlationId() != correlationId) {
                giveUp(
                        FetchOutcome.Cause.MALFORMED,
                        "it answers request %d and not the oldest, %s"
                                .formatted(
                                        correlationId,
                                        oldest == null ? "none" : oldest.correlationId()));
                return;
            }
            LeaderAnswer answer = ReplicaFetchCodec.answer(payload);
            outstanding.poll();
            oldest.done().accept(new FetchOutcome.Answered(answer));
        } catch (MalformedAnswerException e) {
            giveUp(FetchOutcome.Cause.MALFORMED, e.reason());
        }
    }

    @Override
    public void lost(PeerLine.Failure failure, String reason) {
        fail(
                switch (failure) {
                    case BROKEN -> FetchOutcome.Cause.UNREACHABLE;
                    case BAD_FRAME -> FetchOutcome.Cause.MALFORMED;
                },
                reason);
    }

    private void giveUp(FetchOutcome.Cause cause, String reason) {
        line.hangUp();
        fail(cause, reason);
    }

    private void fail(FetchOutcome.Cause cause, String reason) {
        List<Outstanding> failed = new ArrayList<>(outstanding);
        outstanding.clear();
        FetchOutcome.Lost lost = new FetchOutcome.Lost(cause, reason);
        failed.forEach(each -> each.done().accept(lost));
    }

    private void watch() {
        if (!watching) {
            watching = true;
            lookAfter(outstanding.element().waitMs());
        }
    }

    private void lookAfter(long delayMs) {
        line.after(delayMs, this::look);
    }

    private void look() {
        Outstanding oldest = outstanding.peek();
        if (oldest == null || closed) {
            watching = false;
            return;
        }
        long since = Math.max(oldest.sentNanos(), line.lastByteNanos());
        long silentMs = TimeUnit.NANOSECONDS.toMillis(nanoTime.getAsLong() - since);
        if (silentMs < oldest.waitMs()) {
            lookAfter(oldest.waitMs() - silentMs);
            return;
        }
        watching = false;
        giveUp(FetchOutcome.Cause.SILENT, "nothing has come from it for " + silentMs + " ms");
    }
}
