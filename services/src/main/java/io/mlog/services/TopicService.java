package io.mlog.services;

import io.mlog.core.metadata.MetadataImage;
import io.mlog.core.metadata.TopicImage;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Administration of topics. Changes go through the metadata log; their futures complete when this
 * broker has applied and acted on them (a created topic accepts records), or fail with {@link
 * io.mlog.model.MlogException}. Any thread; never blocks.
 */
public interface TopicService {
    /** The metadata as this broker has applied it; immutable. */
    MetadataImage metadata();

    /**
     * Completes, with the index reached, once this broker has acted on the metadata command at
     * {@code index}; fails with REQUEST_TIMED_OUT after {@code timeoutMs}.
     */
    CompletableFuture<Long> actedOn(long index, long timeoutMs);

    /**
     * The metadata as it stands in the cluster, for those who miss something in what this broker
     * has applied: completes once this broker has acted on everything that was committed before the
     * call, or after a bounded time with what it has. Never fails.
     */
    CompletableFuture<MetadataImage> caughtUp();

    /** Creates a topic, or only checks the request when {@code validateOnly}. */
    CompletableFuture<TopicImage> create(NewTopic topic, boolean validateOnly);

    /** The topic, created with the defaults when it is missing and auto-creation is on. */
    CompletableFuture<TopicImage> ensureExists(String topic);

    /** Deletes a topic with all its records. */
    CompletableFuture<Void> delete(String topic);

    /** Raises the number of partitions to {@code total}. */
    CompletableFuture<TopicImage> createPartitions(String topic, int total, boolean validateOnly);

    /** Changes a topic's configuration. */
    CompletableFuture<TopicImage> alterConfigs(
            String topic, List<ConfigChange> changes, boolean validateOnly);

    /** Replaces a topic's configuration (Kafka's old AlterConfigs). */
    CompletableFuture<TopicImage> replaceConfigs(
            String topic, java.util.Map<String, String> configs, boolean validateOnly);
}
