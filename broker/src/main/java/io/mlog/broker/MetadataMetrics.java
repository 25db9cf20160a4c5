package io.mlog.broker;

import io.mlog.broker.metrics.MetricSource;
import io.mlog.broker.metrics.Samples;
import io.mlog.core.metadata.BrokerImage;
import io.mlog.core.metadata.MetadataImage;
import io.mlog.core.metadata.PartitionImage;
import io.mlog.core.metadata.QuorumLeadership;
import io.mlog.core.metadata.TopicImage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Figures of the cluster as this broker knows it: who leads the metadata, how many brokers serve,
 * what is without a leader or moving, and how many leaders were elected. {@link #acted} is called
 * by one thread, the rest by any.
 */
final class MetadataMetrics implements MetricSource {
    private final Supplier<QuorumLeadership> leadership;
    private final AtomicLong elections = new AtomicLong();
    private volatile MetadataImage seen = MetadataImage.EMPTY;

    MetadataMetrics(Supplier<QuorumLeadership> leadership) {
        this.leadership = leadership;
    }

    /** Takes a newer image in; the first one tells of no elections. */
    void acted(MetadataImage image) {
        MetadataImage before = seen;
        if (before.appliedIndex() > 0) {
            long elected = 0;
            for (TopicImage topic : image.topicsByName().values()) {
                TopicImage known = before.topicsByName().get(topic.name());
                if (known != null && known.id().equals(topic.id()) && !known.equals(topic)) {
                    elected += elections(known, topic);
                }
            }
            elections.addAndGet(elected);
        }
        seen = image;
    }

    private static long elections(TopicImage before, TopicImage now) {
        long elected = 0;
        for (int i = 0; i < before.partitions().size(); i++) {
            PartitionImage partition = now.partitions().get(i);
            if (partition.hasLeader()
                    && partition.leaderEpoch() > before.partitions().get(i).leaderEpoch()) {
                elected++;
            }
        }
        return elected;
    }

    @Override
    public void collect(Samples samples) {
        MetadataImage image = seen;
        QuorumLeadership now = leadership.get();
        samples.gauge(
                "mlog_metadata_leader",
                "1 while this node leads the metadata.",
                now.leading() ? 1 : 0);
        samples.gauge(
                "mlog_metadata_term",
                "Number of the present leadership of the metadata.",
                (double) now.term());
        samples.gauge(
                "mlog_metadata_applied_index",
                "Last change of the metadata that this broker has acted on.",
                (double) image.appliedIndex());
        samples.counter(
                "mlog_elections",
                "Leaders elected for partitions of the cluster, as this broker has seen them.",
                (double) elections.get());
        samples.gauge(
                "mlog_brokers_in_service",
                "Brokers that are neither fenced nor stopping.",
                (double) image.brokers().values().stream().filter(BrokerImage::active).count());
        samples.gauge("mlog_brokers_registered", "Brokers of the cluster.", image.brokers().size());
        int leaderless = 0;
        int moving = 0;
        for (TopicImage topic : image.topicsByName().values()) {
            for (PartitionImage partition : topic.partitions()) {
                leaderless += partition.hasLeader() ? 0 : 1;
                moving += partition.isReassigning() ? 1 : 0;
            }
        }
        samples.gauge(
                "mlog_leaderless_partitions",
                "Partitions of the cluster that nobody leads.",
                leaderless);
        samples.gauge(
                "mlog_reassigning_partitions",
                "Partitions of the cluster whose replicas are moving.",
                moving);
    }
}
