package io.mlog.broker.partition;

import io.mlog.core.replication.WaitingProduces;
import io.mlog.model.ErrorCode;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The produce requests that wait for a partition's high watermark, and the timer that gives them
 * up. Guarded by the partition's lock.
 */
final class ParkedProduces {
    /** Most that may wait for one partition. */
    static final int LIMIT = 100_000;

    private final WaitingProduces<CommitListener> waiting = new WaitingProduces<>(LIMIT);
    private final Timer timer;
    private final Effects effects;
    private final Runnable expiry;
    private final BiConsumer<ErrorCode, String> givenUp;
    private long expiryMs = Long.MAX_VALUE;
    private Timer.@Nullable Cancellable expiryTimer;

    /**
     * {@code expiry} is run by the timer, and is to call {@link #expire} under the lock.
     *
     * @param givenUp told of each request whose time is over
     */
    ParkedProduces(
            Timer timer, Effects effects, Runnable expiry, BiConsumer<ErrorCode, String> givenUp) {
        this.timer = timer;
        this.effects = effects;
        this.expiry = expiry;
        this.givenUp = givenUp;
    }

    boolean full() {
        return waiting.full();
    }

    /**
     * Lets a request wait until everything below {@code endOffset} is committed, for {@code
     * timeoutMs} at most, whatever becomes of the time of day.
     */
    void park(long endOffset, long timeoutMs, CommitListener request) {
        long deadlineMs = timer.nowMs() + timeoutMs;
        waiting.park(endOffset, deadlineMs, request);
        if (deadlineMs < expiryMs) {
            scheduleExpiry(deadlineMs);
        }
    }

    void release(long highWatermark) {
        for (CommitListener committed : waiting.release(highWatermark)) {
            effects.add(committed::committed);
        }
    }

    /** Gives up those whose time is over. */
    void expire(ErrorCode error, String message) {
        expiryMs = Long.MAX_VALUE;
        for (CommitListener late : waiting.expire(timer.nowMs())) {
            givenUp.accept(error, message);
            effects.add(() -> late.failed(error, message));
        }
        waiting.nextDeadlineMs().ifPresent(this::scheduleExpiry);
    }

    /** Gives all up, and the timer with them: it may come when nobody leads here any more. */
    void refuse(ErrorCode error, String message) {
        if (expiryTimer != null) {
            expiryTimer.cancel();
        }
        expiryMs = Long.MAX_VALUE;
        for (CommitListener each : waiting.drain()) {
            effects.add(() -> each.failed(error, message));
        }
    }

    private void scheduleExpiry(long deadlineMs) {
        if (expiryTimer != null) {
            expiryTimer.cancel();
        }
        expiryMs = deadlineMs;
        expiryTimer = timer.after(Math.max(1, deadlineMs - timer.nowMs()), expiry);
    }
}
