package io.mlog.broker.topics;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.core.metadata.MetadataImage;
import io.mlog.core.metadata.TopicImage;
import io.mlog.model.ErrorCode;
import io.mlog.model.InternalTopics;
import io.mlog.model.MlogException;
import io.mlog.model.TopicId;
import io.mlog.services.ConfigChange;
import io.mlog.services.NewTopic;
import io.mlog.services.TopicService;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class ClientTopicsTest {
    private static final String INTERNAL = InternalTopics.CONSUMER_OFFSETS;

    private final List<String> done = new ArrayList<>();
    private final ClientTopics topics = new ClientTopics(new Noted());

    @Test
    void theBrokersOwnTopicsAreNotShapedByClients() {
        refused(topics.create(NewTopic.withDefaults(INTERNAL), false), "create it when");
        refused(topics.create(NewTopic.withDefaults(INTERNAL), true), "create it when");
        refused(topics.ensureExists(INTERNAL), "create it when");
        refused(topics.delete(INTERNAL), "cannot be deleted");
        refused(topics.createPartitions(INTERNAL, 50, false), "number of its partitions");
        refused(topics.alterConfigs(INTERNAL, change("cleanup.policy"), false), "cleanup.policy");
        refused(topics.replaceConfigs(INTERNAL, Map.of(), false), "as a whole");
        assertThat(done).isEmpty();
    }

    @Test
    void whatDoesNotHurtThemMayBeConfigured() {
        topics.alterConfigs(INTERNAL, change("segment.bytes"), false).join();

        assertThat(done).containsExactly("alters " + INTERNAL);
    }

    @Test
    void otherTopicsAreTheClients() {
        topics.create(NewTopic.withDefaults("t"), false).join();
        topics.ensureExists("t").join();
        topics.createPartitions("t", 2, false).join();
        topics.alterConfigs("t", change("cleanup.policy"), false).join();
        topics.replaceConfigs("t", Map.of(), false).join();
        topics.delete("t").join();

        assertThat(done)
                .containsExactly(
                        "creates t", "ensures t", "grows t", "alters t", "replaces t", "deletes t");
    }

    private static List<ConfigChange> change(String name) {
        return List.of(new ConfigChange(name, ConfigChange.Operation.SET, "1"));
    }

    private static void refused(CompletableFuture<?> change, String why) {
        try {
            throw new AssertionError("a result where a refusal is due: " + change.join());
        } catch (CompletionException failure) {
            assertThat(failure.getCause())
                    .isInstanceOfSatisfying(
                            MlogException.class,
                            refusal -> {
                                assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_TOPIC);
                                assertThat(refusal.reason()).contains(INTERNAL, "own topic", why);
                            });
        }
    }

    /** Does nothing but note it. */
    private final class Noted implements TopicService {
        private CompletableFuture<TopicImage> note(String what, String topic) {
            done.add(what + " " + topic);
            return CompletableFuture.completedFuture(
                    new TopicImage(topic, new TopicId(1, 1), List.of(), Map.of()));
        }

        @Override
        public MetadataImage metadata() {
            return MetadataImage.EMPTY;
        }

        @Override
        public CompletableFuture<Long> actedOn(long index, long timeoutMs) {
            return CompletableFuture.completedFuture(index);
        }

        @Override
        public CompletableFuture<MetadataImage> caughtUp() {
            return CompletableFuture.completedFuture(MetadataImage.EMPTY);
        }

        @Override
        public CompletableFuture<TopicImage> create(NewTopic topic, boolean validateOnly) {
            return note("creates", topic.name());
        }

        @Override
        public CompletableFuture<TopicImage> ensureExists(String topic) {
            return note("ensures", topic);
        }

        @Override
        public CompletableFuture<Void> delete(String topic) {
            return note("deletes", topic).thenApply(gone -> null);
        }

        @Override
        public CompletableFuture<TopicImage> createPartitions(
                String topic, int total, boolean validateOnly) {
            return note("grows", topic);
        }

        @Override
        public CompletableFuture<TopicImage> alterConfigs(
                String topic, List<ConfigChange> changes, boolean validateOnly) {
            return note("alters", topic);
        }

        @Override
        public CompletableFuture<TopicImage> replaceConfigs(
                String topic, Map<String, String> configs, boolean validateOnly) {
            return note("replaces", topic);
        }
    }
}
