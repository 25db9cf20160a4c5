package io.mlog.client;

import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The memory that records on their way may take, and the back-pressure on whoever makes them: at
 * the bound {@link #reserve} waits for acknowledgements. Any thread.
 */
final class BufferedBytes {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition freed = lock.newCondition();
    private final long capacity;
    private long used;
    private boolean closed;

    BufferedBytes(long capacity) {
        this.capacity = capacity;
    }

    /**
     * Takes {@code bytes}, waiting up to {@code maxBlockMs} for them.
     *
     * @throws MlogException MESSAGE_TOO_LARGE when there could never be that much room,
     *     REQUEST_TIMED_OUT when there was none in time, NOT_READY when the client was closed
     */
    void reserve(long bytes, long maxBlockMs) {
        if (bytes > capacity) {
            throw new MlogException(
                    ErrorCode.MESSAGE_TOO_LARGE,
                    "a record of %d bytes does not fit into the buffer of %d bytes: raise bufferBytes"
                            .formatted(bytes, capacity));
        }
        lock.lock();
        try {
            long nanos = TimeUnit.MILLISECONDS.toNanos(maxBlockMs);
            while (used + bytes > capacity && !closed) {
                if (nanos <= 0) {
                    throw new MlogException(
                            ErrorCode.REQUEST_TIMED_OUT,
                            "the buffer of %d bytes has been full for %d ms: records are made faster than they are acknowledged"
                                    .formatted(capacity, maxBlockMs));
                }
                nanos = freed.awaitNanos(nanos);
            }
            if (closed) {
                throw new MlogException(ErrorCode.NOT_READY, "this producer was closed");
            }
            used += bytes;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MlogException(
                    ErrorCode.REQUEST_TIMED_OUT, "interrupted while the buffer was full");
        } finally {
            lock.unlock();
        }
    }

    void release(long bytes) {
        lock.lock();
        try {
            used -= bytes;
            freed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Takes nothing more, and wakes who waits. */
    void close() {
        lock.lock();
        try {
            closed = true;
            freed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    long used() {
        lock.lock();
        try {
            return used;
        } finally {
            lock.unlock();
        }
    }
}
