package io.mlog.broker;

import io.mlog.broker.compaction.Compactor;
import io.mlog.broker.config.StorageConfig;
import io.mlog.broker.flush.Flusher;
import io.mlog.broker.partition.HostedPartitions;
import io.mlog.broker.partition.Partition;
import io.mlog.core.replication.HighWatermark.Durability;
import io.mlog.model.MlogException;
import io.mlog.model.TopicPartition;
import io.mlog.storage.DataDirectory;
import java.io.IOException;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the disk needs from time to time: checkpoints, retention, a look at its space, at old
 * checksums and for something to compact, and a flush for partitions that nobody else flushes. Runs
 * on a thread of its own, wakes each second, and does nothing that an acknowledgement waits for.
 */
final class Housekeeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Housekeeper.class);
    private static final long PERIOD_MS = 1000;

    /** Bytes of closed segments whose checksums are checked each second. */
    private static final int SCRUB_BYTES = 4 << 20;

    private final DataDirectory directory;
    private final HostedPartitions hosted;
    private final Flusher flusher;
    private final Compactor compactor;
    private final long retentionPeriods;
    private final long compactionPeriods;
    private final long flushPeriods;
    private final Thread thread;
    private final Map<TopicPartition, Long> ends = new HashMap<>();
    private Iterator<Partition> scrubbed = List.<Partition>of().iterator();
    private boolean diskFull;
    private boolean closed; // guarded by this

    Housekeeper(
            DataDirectory directory,
            HostedPartitions hosted,
            Flusher flusher,
            Compactor compactor,
            StorageConfig storage,
            Consumer<Throwable> fatal) {
        this.directory = directory;
        this.hosted = hosted;
        this.flusher = flusher;
        this.compactor = compactor;
        this.retentionPeriods = periods(storage.retentionCheckIntervalMs());
        this.compactionPeriods = periods(storage.compaction().checkIntervalMs());
        this.flushPeriods = periods(storage.flushIntervalMs());
        this.thread =
                Thread.ofPlatform()
                        .daemon()
                        .name("mlog-housekeeper")
                        .start(() -> {
                            try {
                                run();
                            } catch (RuntimeException | Error bug) {
                                fatal.accept(bug);
                            }
                        });
    }

    private static long periods(long intervalMs) {
        return Math.max(1, intervalMs / PERIOD_MS);
    }

    private void run() {
        for (long period = 1; awaitNextPeriod(); period++) {
            lookAtSpace();
            checkpoint();
            if (period % retentionPeriods == 0 || diskFull) {
                hosted.all().forEach(Partition::clean);
            }
            if (period % compactionPeriods == 0 && !diskFull) {
                compactor.look();
            }
            if (period % flushPeriods == 0) {
                flushUnpromised();
            }
            scrub();
        }
    }

    private synchronized boolean awaitNextPeriod() {
        long end = System.nanoTime() + PERIOD_MS * 1_000_000;
        try {
            for (long left = PERIOD_MS;
                    !closed && left > 0;
                    left = (end - System.nanoTime()) / 1_000_000) {
                wait(left);
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            return false;
        }
        return !closed;
    }

    private void lookAtSpace() {
        try {
            directory.diskSpace().measure();
        } catch (IOException failure) {
            LOG.error("the space of {} cannot be read: {}", directory.root(), failure.toString());
        }
        boolean full = directory.diskSpace().full();
        if (full != diskFull) {
            diskFull = full;
            if (full) {
                LOG.error(
                        "the disk of {} is full: produce is refused, all else goes on",
                        directory.root());
            } else {
                LOG.info("the disk of {} has space again: produce is accepted", directory.root());
            }
        }
    }

    private void checkpoint() {
        Map<TopicPartition, Long> highWatermarks = new HashMap<>();
        boolean changed = false;
        for (Partition partition : hosted.all()) {
            highWatermarks.put(partition.name(), partition.highWatermark());
            Long end = partition.log().logEndOffset() + partition.log().flushedOffset();
            changed |= !end.equals(ends.put(partition.name(), end));
        }
        changed |= ends.keySet().retainAll(highWatermarks.keySet());
        if (!changed || diskFull) {
            return;
        }
        try {
            directory.writeCheckpoints(highWatermarks);
        } catch (IOException | MlogException failure) {
            ends.clear();
            LOG.error(
                    "checkpoints of {} cannot be written: {}",
                    directory.root(),
                    failure.getMessage());
        }
    }

    private void flushUnpromised() {
        for (Partition partition : hosted.all()) {
            if (partition.settings().durability() == Durability.OS
                    && partition.log().flushedOffset() < partition.log().logEndOffset()) {
                flusher.schedule(partition);
            }
        }
    }

    private void scrub() {
        if (!scrubbed.hasNext()) {
            scrubbed = List.copyOf(hosted.all()).iterator();
        }
        if (scrubbed.hasNext()) {
            try {
                scrubbed.next().log().scrub(SCRUB_BYTES);
            } catch (MlogException offline) {
                LOG.debug("not scrubbed: {}", offline.reason());
            }
        }
    }

    /** Ends the thread after what it is doing. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
