package io.mlog.broker.partition;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What a partition's lock made happen but must not run under it: replies and wake-ups. They are
 * queued while the lock is held and run, in order, by one thread at a time after it is released.
 *
 * <p>The queue is bounded by what was waiting in the partition.
 */
final class Effects {
    private final ConcurrentLinkedQueue<Runnable> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger pending = new AtomicInteger();

    /** Queues an effect; the partition's lock is held. */
    void add(Runnable effect) {
        queue.add(effect);
    }

    /** Whether {@link #drain} has nothing to do. */
    boolean isEmpty() {
        return queue.isEmpty();
    }

    /** Runs what is queued unless another thread does already; the partition's lock is not held. */
    void drain() {
        if (queue.isEmpty() || pending.getAndIncrement() != 0) {
            return; // the thread that drains sees our increment and looks again
        }
        int seen = 1;
        do {
            for (Runnable effect = queue.poll(); effect != null; effect = queue.poll()) {
                effect.run();
            }
            seen = pending.addAndGet(-seen);
        } while (seen != 0);
    }
}
