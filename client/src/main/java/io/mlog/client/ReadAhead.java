package io.mlog.client;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What was fetched and waits for a poll: the event loop puts in, the consumer's thread takes out.
 * It bounds itself by asking readers to hold back, see {@link #hasRoom}.
 */
final class ReadAhead {
    private final LinkedBlockingQueue<Delivery> queue = new LinkedBlockingQueue<>();
    private final AtomicLong bytes = new AtomicLong();
    private final long capacity;

    ReadAhead(long capacity) {
        this.capacity = capacity;
    }

    boolean hasRoom() {
        return bytes.get() < capacity;
    }

    void put(Delivery delivery) {
        bytes.addAndGet(delivery.bytes());
        queue.add(delivery);
    }

    /** The next one, or null when none comes in time. */
    @Nullable Delivery take(long timeoutNanos) throws InterruptedException {
        Delivery next = queue.poll(timeoutNanos, TimeUnit.NANOSECONDS);
        if (next != null) {
            bytes.addAndGet(-next.bytes());
        }
        return next;
    }
}
