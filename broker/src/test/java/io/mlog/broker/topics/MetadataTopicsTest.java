package io.mlog.broker.topics;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.broker.partition.HostedPartitions;
import io.mlog.broker.partition.Partition;
import io.mlog.core.metadata.MetadataCommand;
import io.mlog.core.metadata.MetadataImage;
import io.mlog.core.metadata.TopicImage;
import io.mlog.core.metadata.TopicSettings;
import io.mlog.core.replication.IsrMember;
import io.mlog.model.ErrorCode;
import io.mlog.model.HostPort;
import io.mlog.model.MlogException;
import io.mlog.model.TopicId;
import io.mlog.model.TopicIdPartition;
import io.mlog.services.NewTopic;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MetadataTopicsTest {
    private final ArrayDeque<Runnable> previews = new ArrayDeque<>();
    private final HostedPartitions hosted = new HostedPartitions();
    private final Reconciler reconciler =
            new Reconciler(
                    new IsrMember(1, 1),
                    hosted,
                    new NoPartitions(),
                    image -> {},
                    Runnable::run,
                    bug -> {
                        throw new AssertionError(bug);
                    });
    private final InMemoryMetadataLog log = new InMemoryMetadataLog(reconciler::published);

    @AfterEach
    void stop() {
        reconciler.close();
    }

    @Test
    void whatIsOnlyToBeCheckedIsDecidedOnAnotherThread() {
        CompletableFuture<TopicImage> checked =
                topics(previews::add).create(NewTopic.withDefaults(""), true);
        assertThat(checked).isNotDone();

        previews.remove().run();

        assertThat(refusal(checked).code()).isEqualTo(ErrorCode.INVALID_TOPIC);
        assertThat(log.image()).isSameAs(MetadataImage.EMPTY);
    }

    @Test
    void whenTooMuchIsToBeCheckedMoreIsRefused() {
        Executor full =
                task -> {
                    throw new RejectedExecutionException("full");
                };

        MlogException refused = refusal(topics(full).createPartitions("orders", 2, true));

        assertThat(refused.code()).isEqualTo(ErrorCode.REQUEST_TIMED_OUT);
        assertThat(refused.reason()).contains("retry later");
    }

    @Test
    void aBrokerThatStopsMeanwhileTellsWhatItsChangeCameTo() {
        HostPort address = new HostPort("127.0.0.1", 9094);
        log.submit(new MetadataCommand.CreateCluster("c"));
        log.submit(
                new MetadataCommand.RegisterBroker(
                        "node-1", "dir-1", 1, null, address, address, null, "0.1"));
        log.submit(new MetadataCommand.UnfenceBroker(1, 1, List.of()));
        reconciler.close();
        MetadataTopics topics = topics(Runnable::run);

        TopicImage created = topics.create(NewTopic.withDefaults("orders"), false).join();

        assertThat(created).isEqualTo(log.image().topic("orders").orElseThrow());
        assertThat(refusal(topics.create(NewTopic.withDefaults("orders"), false)).code())
                .isEqualTo(ErrorCode.TOPIC_ALREADY_EXISTS);
    }

    private MetadataTopics topics(Executor executor) {
        return new MetadataTopics(
                log,
                reconciler,
                hosted,
                1,
                new MetadataTopics.Defaults(true, 1),
                () -> new TopicId(1, 1),
                executor,
                MetadataTopics.Others.NONE);
    }

    private static MlogException refusal(CompletableFuture<?> result) {
        try {
            throw new AssertionError("a result where a refusal is due: " + result.join());
        } catch (CompletionException failure) {
            if (failure.getCause() instanceof MlogException refusal) {
                return refusal;
            }
            throw failure;
        }
    }

    /** A disk that is not to be touched. */
    private static final class NoPartitions implements PartitionStore {
        @Override
        public TopicSettings settings(TopicImage topic) {
            throw new AssertionError("configures " + topic.name());
        }

        @Override
        public Partition open(TopicImage topic, int index, TopicSettings settings) {
            throw new AssertionError("opens " + topic.name());
        }

        @Override
        public void update(Partition partition, TopicSettings settings) {
            throw new AssertionError("updates " + partition.name());
        }

        @Override
        public void delete(Partition partition) {
            throw new AssertionError("deletes " + partition.name());
        }

        @Override
        public List<TopicIdPartition> recover(MetadataImage image) {
            return List.of();
        }
    }
}
