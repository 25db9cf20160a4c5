package io.mlog.broker.groups;

import io.mlog.broker.partition.HostedPartitions;
import io.mlog.groups.CoordinatorLog;
import io.mlog.groups.CoordinatorLogs;
import io.mlog.model.InternalTopics;
import io.mlog.model.TopicPartition;
import java.util.Optional;

/** The partitions of {@code __consumer_offsets} among those that this broker hosts. */
public final class HostedLogs implements CoordinatorLogs {
    private final HostedPartitions hosted;

    /** Finds them among {@code hosted}. */
    public HostedLogs(HostedPartitions hosted) {
        this.hosted = hosted;
    }

    @Override
    public Optional<CoordinatorLog> log(int partition) {
        return Optional.ofNullable(
                        hosted.find(new TopicPartition(InternalTopics.CONSUMER_OFFSETS, partition)))
                .map(HostedLog::new);
    }
}
