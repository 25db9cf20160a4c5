package io.mlog.groups.embed;

import com.yammer.metrics.core.MetricsRegistry;
import io.mlog.groups.CoordinatorLogs;
import io.mlog.groups.GroupTopics;
import io.mlog.groups.GroupsConfig;
import io.mlog.groups.OffsetsTopic;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.coordinator.group.GroupConfigManager;
import org.apache.kafka.coordinator.group.GroupCoordinator;
import org.apache.kafka.coordinator.group.GroupCoordinatorConfig;
import org.apache.kafka.coordinator.group.GroupCoordinatorService;
import org.apache.kafka.coordinator.group.metrics.GroupCoordinatorMetrics;
import org.apache.kafka.server.share.persister.NoOpStatePersister;
import org.apache.kafka.server.util.timer.SystemTimer;
import org.apache.kafka.server.util.timer.SystemTimerReaper;
import org.apache.kafka.server.util.timer.Timer;

/**
 * Kafka's coordinator, running, and the order in which it is told of topics and leaderships. The
 * calls about one partition come in order.
 */
public final class EmbeddedCoordinator implements AutoCloseable {
    /** Says which broker coordinates in Kafka's own log lines only. */
    private static final int NO_NODE_ID = -1;

    private final Tenures tenures = new Tenures();
    private final ShadowImage image = new ShadowImage();
    private final Map<Integer, Integer> leading = new ConcurrentHashMap<>();
    private final MetricsRegistry yammer = new MetricsRegistry();
    private final Metrics metrics = new Metrics();
    private final GroupCoordinatorService service;
    private final TopicFeed feed;
    private volatile boolean closed;

    private EmbeddedCoordinator(
            GroupsConfig config,
            CoordinatorLogs logs,
            PassingRecords passing,
            Time time,
            Timer timer) {
        GroupCoordinatorConfig settings = CoordinatorSettings.of(config);
        service =
                new GroupCoordinatorService.Builder(NO_NODE_ID, settings)
                        .withWriter(new LogWriter(logs, tenures, passing))
                        .withLoader(new LogLoader(logs, tenures, passing, time))
                        .withTime(time)
                        .withTimer(timer)
                        .withCoordinatorRuntimeMetrics(new SilentRuntimeMetrics())
                        .withGroupCoordinatorMetrics(new GroupCoordinatorMetrics(yammer, metrics))
                        .withGroupConfigManager(
                                new GroupConfigManager(settings, CoordinatorSettings.share()))
                        .withPersister(new NoOpStatePersister())
                        .withAuthorizerPlugin(Optional.empty())
                        .withPartitionMetadataClient(new NoPartitionOffsets())
                        .build();
        service.startup(() -> OffsetsTopic.PARTITIONS);
        feed = new TopicFeed(this::apply);
    }

    /** Starts it on the system's clock. */
    public static EmbeddedCoordinator start(
            GroupsConfig config, CoordinatorLogs logs, PassingRecords passing) {
        return start(
                config,
                logs,
                passing,
                Time.SYSTEM,
                new SystemTimerReaper("group-timer", new SystemTimer("group")));
    }

    /** Starts it on any clock; it closes the timer with itself. */
    public static EmbeddedCoordinator start(
            GroupsConfig config,
            CoordinatorLogs logs,
            PassingRecords passing,
            Time time,
            Timer timer) {
        return new EmbeddedCoordinator(config, logs, passing, time, timer);
    }

    /** What answers requests. */
    public GroupCoordinator requests() {
        return service;
    }

    /** Takes in the cluster's topics; in order, by one thread. */
    public void metadataChanged(GroupTopics topics) {
        if (closed) {
            return;
        }
        try {
            feed.offer(topics);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void apply(GroupTopics topics) {
        ShadowImage.Step step = image.next(topics);
        service.onMetadataUpdate(step.delta(), step.image());
    }

    /**
     * Loads the partition. One that is led already is loaded again: what it writes under the former
     * epoch would be refused for ever, and the runtime does not load again by itself for a higher
     * epoch.
     */
    public void becomeLeader(int partition, int leaderEpoch) {
        if (closed) {
            return;
        }
        if (!feed.fed()) {
            throw new IllegalStateException(
                    "leader of " + OffsetsTopic.NAME + "-" + partition + " without any metadata");
        }
        Integer before = leading.put(partition, leaderEpoch);
        if (before != null) {
            resign(partition);
        }
        service.onElection(partition, leaderEpoch);
    }

    /**
     * Forgets the partition. The runtime is not told the new epoch: it would ignore one that is not
     * higher than its own, while here the order of the calls says what holds.
     *
     * @param newEpoch one that is older than the leadership in force ends nothing
     * @return whether it was led
     */
    public boolean stopLeading(int partition, OptionalInt newEpoch) {
        Integer present = leading.get(partition);
        if (closed || present == null || newEpoch.orElse(present) < present) {
            return false;
        }
        leading.remove(partition);
        resign(partition);
        return true;
    }

    private void resign(int partition) {
        tenures.end(partition);
        service.onResignation(partition, OptionalInt.empty());
    }

    /** Forgets every partition, for good: nothing is led or taken in from now on. */
    public void stopLeading() {
        closed = true;
        leading.keySet().forEach(this::resign);
        leading.clear();
    }

    /** Ends it with its threads. */
    @Override
    public void close() {
        closed = true;
        feed.close();
        service.shutdown();
        feed.await();
        metrics.close();
        yammer.shutdown();
    }
}
