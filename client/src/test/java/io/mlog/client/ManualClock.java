package io.mlog.client;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * A clock that stands until a test, or a {@link FakeBroker}'s script, moves it, so that a deadline
 * comes neither before nor after what the test is about. What an event loop waits for, between
 * attempts and for a reply, is real time all the same. Any thread.
 */
final class ManualClock implements LongSupplier {
    private final AtomicLong nanos = new AtomicLong();

    void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    @Override
    public long getAsLong() {
        return nanos.get();
    }
}
