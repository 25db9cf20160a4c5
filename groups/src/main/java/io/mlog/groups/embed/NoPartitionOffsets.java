package io.mlog.groups.embed;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.server.util.PartitionMetadataClient;

/** Only share groups ask where partitions end, and those are not offered. */
final class NoPartitionOffsets implements PartitionMetadataClient {
    @Override
    public Map<TopicPartition, CompletableFuture<OffsetResponse>> listLatestOffsets(
            Set<TopicPartition> partitions) {
        return Map.of();
    }

    @Override
    public void close() {}
}
