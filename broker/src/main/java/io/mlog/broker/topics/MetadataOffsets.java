package io.mlog.broker.topics;

import io.mlog.core.metadata.CommandResult;
import io.mlog.core.metadata.GroupOffset;
import io.mlog.core.metadata.MetadataCommand;
import io.mlog.core.metadata.MetadataLog;
import io.mlog.model.TopicPartition;
import io.mlog.services.CommittedOffset;
import io.mlog.services.GroupOffsetService;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Keeps groups' offsets in the metadata log, where they survive a restart. Holds no state; any
 * thread. The group coordinator will take this over with its own partitions.
 */
public final class MetadataOffsets implements GroupOffsetService {
    private final MetadataLog log;
    private final InstantSource clock;

    /** Commits through {@code log}. */
    public MetadataOffsets(MetadataLog log, InstantSource clock) {
        this.log = log;
        this.clock = clock;
    }

    @Override
    public CompletableFuture<Void> commit(String group, TopicPartition partition, long offset) {
        return log.submit(
                        new MetadataCommand.CommitGroupOffsets(
                                group, Map.of(partition, offset), clock.millis()))
                .thenAccept(result -> {
                    if (result instanceof CommandResult.Refused refused) {
                        throw refused.toException();
                    }
                });
    }

    @Override
    public CompletableFuture<Optional<CommittedOffset>> committed(
            String group, TopicPartition partition) {
        return CompletableFuture.completedFuture(
                Optional.ofNullable(of(group).get(partition)).map(MetadataOffsets::shown));
    }

    @Override
    public CompletableFuture<Map<TopicPartition, CommittedOffset>> committed(String group) {
        Map<TopicPartition, CommittedOffset> all = new HashMap<>();
        of(group).forEach((partition, offset) -> all.put(partition, shown(offset)));
        return CompletableFuture.completedFuture(all);
    }

    private Map<TopicPartition, GroupOffset> of(String group) {
        return log.image().groupOffsets().getOrDefault(group, Map.of());
    }

    private static CommittedOffset shown(GroupOffset offset) {
        return new CommittedOffset(offset.offset(), offset.committedAtMs());
    }
}
