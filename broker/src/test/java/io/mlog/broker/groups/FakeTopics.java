package io.mlog.broker.groups;

import io.mlog.core.metadata.MetadataImage;
import io.mlog.core.metadata.TopicImage;
import io.mlog.model.ErrorCode;
import io.mlog.model.InternalTopics;
import io.mlog.model.MlogException;
import io.mlog.services.ConfigChange;
import io.mlog.services.NewTopic;
import io.mlog.services.TopicService;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Topics whose creation ends as and when a test says. */
final class FakeTopics implements TopicService {
    final List<NewTopic> asked = new ArrayList<>();
    private final Deque<CompletableFuture<TopicImage>> creations = new ArrayDeque<>();
    private final Images images;
    private MetadataImage image;

    FakeTopics(Images images) {
        this.images = images;
        this.image = images.image();
    }

    /** The images' present state becomes known to this broker. */
    void publish() {
        image = images.image();
    }

    /** The oldest creation under way succeeds. */
    void created() {
        publish();
        creations.remove().complete(image.topic(InternalTopics.CONSUMER_OFFSETS).orElseThrow());
    }

    /** The oldest creation under way is refused. */
    void refused(ErrorCode code) {
        creations
                .remove()
                .completeExceptionally(new MlogException(code, "refused as the test wants"));
    }

    @Override
    public MetadataImage metadata() {
        return image;
    }

    @Override
    public CompletableFuture<MetadataImage> caughtUp() {
        publish();
        return CompletableFuture.completedFuture(image);
    }

    @Override
    public CompletableFuture<TopicImage> create(NewTopic topic, boolean validateOnly) {
        asked.add(topic);
        CompletableFuture<TopicImage> created = new CompletableFuture<>();
        creations.add(created);
        return created;
    }

    private static AssertionError notHere() {
        return new AssertionError("groups only create their topic");
    }

    @Override
    public CompletableFuture<Long> actedOn(long index, long timeoutMs) {
        throw notHere();
    }

    @Override
    public CompletableFuture<TopicImage> ensureExists(String topic) {
        throw notHere();
    }

    @Override
    public CompletableFuture<Void> delete(String topic) {
        throw notHere();
    }

    @Override
    public CompletableFuture<TopicImage> createPartitions(
            String topic, int total, boolean validateOnly) {
        throw notHere();
    }

    @Override
    public CompletableFuture<TopicImage> alterConfigs(
            String topic, List<ConfigChange> changes, boolean validateOnly) {
        throw notHere();
    }

    @Override
    public CompletableFuture<TopicImage> replaceConfigs(
            String topic, Map<String, String> configs, boolean validateOnly) {
        throw notHere();
    }
}
