package io.mlog.broker.partition;

/** The passing of time, for waits that end by themselves. */
public interface Timer {
    /**
     * Runs {@code task} once after {@code delayMs} milliseconds, on a thread that must not be
     * blocked.
     */
    Cancellable after(long delayMs, Runnable task);

    /** The time in ms, of a clock that only rises: it measures, and is not the time of day. */
    long nowMs();

    /** Something that need not happen any more. */
    interface Cancellable {
        /** Any thread; idempotent; no promise that the task is not running already. */
        void cancel();
    }
}
