package io.mlog.broker.flush;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Whether a target is waiting for a flush, in one, or both.
 *
 * <pre>
 * state     wanted again  taken by a thread  flush ended
 * IDLE      QUEUED        -                  -
 * QUEUED    QUEUED        RUNNING            -
 * RUNNING   AGAIN         -                  IDLE
 * AGAIN     AGAIN         -                  QUEUED
 * </pre>
 *
 * Any thread.
 */
public final class FlushTicket {
    private static final int IDLE = 0;
    private static final int QUEUED = 1;
    private static final int RUNNING = 2;
    private static final int AGAIN = 3;

    private final AtomicInteger state = new AtomicInteger(IDLE);

    /** Whether the caller must put the target into the queue. */
    boolean want() {
        while (true) {
            int now = state.get();
            if (now == QUEUED || now == AGAIN) {
                return false;
            }
            if (state.compareAndSet(now, now == IDLE ? QUEUED : AGAIN)) {
                return now == IDLE;
            }
        }
    }

    void begin() {
        if (!state.compareAndSet(QUEUED, RUNNING)) {
            throw new IllegalStateException(
                    "a flush began that was not queued: state " + state.get());
        }
    }

    /** Whether the target must go back into the queue. */
    boolean end() {
        if (state.compareAndSet(RUNNING, IDLE)) {
            return false;
        }
        if (!state.compareAndSet(AGAIN, QUEUED)) {
            throw new IllegalStateException(
                    "a flush ended that was not running: state " + state.get());
        }
        return true;
    }
}
