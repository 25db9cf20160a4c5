package io.mlog.broker.topics;

import io.mlog.core.metadata.MetadataImage;
import io.mlog.core.metadata.TopicImage;
import io.mlog.model.InternalTopics;
import io.mlog.model.MlogException;
import io.mlog.services.ConfigChange;
import io.mlog.services.NewTopic;
import io.mlog.services.TopicService;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Administration of topics as clients may do it: the brokers' own topics are not theirs to create,
 * reshape or delete. Their configuration may be changed, but for what keeps them correct.
 */
public final class ClientTopics implements TopicService {
    private static final String CLEANUP_POLICY = "cleanup.policy";

    private final TopicService topics;

    /** Passes on what is allowed. */
    public ClientTopics(TopicService topics) {
        this.topics = topics;
    }

    @Override
    public MetadataImage metadata() {
        return topics.metadata();
    }

    @Override
    public CompletableFuture<Long> actedOn(long index, long timeoutMs) {
        return topics.actedOn(index, timeoutMs);
    }

    @Override
    public CompletableFuture<MetadataImage> caughtUp() {
        return topics.caughtUp();
    }

    @Override
    public CompletableFuture<TopicImage> create(NewTopic topic, boolean validateOnly) {
        return unlessInternal(
                topic.name(),
                "they create it when the first group needs it",
                () -> topics.create(topic, validateOnly));
    }

    @Override
    public CompletableFuture<TopicImage> ensureExists(String topic) {
        return topics.metadata().topic(topic).isPresent()
                ? topics.ensureExists(topic)
                : unlessInternal(
                        topic,
                        "they create it when the first group needs it",
                        () -> topics.ensureExists(topic));
    }

    @Override
    public CompletableFuture<Void> delete(String topic) {
        return unlessInternal(
                topic, "it cannot be deleted, delete groups instead", () -> topics.delete(topic));
    }

    @Override
    public CompletableFuture<TopicImage> createPartitions(
            String topic, int total, boolean validateOnly) {
        return unlessInternal(
                topic,
                "the number of its partitions says which of them a group belongs to, and stays",
                () -> topics.createPartitions(topic, total, validateOnly));
    }

    @Override
    public CompletableFuture<TopicImage> alterConfigs(
            String topic, List<ConfigChange> changes, boolean validateOnly) {
        boolean harmless =
                changes.stream().noneMatch(change -> change.name().equals(CLEANUP_POLICY));
        return harmless
                ? topics.alterConfigs(topic, changes, validateOnly)
                : unlessInternal(
                        topic,
                        "its " + CLEANUP_POLICY + " stays as it is",
                        () -> topics.alterConfigs(topic, changes, validateOnly));
    }

    @Override
    public CompletableFuture<TopicImage> replaceConfigs(
            String topic, Map<String, String> configs, boolean validateOnly) {
        return unlessInternal(
                topic,
                "its configs cannot be replaced as a whole, change single ones",
                () -> topics.replaceConfigs(topic, configs, validateOnly));
    }

    private static <T> CompletableFuture<T> unlessInternal(
            String topic, String why, Supplier<CompletableFuture<T>> change) {
        try {
            InternalTopics.refuse(topic, why);
        } catch (MlogException refusal) {
            return CompletableFuture.failedFuture(refusal);
        }
        return change.get();
    }
}
