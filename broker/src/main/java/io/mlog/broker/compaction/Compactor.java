package io.mlog.broker.compaction;

import io.mlog.broker.partition.HostedPartitions;
import io.mlog.broker.partition.Partition;
import io.mlog.model.MlogException;
import io.mlog.model.TopicPartition;
import io.mlog.storage.CompactionMemory;
import io.mlog.storage.CompactionReport;
import io.mlog.storage.CompactionRun;
import io.mlog.storage.DataDirectory;
import io.mlog.storage.Dirtiness;
import java.io.IOException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compacts the partitions of compacted topics, the dirtiest first, one at a time. Its thread and
 * its memory are there only while something is due. A partition that cannot be compacted is told,
 * marked and passed over; one that was stopped by a full disk or by a change of its log is tried
 * again at the next {@link #look}.
 */
public final class Compactor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Compactor.class);

    private final HostedPartitions hosted;
    private final DataDirectory directory;
    private final CompactionLimits limits;
    private final Consumer<Throwable> fatal;
    private final CompactionThrottle throttle;
    private final CompactionStats stats = new CompactionStats();

    /** Looks that found something and that no work has followed yet: the thread works until 0. */
    private final AtomicInteger looks = new AtomicInteger();

    private final ThreadPoolExecutor thread;

    /** Does nothing before the first {@link #look}. */
    public Compactor(
            HostedPartitions hosted,
            DataDirectory directory,
            CompactionLimits limits,
            Consumer<Throwable> fatal) {
        this.hosted = hosted;
        this.directory = directory;
        this.limits = limits;
        this.fatal = fatal;
        this.throttle = new CompactionThrottle(limits.bytesPerSecond());
        this.thread =
                new ThreadPoolExecutor(
                        1,
                        1,
                        1,
                        TimeUnit.SECONDS,
                        new ArrayBlockingQueue<>(1),
                        Thread.ofPlatform().daemon().name("mlog-compactor").factory());
        thread.allowCoreThreadTimeOut(true);
    }

    /**
     * Begins to work when something is due. While work is in progress it has the effect of a look
     * that comes when that has ended. Any thread.
     */
    public void look() {
        if (dirtiest(Set.of()) != null && looks.getAndIncrement() == 0) {
            try {
                thread.execute(this::work);
            } catch (RejectedExecutionException closed) {
                looks.set(0);
            }
        }
    }

    private void work() {
        try {
            CompactionMemory memory = new CompactionMemory(limits.keyBytes());
            for (int followed = looks.get(); followed > 0; followed = looks.addAndGet(-followed)) {
                compactAll(memory);
            }
        } catch (RuntimeException | Error bug) {
            looks.set(0);
            fatal.accept(bug);
        }
    }

    private void compactAll(CompactionMemory memory) {
        Set<TopicPartition> passedOver = new HashSet<>();
        for (Partition next = dirtiest(passedOver);
                next != null && !throttle.isClosed();
                next = dirtiest(passedOver)) {
            if (!compact(next, memory)) {
                passedOver.add(next.name());
            }
        }
    }

    /** The partition that has most to compact for its size, overdue ones first. */
    private @Nullable Partition dirtiest(Set<TopicPartition> passedOver) {
        Partition most = null;
        double mostRatio = -1;
        for (Partition each : hosted.all()) {
            if (each.wantsCompaction() && !passedOver.contains(each.name())) {
                Dirtiness dirt = each.dirtiness();
                double ratio = dirt.ratio() + (dirt.overdue() ? 1 : 0);
                if (ratio > mostRatio) {
                    most = each;
                    mostRatio = ratio;
                }
            }
        }
        return most;
    }

    /** Whether the partition may be looked at again now. */
    private boolean compact(Partition partition, CompactionMemory memory) {
        try {
            Optional<CompactionRun> planned = partition.compaction();
            return planned.isPresent() && run(partition, planned.get(), memory);
        } catch (MlogException offline) {
            LOG.error("{} cannot be compacted: {}", partition.name(), offline.reason());
            partition.flush(); // meets the same, and ends the partition's service
            return false;
        }
    }

    private boolean run(Partition partition, CompactionRun planned, CompactionMemory memory) {
        long cleanedBefore = partition.log().cleanedOffset();
        long bytesBefore = partition.log().sizeBytes();
        long begun = System.nanoTime();
        CompactionReport report = planned.run(memory, throttle);
        long now = System.nanoTime();
        stats.ran(report, now - begun, now);
        boolean done = report.end() == CompactionReport.End.DONE;
        if (done) {
            LOG.info(
                    "{} is compacted up to offset {}: {} of {} bytes are left, {} keys, in {} ms",
                    partition.name(),
                    partition.log().cleanedOffset(),
                    partition.log().sizeBytes(),
                    bytesBefore,
                    report.keys(),
                    (now - begun) / 1_000_000);
            rememberOffsets();
        } else {
            LOG.warn(
                    "{} is not compacted to its end: {} ({})",
                    partition.name(),
                    report.reason(),
                    report.end());
        }
        return done && partition.log().cleanedOffset() > cleanedBefore;
    }

    /** Without them the next start compacts again what is compact. */
    private void rememberOffsets() {
        try {
            directory.writeCleanerOffsets();
        } catch (IOException failure) {
            LOG.warn("the cleaner's offsets cannot be written: {}", failure.getMessage());
        }
    }

    CompactionStats.Figures figures() {
        return stats.figures();
    }

    /** Stops what is in progress; what was finished stays. */
    @Override
    public void close() {
        throttle.close();
        thread.shutdown();
        try {
            while (!thread.awaitTermination(1, TimeUnit.SECONDS)) {
                LOG.info("waiting for a compaction to stop");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
