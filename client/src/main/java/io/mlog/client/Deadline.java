package io.mlog.client;

import java.util.function.LongSupplier;

/**
 * A moment after which an answer is no longer wanted. Any thread.
 *
 * @param clock monotonic nanoseconds
 * @param allowedMs how long there was at the beginning, for messages
 */
record Deadline(LongSupplier clock, long atNanos, long allowedMs) {
    static Deadline in(long ms, LongSupplier clock) {
        return new Deadline(clock, clock.getAsLong() + ms * 1_000_000, ms);
    }

    /** What is left, rounded up; 0 when it has passed. */
    long remainingMs() {
        long nanos = atNanos - clock.getAsLong();
        return nanos <= 0 ? 0 : (nanos + 999_999) / 1_000_000;
    }

    boolean hasPassed() {
        return remainingMs() == 0;
    }
}
