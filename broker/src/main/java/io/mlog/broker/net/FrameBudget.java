package io.mlog.broker.net;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Bytes held for unfinished frames over all connections. Any thread.
 *
 * <p>Without it a hundred peers that really send 90 MB of a frame and then stop would exhaust the
 * memory, each of them within its own limit.
 */
final class FrameBudget {
    private final long maxBytes;
    private final AtomicLong heldBytes = new AtomicLong();

    FrameBudget(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** Takes {@code bytes}, or nothing and returns false when that would be too many. */
    boolean take(long bytes) {
        if (heldBytes.addAndGet(bytes) <= maxBytes) {
            return true;
        }
        heldBytes.addAndGet(-bytes);
        return false;
    }

    void giveBack(long bytes) {
        heldBytes.addAndGet(-bytes);
    }

    long heldBytes() {
        return heldBytes.get();
    }

    long maxBytes() {
        return maxBytes;
    }
}
