package io.mlog.broker.replica;

import io.mlog.model.TopicIdPartition;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Holds back the copying of partitions that this broker is only being added to, so that moving
 * replicas does not take the disks and the network from those in use. A bucket that fills with the
 * allowed bytes per second, up to one second's worth, and is emptied by what arrives; what was
 * fetched beyond it has to be waited for. Shared by all fetchers of a broker; any thread.
 */
public final class ReplicationThrottle {
    /** In place of a rate: there is no limit. */
    public static final long UNLIMITED = -1;

    private static final long NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    private final long bytesPerSecond;
    private final LongSupplier nanoTime;
    private volatile Set<TopicIdPartition> throttled = Set.of();
    private long left; // guarded by this; below 0: fetched ahead
    private long filledNanos; // guarded by this

    /**
     * A full bucket.
     *
     * @param bytesPerSecond 1 or more, or {@link #UNLIMITED}
     */
    public ReplicationThrottle(long bytesPerSecond, LongSupplier nanoTime) {
        if (bytesPerSecond < 1 && bytesPerSecond != UNLIMITED) {
            throw new IllegalArgumentException(
                    bytesPerSecond + " bytes per second are not 1 or more, nor -1 for no limit");
        }
        this.bytesPerSecond = bytesPerSecond;
        this.nanoTime = nanoTime;
        this.left = bytesPerSecond;
        this.filledNanos = nanoTime.getAsLong();
    }

    /** Whether anything is ever held back. */
    boolean isLimited() {
        return bytesPerSecond != UNLIMITED;
    }

    /** Holds back these partitions from now on, and no others. */
    void holdBack(Set<TopicIdPartition> partitions) {
        throttled = Set.copyOf(partitions);
    }

    /** How long to wait before the partition is asked for; 0: not at all. */
    long delayMs(TopicIdPartition partition) {
        if (!applies(partition)) {
            return 0;
        }
        synchronized (this) {
            fill();
            return left > 0 ? 0 : nanosFor(1 - left) / 1_000_000 + 1;
        }
    }

    /** Most bytes to ask for. */
    int mostBytes(TopicIdPartition partition, int otherwise) {
        return applies(partition) ? (int) Math.min(otherwise, bytesPerSecond) : otherwise;
    }

    /** The partition's records have arrived. */
    void took(TopicIdPartition partition, int bytes) {
        if (applies(partition)) {
            synchronized (this) {
                fill();
                left -= bytes;
            }
        }
    }

    private boolean applies(TopicIdPartition partition) {
        return isLimited() && throttled.contains(partition);
    }

    private void fill() {
        long now = nanoTime.getAsLong();
        long passed = now - filledNanos;
        if (passed >= nanosFor(bytesPerSecond - left)) {
            left = bytesPerSecond;
            filledNanos = now;
        } else {
            long bytes = (long) ((double) passed * bytesPerSecond / NANOS_PER_SECOND);
            left += bytes;
            filledNanos += nanosFor(bytes);
        }
    }

    private long nanosFor(long bytes) {
        return (long) ((double) bytes * NANOS_PER_SECOND / bytesPerSecond);
    }
}
