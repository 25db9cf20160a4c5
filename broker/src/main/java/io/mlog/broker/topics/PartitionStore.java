package io.mlog.broker.topics;

import io.mlog.broker.partition.Partition;
import io.mlog.core.metadata.MetadataImage;
import io.mlog.core.metadata.PartitionImage;
import io.mlog.core.metadata.TopicImage;
import java.io.IOException;

/**
 * Where the reconciler gets partitions from and gives them back to: the data directory. Called by
 * the reconciler's thread only; may block on the disk.
 */
public interface PartitionStore {
    /**
     * The partition on this disk, created empty when it is not there yet.
     *
     * @throws IOException when the disk fails; the reconciler reports it and tries again with the
     *     next change
     */
    Partition open(TopicImage topic, PartitionImage partition) throws IOException;

    /** Puts a topic's present configuration and leadership into force. */
    void update(Partition hosted, TopicImage topic, PartitionImage partition);

    /** Deletes the records of a partition that is hosted no more. */
    void delete(Partition partition) throws IOException;

    /**
     * Opens, in parallel, whatever the disk has of the partitions in {@code image}, and puts aside
     * what no topic knows. Called once, before the first {@link #open}; {@code image} already holds
     * this start of the broker.
     */
    void recover(MetadataImage image) throws IOException;
}
