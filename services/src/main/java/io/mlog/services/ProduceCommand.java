package io.mlog.services;

import io.mlog.model.Acks;
import io.mlog.model.TopicPartition;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Record batches to append, one run of batches for each partition.
 *
 * @param timeoutMs for {@link Acks#ALL}: how long to wait for the high watermark, from the call on
 */
public record ProduceCommand(Acks acks, int timeoutMs, List<PartitionBatches> partitions) {
    /**
     * The batches for one partition.
     *
     * @param batches whole record batches v2 between position and limit; writable, since base
     *     offset and leader epoch are assigned in place. Borrowed for the duration of the call
     *     only.
     * @param maxBatches most batches allowed: Kafka's Produce v3+ allows one
     */
    public record PartitionBatches(TopicPartition partition, ByteBuffer batches, int maxBatches) {}
}
