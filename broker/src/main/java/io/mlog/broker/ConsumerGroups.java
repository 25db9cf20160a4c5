package io.mlog.broker;

import io.mlog.broker.config.BrokerConfig;
import io.mlog.broker.config.GroupConfig;
import io.mlog.broker.groups.Groups;
import io.mlog.broker.groups.HostedLogs;
import io.mlog.broker.groups.LocalCoordinator;
import io.mlog.broker.metrics.MetricSource;
import io.mlog.broker.metrics.Samples;
import io.mlog.broker.partition.HostedPartitions;
import io.mlog.broker.partition.Timer;
import io.mlog.core.metadata.MetadataImage;
import io.mlog.groups.GroupsConfig;
import io.mlog.groups.OffsetsTopic;
import io.mlog.groups.api.NoGroups;
import io.mlog.groups.coordinator.KafkaGroups;
import io.mlog.services.GroupService;
import io.mlog.services.NewTopic;
import io.mlog.services.TopicService;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Consumer groups on this broker: its coordinator, once it has one, and the service that finds
 * everybody else's.
 */
final class ConsumerGroups implements MetricSource, AutoCloseable {
    private static final int IDLE_SECONDS = 10;

    private final LocalCoordinator coordinator;
    private volatile int groups;

    /**
     * Starts nothing yet.
     *
     * @param fatal told of a bug of ours; the broker then stops
     */
    ConsumerGroups(BrokerConfig config, HostedPartitions hosted, Consumer<Throwable> fatal) {
        coordinator =
                new LocalCoordinator(
                        new HostedLogs(hosted),
                        logs -> KafkaGroups.start(groupsConfig(config.groups()), logs),
                        turns(),
                        fatal);
    }

    private static GroupsConfig groupsConfig(GroupConfig config) {
        GroupsConfig defaults = GroupsConfig.DEFAULTS;
        return new GroupsConfig(
                config.minSessionTimeoutMs(),
                config.maxSessionTimeoutMs(),
                config.initialRebalanceDelayMs(),
                defaults.consumerSessionTimeoutMs(),
                config.consumerHeartbeatIntervalMs(),
                defaults.maxGroupSize(),
                defaults.offsetMetadataMaxBytes(),
                config.offsetsRetentionMinutes() == GroupConfig.KEEP
                        ? GroupsConfig.KEEP_OFFSETS
                        : config.offsetsRetentionMinutes(),
                defaults.writeTimeoutMs(),
                defaults.threads());
    }

    /** The partitions have acted on the image; called by the reconciler. */
    void acted(MetadataImage image) {
        coordinator.acted(image);
    }

    /**
     * What clients ask.
     *
     * @param topics that may create the brokers' own ones
     */
    GroupService service(int brokerId, TopicService topics, Timer timer) {
        return new Groups(
                brokerId,
                topics,
                new NewTopic(
                        OffsetsTopic.NAME,
                        OffsetsTopic.PARTITIONS,
                        -1,
                        List.of(),
                        OffsetsTopic.configs()),
                coordinator,
                NoGroups::handle,
                timer);
    }

    /** Counting the groups takes a turn of their coordinator: the next page has the number. */
    @Override
    public void collect(Samples samples) {
        coordinator.count(number -> groups = number);
        samples.gauge(
                "mlog_group_coordinator",
                "1 once this broker has started a coordinator of consumer groups.",
                coordinator.isPresent() ? 1 : 0);
        samples.gauge(
                "mlog_groups",
                "Consumer groups that this broker coordinates, as of the last time that this page was asked for.",
                groups);
    }

    /** A thread that is there while there is work; one turn waits at most. */
    private static ExecutorService turns() {
        ThreadPoolExecutor turns =
                new ThreadPoolExecutor(
                        1,
                        1,
                        IDLE_SECONDS,
                        TimeUnit.SECONDS,
                        new ArrayBlockingQueue<>(1),
                        Thread.ofPlatform().daemon().name("mlog-groups").factory(),
                        new ThreadPoolExecutor.DiscardPolicy());
        turns.allowCoreThreadTimeOut(true);
        return turns;
    }

    /** Ends the coordinator: who waits for it is told to look for another. */
    @Override
    public void close() {
        coordinator.close();
    }
}
