package io.mlog.broker.topics;

import io.mlog.broker.partition.Partition;
import io.mlog.core.metadata.MetadataImage;
import io.mlog.core.metadata.TopicImage;
import io.mlog.core.metadata.TopicSettings;
import io.mlog.model.TopicIdPartition;
import java.io.IOException;
import java.util.List;

/**
 * Where the reconciler gets partitions from and gives them back to: the data directory. Called by
 * the reconciler's thread only; may block on the disk.
 */
public interface PartitionStore {
    /** A topic's configuration, with this broker's values for what the topic does not set. */
    TopicSettings settings(TopicImage topic);

    /**
     * The partition on this disk, created empty when it is not there yet. It has no role so far.
     *
     * @param index of the partition within the topic
     * @throws IOException when the disk fails; the reconciler reports it and tries again with the
     *     next image
     */
    Partition open(TopicImage topic, int index, TopicSettings settings) throws IOException;

    /** Puts a topic's present configuration into force. */
    void update(Partition hosted, TopicSettings settings);

    /** Deletes the records of a partition that is hosted no more. */
    void delete(Partition partition) throws IOException;

    /**
     * Opens, in parallel, whatever the disk has of this broker's partitions in {@code image},
     * deletes what moved to other brokers, and puts aside what no topic knows. Called once, before
     * the first {@link #open}; {@code image} already holds this start of the broker.
     *
     * @return replicas of this broker that have less than an earlier life promised to have, or
     *     cannot be opened: they must not count as in sync
     */
    List<TopicIdPartition> recover(MetadataImage image) throws IOException;
}
