package io.mlog.client;

import io.mlog.model.TopicPartition;
import io.mlog.protocol.FetchOffset;
import io.mlog.protocol.ListOffsets;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/** Finds the offset at which a consumer begins in a partition. Stateless; any thread. */
final class StartOffsets {
    private final ClusterCaller caller;
    private final ConsumerConfig config;

    StartOffsets(ClusterCaller caller, ConsumerConfig config) {
        this.caller = caller;
        this.config = config;
    }

    CompletableFuture<Long> of(TopicPartition partition) {
        return switch (config.start()) {
            case StartAt.Committed() -> committed(partition);
            case StartAt.Beginning() -> beginning(partition);
            case StartAt.End() -> end(partition);
            case StartAt.Offset(long offset) -> CompletableFuture.completedFuture(offset);
            case StartAt.Time(long timestampMs) ->
                    find(partition, new ListOffsets.At.AtOrAfter(timestampMs))
                            .thenCompose(found -> found.isPresent() ? done(found) : end(partition));
        };
    }

    /** For a partition that was added while the topic was read: nothing of it is to be missed. */
    CompletableFuture<Long> ofAdded(TopicPartition partition) {
        return config.id().isPresent() ? committed(partition) : beginning(partition);
    }

    private CompletableFuture<Long> committed(TopicPartition partition) {
        String id = config.id().orElseThrow();
        return caller.coordinator(
                        id,
                        new FetchOffset.Request(partition.topic(), partition.partition(), id),
                        caller.requestDeadline())
                .thenCompose(found ->
                        found.offset().isPresent() ? done(found.offset()) : beginning(partition));
    }

    private CompletableFuture<Long> beginning(TopicPartition partition) {
        return find(partition, new ListOffsets.At.Earliest()).thenApply(OptionalLong::orElseThrow);
    }

    private CompletableFuture<Long> end(TopicPartition partition) {
        return find(partition, new ListOffsets.At.Latest()).thenApply(OptionalLong::orElseThrow);
    }

    private CompletableFuture<OptionalLong> find(TopicPartition partition, ListOffsets.At at) {
        ListOffsets.Request request =
                new ListOffsets.Request(
                        partition.topic(), partition.partition(), at, config.allowFollower());
        CompletableFuture<ListOffsets.Response> found =
                config.allowFollower()
                        ? caller.replica(partition, request, caller.requestDeadline())
                        : caller.leader(partition, request, caller.requestDeadline());
        return found.thenApply(ListOffsets.Response::offset);
    }

    private static CompletableFuture<Long> done(OptionalLong offset) {
        return CompletableFuture.completedFuture(offset.orElseThrow());
    }
}
