package io.mlog.broker.partition;

import io.mlog.model.MlogException;
import io.mlog.storage.CompactionConfig;
import io.mlog.storage.CompactionRun;
import io.mlog.storage.Dirtiness;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the disk has its say: flushes, retention, compaction, and the end of a log that cannot be
 * used any more. Any thread; takes the partition's lock, but not while it flushes, which waits for
 * the disk.
 */
final class DiskDoor {
    private static final Logger LOG = LoggerFactory.getLogger(Partition.class);

    /** How long after a flush that failed for want of space the next one is tried. */
    private static final long FLUSH_AGAIN_MS = 1000;

    private final Replica replica;

    DiskDoor(Replica replica) {
        this.replica = replica;
    }

    /** Forces the log to disk and lets whoever waits for that go on. */
    long flush() {
        if (replica.stopped() != null) {
            return 0;
        }
        long before = replica.log.flushedOffset();
        try {
            replica.log.flush();
        } catch (MlogException failure) {
            failed(failure);
            return 0;
        }
        replica.locked(this::flushed);
        return Math.max(0, replica.log.flushedOffset() - before);
    }

    /** A full disk passes; a log that is offline does not. */
    private void failed(MlogException failure) {
        if (replica.log.offlineReason().isPresent()) {
            replica.locked(() -> goneOffline(failure));
        } else {
            replica.ports.timer().after(FLUSH_AGAIN_MS, replica::flushSoon);
        }
    }

    /**
     * Nobody is served here any more, until the broker is started again; a leader hands over. With
     * the lock held.
     */
    void goneOffline(MlogException failure) {
        boolean news = replica.stopped() == null;
        replica.stop(failure.code(), failure.reason());
        if (news && replica.role() instanceof Leading leading) {
            LOG.warn("{} cannot be led here any more: {}", replica.name, failure.reason());
            leading.resign();
        }
    }

    private void flushed() {
        switch (replica.role()) {
            case Leading leading -> leading.logMoved();
            case Following following -> {
                if (!replica.cutting() && following.position().isPresent()) {
                    replica.fetchable();
                }
            }
            case Waiting waiting -> {}
        }
    }

    /**
     * Drops the segments that retention lets go, and gives back those that nobody reads any more.
     */
    void clean() {
        PartitionSettings now = replica.settings();
        long nowMs = replica.ports.clock().millis();
        replica.locked(() -> {
            if (replica.stopped() == null && !replica.cutting()) {
                replica.producers.expire(nowMs);
                replica.log.deleteExpired(
                        nowMs,
                        now.retentionMs(),
                        now.retentionBytes(),
                        replica.highWatermark.value());
                now.compaction().ifPresent(how -> closeOldSegment(how, nowMs));
            }
        });
        replica.log.reapDeleted();
    }

    /** Only closed segments are compacted. */
    private void closeOldSegment(CompactionConfig how, long nowMs) {
        if (how.maxLagMs() < Long.MAX_VALUE) {
            replica.log.rollIfOlder(nowMs, how.maxLagMs(), replica.highWatermark.value());
        }
    }

    /** How much there is to compact, nothing unless the topic is. Takes no lock. */
    Dirtiness dirtiness() {
        Optional<CompactionConfig> how = replica.settings().compaction();
        return how.isEmpty() || replica.stopped() != null
                ? Dirtiness.NONE
                : replica.log.dirtiness(
                        how.get(), replica.ports.clock().millis(), replica.readableEnd());
    }

    /**
     * Plans a compaction that is run without the lock.
     *
     * @throws MlogException when the log is offline
     */
    Optional<CompactionRun> compaction() {
        Optional<CompactionConfig> how = replica.settings().compaction();
        replica.lock.lock();
        try {
            return how.isEmpty() || replica.stopped() != null || replica.cutting()
                    ? Optional.empty()
                    : replica.log.compaction(
                            how.get(),
                            replica.ports.clock().millis(),
                            replica.highWatermark.value());
        } finally {
            replica.lock.unlock();
        }
    }

    /** Why the log is not compacted although it should be; empty while nothing hinders that. */
    String notCompacted() {
        return replica.settings().compaction().isEmpty()
                ? ""
                : replica.log
                        .uncleanable()
                        .map(damage -> "not compacted any more: " + damage)
                        .orElse("");
    }
}
