package io.mlog.broker.compaction;

import io.mlog.broker.metrics.MetricSource;
import io.mlog.broker.metrics.Samples;
import io.mlog.broker.partition.HostedPartitions;
import io.mlog.broker.partition.Partition;

/** Figures of compaction. Any thread. */
public final class CompactionMetrics implements MetricSource {
    private final Compactor compactor;
    private final HostedPartitions hosted;

    /** Of this compactor and the partitions it works on. */
    public CompactionMetrics(Compactor compactor, HostedPartitions hosted) {
        this.compactor = compactor;
        this.hosted = hosted;
    }

    @Override
    public void collect(Samples samples) {
        CompactionStats.Figures figures = compactor.figures();
        samples.counter(
                "mlog_cleaner_runs",
                "Compactions of a partition, those that were cut short, too.",
                (double) figures.runs());
        samples.counter(
                "mlog_cleaner_failed_runs",
                "Compactions that did not get to their end.",
                (double) figures.failedRuns());
        samples.counter(
                "mlog_cleaner_read_bytes",
                "Bytes read by compaction.",
                (double) figures.readBytes());
        samples.counter(
                "mlog_cleaner_written_bytes",
                "Bytes written by compaction.",
                (double) figures.writtenBytes());
        samples.counter("mlog_cleaner_seconds", "Time spent in compaction.", figures.nanos() / 1e9);
        samples.gauge(
                "mlog_cleaner_last_run_seconds",
                "How long the last compaction took.",
                figures.lastNanos() / 1e9);
        samples.gauge(
                "mlog_cleaner_seconds_since_last_run",
                "Time since the last compaction ended, -1 when there was none.",
                figures.runs() == 0 ? -1 : (System.nanoTime() - figures.lastEndNanos()) / 1e9);
        partitions(samples);
    }

    private void partitions(Samples samples) {
        int uncleanable = 0;
        double dirtiest = 0;
        for (Partition partition : hosted.all()) {
            if (partition.settings().compaction().isPresent()) {
                dirtiest = Math.max(dirtiest, partition.dirtiness().ratio());
                uncleanable += partition.log().uncleanable().isPresent() ? 1 : 0;
            }
        }
        samples.gauge(
                "mlog_cleaner_uncleanable_partitions",
                "Partitions that cannot be compacted; the log and mlog topic describe say why.",
                uncleanable);
        samples.gauge(
                "mlog_cleaner_max_dirty_ratio",
                "Largest share of bytes not compacted yet, of all partitions.",
                dirtiest);
    }
}
