package io.mlog.broker;

import io.mlog.broker.flush.GroupFlusher;
import io.mlog.broker.metrics.MetricSource;
import io.mlog.broker.metrics.Samples;
import io.mlog.broker.partition.HostedPartitions;
import io.mlog.broker.partition.Partition;
import io.mlog.services.PartitionStatus;

/** Figures of the logs and of the flusher. Any thread. */
final class LogMetrics implements MetricSource {
    private final HostedPartitions hosted;
    private final GroupFlusher flusher;

    LogMetrics(HostedPartitions hosted, GroupFlusher flusher) {
        this.hosted = hosted;
        this.flusher = flusher;
    }

    @Override
    public void collect(Samples samples) {
        samples.counter(
                "mlog_flushes",
                "Rounds of fdatasync, over all partitions.",
                (double) flusher.flushes());
        samples.counter(
                "mlog_flushed_records", "Records made durable.", (double) flusher.flushedRecords());
        samples.counter("mlog_flush_seconds", "Time spent in flushes.", flusher.flushNanos() / 1e9);
        for (Partition partition : hosted.all()) {
            PartitionStatus status = partition.status();
            String[] labels = {
                "topic", partition.name().topic(),
                "partition", Integer.toString(partition.name().partition())
            };
            samples.gauge(
                    "mlog_log_start_offset",
                    "First offset still readable.",
                    (double) status.logStartOffset(),
                    labels);
            samples.gauge(
                    "mlog_high_watermark",
                    "First offset not yet committed.",
                    (double) status.highWatermark(),
                    labels);
            samples.gauge(
                    "mlog_log_end_offset",
                    "Offset the next record will get.",
                    (double) status.logEndOffset(),
                    labels);
            samples.gauge(
                    "mlog_log_size_bytes",
                    "Bytes of the partition's segments.",
                    (double) status.sizeBytes(),
                    labels);
            samples.gauge(
                    "mlog_log_segments", "Segments of the partition.", status.segments(), labels);
            samples.gauge(
                    "mlog_log_online",
                    "1 while the partition is served, 0 once it is offline.",
                    status.online() ? 1 : 0,
                    labels);
        }
    }
}
