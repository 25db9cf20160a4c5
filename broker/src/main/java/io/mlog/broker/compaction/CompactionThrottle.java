package io.mlog.broker.compaction;

import io.mlog.storage.CompactionPace;

/**
 * Lets a compaction pass so many bytes a second, and stops it when the broker does. Between two
 * compactions nothing is saved up. The compacting thread passes; any thread closes.
 */
final class CompactionThrottle implements CompactionPace {
    private static final long NANOS = 1_000_000_000L;

    /** Bytes of which the time is not looked at. */
    private static final long SLICE_BYTES = 64 << 10;

    private final long bytesPerSecond;
    private long sinceSlept;
    private long dueNanos;
    private boolean closed; // guarded by this

    /**
     * @param bytesPerSecond 0: as fast as it can
     */
    CompactionThrottle(long bytesPerSecond) {
        this.bytesPerSecond = bytesPerSecond;
    }

    @Override
    public boolean passed(long bytes) {
        if (bytesPerSecond == 0) {
            return !isClosed();
        }
        sinceSlept += bytes;
        if (sinceSlept < Math.min(SLICE_BYTES, bytesPerSecond)) {
            return !isClosed();
        }
        long now = System.nanoTime();
        long from = dueNanos == 0 || now - dueNanos > NANOS ? now : dueNanos;
        dueNanos = from + (long) ((double) sinceSlept * NANOS / bytesPerSecond);
        sinceSlept = 0;
        return waitUntil(dueNanos);
    }

    private synchronized boolean waitUntil(long end) {
        try {
            for (long left = end - System.nanoTime();
                    !closed && left > 0;
                    left = end - System.nanoTime()) {
                wait(left / 1_000_000, (int) (left % 1_000_000));
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            return false;
        }
        return !closed;
    }

    synchronized boolean isClosed() {
        return closed;
    }

    /** Nothing passes any more. */
    synchronized void close() {
        closed = true;
        notifyAll();
    }
}
