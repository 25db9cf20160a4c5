package io.mlog.client;

import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import io.mlog.model.TopicPartition;
import io.mlog.protocol.CommitOffset;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * Commits a consumer's places, under its membership when it is a member. A member's epoch may move
 * on while a commit is on its way: then it is made again under the new one. Any thread.
 */
final class OffsetCommits {
    private static final long STALE_PAUSE_MS = 50;

    private final ClusterCaller caller;
    private final String id;
    private final Supplier<Optional<CommitOffset.Membership>> member;

    OffsetCommits(
            ClusterCaller caller, String id, Supplier<Optional<CommitOffset.Membership>> member) {
        this.caller = caller;
        this.id = id;
        this.member = member;
    }

    /**
     * Commits all of them; {@code done} is told of each that is kept, on the event loop.
     *
     * @param offsets next offset to read, by partition
     */
    CompletableFuture<Boolean> commit(
            Map<TopicPartition, Long> offsets, BiConsumer<TopicPartition, Long> done) {
        Deadline deadline = caller.requestDeadline();
        CompletableFuture<?>[] commits =
                offsets.entrySet().stream()
                        .map(each ->
                                one(each.getKey(), each.getValue(), deadline)
                                        .thenRun(() -> done.accept(each.getKey(), each.getValue())))
                        .toArray(CompletableFuture[]::new);
        return CompletableFuture.allOf(commits).thenApply(nothing -> true);
    }

    private CompletableFuture<CommitOffset.Response> one(
            TopicPartition partition, long offset, Deadline deadline) {
        return caller.coordinator(
                        id,
                        new CommitOffset.Request(
                                partition.topic(), partition.partition(), id, offset, member.get()),
                        deadline)
                .exceptionallyCompose(failure ->
                        isStale(failure) && deadline.remainingMs() > STALE_PAUSE_MS
                                ? again(partition, offset, deadline)
                                : CompletableFuture.failedFuture(failure));
    }

    private CompletableFuture<CommitOffset.Response> again(
            TopicPartition partition, long offset, Deadline deadline) {
        CompletableFuture<CommitOffset.Response> result = new CompletableFuture<>();
        caller.loop()
                .schedule(
                        () ->
                                one(partition, offset, deadline)
                                        .whenComplete((response, failure) -> {
                                            if (failure == null) {
                                                result.complete(response);
                                            } else {
                                                result.completeExceptionally(failure);
                                            }
                                        }),
                        STALE_PAUSE_MS,
                        TimeUnit.MILLISECONDS);
        return result;
    }

    private static boolean isStale(Throwable failure) {
        return AttemptFailedException.unwrap(failure) instanceof MlogException refusal
                && refusal.code() == ErrorCode.STALE_MEMBER_EPOCH;
    }
}
