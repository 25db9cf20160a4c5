package io.mlog.broker.partition;

import io.mlog.broker.metrics.MetricSource;
import io.mlog.broker.metrics.Samples;
import io.mlog.core.replication.FollowerStatus;
import io.mlog.model.TopicPartition;

/**
 * Figures of the partitions that this broker leads: who is in sync, and how far behind. Any thread.
 */
public final class ReplicaMetrics implements MetricSource {
    private final HostedPartitions hosted;

    /** Looks at what is hosted at the time of each scrape. */
    public ReplicaMetrics(HostedPartitions hosted) {
        this.hosted = hosted;
    }

    @Override
    public void collect(Samples samples) {
        Totals totals = new Totals();
        for (Partition partition : hosted.all()) {
            partition
                    .leading()
                    .ifPresent(leader -> {
                        totals.add(leader);
                        collect(partition, leader, samples);
                    });
        }
        totals.collect(samples);
    }

    private static void collect(Partition partition, LeaderStatus leader, Samples samples) {
        TopicPartition name = partition.name();
        String index = Integer.toString(name.partition());
        samples.gauge(
                "mlog_leader_epoch",
                "Number of the leadership, for partitions that this broker leads; it rises with"
                        + " every election.",
                leader.leaderEpoch(),
                "topic",
                name.topic(),
                "partition",
                index);
        samples.gauge(
                "mlog_isr_size",
                "In-sync replicas, the leader included, of partitions that this broker leads.",
                leader.inSync(),
                "topic",
                name.topic(),
                "partition",
                index);
        long logEnd = partition.log().logEndOffset();
        for (FollowerStatus follower : leader.followers()) {
            String[] labels = {
                "topic", name.topic(),
                "partition", index,
                "replica", Integer.toString(follower.brokerId())
            };
            samples.gauge(
                    "mlog_replica_lag_records",
                    "Records that the leader has and the follower was not seen to have.",
                    (double) follower.lag(logEnd),
                    labels);
            samples.gauge(
                    "mlog_replica_lag_seconds",
                    "Time since the follower was last seen to keep up.",
                    follower.sinceCurrentMs() / 1e3,
                    labels);
        }
    }

    /** Counts over all partitions of one scrape. */
    private static final class Totals {
        private int led;
        private int underReplicated;
        private int underMinIsr;

        void add(LeaderStatus leader) {
            led++;
            if (leader.inSync() < leader.replicas()) {
                underReplicated++;
            }
            if (leader.inSync() < leader.minInSync()) {
                underMinIsr++;
            }
        }

        void collect(Samples samples) {
            samples.gauge("mlog_led_partitions", "Partitions that this broker leads.", led);
            samples.gauge(
                    "mlog_under_replicated_partitions",
                    "Partitions led here with fewer in-sync replicas than replicas.",
                    underReplicated);
            samples.gauge(
                    "mlog_under_min_isr_partitions",
                    "Partitions led here with too few in-sync replicas for acks=all.",
                    underMinIsr);
        }
    }
}
