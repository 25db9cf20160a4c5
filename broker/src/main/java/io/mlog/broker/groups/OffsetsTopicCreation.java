package io.mlog.broker.groups;

import io.mlog.core.metadata.TopicImage;
import io.mlog.model.ErrorCode;
import io.mlog.model.InternalTopics;
import io.mlog.model.MlogException;
import io.mlog.services.NewTopic;
import io.mlog.services.TopicService;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that {@code __consumer_offsets} exists. However many ask, one creation is under way
 * here; other brokers may create it at the same time, and the first one counts. Any thread.
 */
final class OffsetsTopicCreation {
    private final TopicService topics;
    private final NewTopic wanted;
    private @Nullable CompletableFuture<TopicImage> underWay; // guarded by this

    OffsetsTopicCreation(TopicService topics, NewTopic wanted) {
        this.topics = topics;
        this.wanted = wanted;
    }

    /** The topic, as this broker has acted on it; fails with COORDINATOR_NOT_AVAILABLE. */
    CompletableFuture<TopicImage> topic() {
        return topics.metadata()
                .topic(InternalTopics.CONSUMER_OFFSETS)
                .map(CompletableFuture::completedFuture)
                .orElseGet(this::created);
    }

    private CompletableFuture<TopicImage> created() {
        CompletableFuture<TopicImage> mine = new CompletableFuture<>();
        synchronized (this) {
            if (underWay != null) {
                return underWay;
            }
            underWay = mine;
        }
        topics.create(wanted, false)
                .exceptionallyCompose(failure -> existing(cause(failure)))
                .whenComplete((topic, failure) -> {
                    synchronized (this) {
                        underWay = null;
                    }
                    if (failure == null) {
                        mine.complete(topic);
                    } else {
                        mine.completeExceptionally(notNow(cause(failure)));
                    }
                });
        return mine;
    }

    private CompletableFuture<TopicImage> existing(Throwable failure) {
        boolean exists =
                failure instanceof MlogException refusal
                        && refusal.code() == ErrorCode.TOPIC_ALREADY_EXISTS;
        return exists
                ? topics.caughtUp()
                        .thenApply(image ->
                                image.topic(InternalTopics.CONSUMER_OFFSETS)
                                        .orElseThrow(() -> (MlogException) failure))
                : CompletableFuture.failedFuture(failure);
    }

    /** What may pass is told in the word that clients wait and ask again for. */
    private static Throwable notNow(Throwable failure) {
        return failure instanceof MlogException refusal
                        && (refusal.code().retriable()
                                || refusal.code() == ErrorCode.TOPIC_ALREADY_EXISTS)
                ? new MlogException(
                        ErrorCode.COORDINATOR_NOT_AVAILABLE,
                        "%s cannot be created yet: %s"
                                .formatted(InternalTopics.CONSUMER_OFFSETS, refusal.reason()))
                : failure;
    }

    private static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null
                ? failure.getCause()
                : failure;
    }
}
