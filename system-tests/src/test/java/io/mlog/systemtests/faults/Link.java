package io.mlog.systemtests.faults;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * One direction from one place to another: what is sent that way passes, waits, or comes late. Held
 * bytes are not lost: as with TCP they arrive once the way is free, if the connection lives that
 * long. Any thread.
 */
final class Link {
    private static final long LOOK_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition freed = lock.newCondition();
    private boolean held; // guarded by lock
    private volatile long delayNanos;

    /** From now on nothing passes. */
    void hold() {
        lock.lock();
        try {
            held = true;
        } finally {
            lock.unlock();
        }
    }

    /** From now on everything passes, and at once. */
    void free() {
        lock.lock();
        try {
            held = false;
            delayNanos = 0;
            freed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** From now on every piece comes so much later; a connection passes one piece at a time. */
    void delay(Duration by) {
        delayNanos = by.toNanos();
    }

    /**
     * Blocks until something that has just been sent arrives.
     *
     * @param givenUp whether nobody waits for it any more
     * @return whether it arrives
     */
    boolean pass(BooleanSupplier givenUp) throws InterruptedException {
        awaitFree(givenUp);
        long late = delayNanos;
        if (late > 0) {
            TimeUnit.NANOSECONDS.sleep(late);
            awaitFree(givenUp);
        }
        return !givenUp.getAsBoolean();
    }

    private void awaitFree(BooleanSupplier givenUp) throws InterruptedException {
        lock.lock();
        try {
            while (held && !givenUp.getAsBoolean()) {
                freed.awaitNanos(LOOK_EVERY_NANOS);
            }
        } finally {
            lock.unlock();
        }
    }
}
