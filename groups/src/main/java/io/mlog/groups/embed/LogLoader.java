package io.mlog.groups.embed;

import io.mlog.groups.CoordinatorLog;
import io.mlog.groups.CoordinatorLogs;
import io.mlog.groups.embed.Tenures.Tenure;
import io.mlog.model.MlogException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.coordinator.common.runtime.CoordinatorLoader;
import org.apache.kafka.coordinator.common.runtime.CoordinatorPlayback;
import org.apache.kafka.coordinator.common.runtime.CoordinatorRecord;

/**
 * Reads a partition from its beginning to its end, uncommitted tail included, into a coordinator's
 * state. Loads run one after the other on a thread that lives while there are any. What waits is
 * bounded: one load for each partition, besides superseded ones, which end at once.
 */
final class LogLoader implements CoordinatorLoader<CoordinatorRecord> {
    private static final int IDLE_SECONDS = 10;

    private static final long COMMIT_PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long LOOK_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private final CoordinatorLogs logs;
    private final Tenures tenures;
    private final PassingRecords passing;
    private final Time time;
    private final ThreadPoolExecutor executor;

    LogLoader(CoordinatorLogs logs, Tenures tenures, PassingRecords passing, Time time) {
        this.logs = logs;
        this.tenures = tenures;
        this.passing = passing;
        this.time = time;
        executor =
                new ThreadPoolExecutor(
                        1,
                        1,
                        IDLE_SECONDS,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(),
                        Thread.ofPlatform().daemon().name("group-loader").factory());
        executor.allowCoreThreadTimeOut(true);
    }

    @Override
    public CompletableFuture<LoadSummary> load(
            TopicPartition partition, CoordinatorPlayback<CoordinatorRecord> playback) {
        CoordinatorLog log = logs.log(partition.partition()).orElse(null);
        if (log == null) {
            return CompletableFuture.failedFuture(
                    KafkaErrors.notLeader(partition + " has no replica on this broker"));
        }
        int epoch = log.leaderEpoch();
        if (epoch < 0) {
            return CompletableFuture.failedFuture(
                    KafkaErrors.notLeader("this broker does not lead " + partition));
        }
        Tenure tenure = tenures.begin(partition.partition(), epoch);
        CompletableFuture<LoadSummary> done = new CompletableFuture<>();
        long queuedMs = time.milliseconds();
        long patientUntilNanos = time.nanoseconds() + COMMIT_PATIENCE_NANOS;
        executor.execute(() -> {
            awaitCommitted(log, tenure, patientUntilNanos);
            run(partition, log, tenure, playback, queuedMs, done);
        });
        return done;
    }

    private void run(
            TopicPartition partition,
            CoordinatorLog log,
            Tenure tenure,
            CoordinatorPlayback<CoordinatorRecord> playback,
            long queuedMs,
            CompletableFuture<LoadSummary> done) {
        if (tenure.superseded()) {
            return;
        }
        try {
            long startMs = time.milliseconds();
            LogReplay replay = new LogReplay(partition, log, tenure, playback, passing);
            passing.loading(partition.partition());
            replay.run();
            if (log.leaderEpoch() != tenure.epoch()) {
                throw KafkaErrors.notLeader(
                        "leadership of " + partition + " ended while it was loaded");
            }
            LoadSummary summary =
                    new LoadSummary(
                            startMs,
                            time.milliseconds(),
                            startMs - queuedMs,
                            replay.records(),
                            replay.bytes());
            tenure.unlessSuperseded(() -> {
                passing.loadingEnds(partition.partition(), tenure.epoch());
                done.complete(summary);
            });
        } catch (MlogException e) {
            tenure.unlessSuperseded(() -> done.completeExceptionally(KafkaErrors.of(e)));
        } catch (RuntimeException e) {
            tenure.unlessSuperseded(() -> done.completeExceptionally(e));
        }
    }

    /**
     * What the leader before has written is committed a moment after an election. A coordinator
     * that begins sooner tells offsets that are older than what was acknowledged, or none. A tail
     * that is not committed for longer is loaded as such. Partitions that are elected together wait
     * together.
     */
    private void awaitCommitted(CoordinatorLog log, Tenure tenure, long untilNanos) {
        long end = log.endOffset();
        while (log.highWatermark() < end
                && !tenure.superseded()
                && time.nanoseconds() - untilNanos < 0) {
            LockSupport.parkNanos(LOOK_EVERY_NANOS);
        }
    }

    /** The coordinator closes it with itself. A load that runs ends with its current batch. */
    @Override
    public void close() {
        tenures.endAll();
        executor.close();
    }
}
