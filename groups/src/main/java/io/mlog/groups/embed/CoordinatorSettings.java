package io.mlog.groups.embed;

import io.mlog.groups.GroupsConfig;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.coordinator.group.GroupCoordinatorConfig;
import org.apache.kafka.coordinator.group.modern.share.ShareGroupConfig;

/** Our configuration in Kafka's names. */
final class CoordinatorSettings {
    private CoordinatorSettings() {}

    static GroupCoordinatorConfig of(GroupsConfig config) {
        Map<String, Object> settings = new HashMap<>();
        settings.put(GroupCoordinatorConfig.GROUP_COORDINATOR_NUM_THREADS_CONFIG, config.threads());
        settings.put(
                GroupCoordinatorConfig.OFFSET_COMMIT_TIMEOUT_MS_CONFIG, config.writeTimeoutMs());
        settings.put(
                GroupCoordinatorConfig.OFFSETS_RETENTION_MINUTES_CONFIG,
                config.offsetsRetentionMinutes());
        settings.put(
                GroupCoordinatorConfig.OFFSET_METADATA_MAX_SIZE_CONFIG,
                config.offsetMetadataMaxBytes());
        classic(settings, config);
        consumer(settings, config);
        return GroupCoordinatorConfig.fromProps(settings);
    }

    private static void classic(Map<String, Object> settings, GroupsConfig config) {
        settings.put(
                GroupCoordinatorConfig.GROUP_MIN_SESSION_TIMEOUT_MS_CONFIG,
                config.minSessionTimeoutMs());
        settings.put(
                GroupCoordinatorConfig.GROUP_MAX_SESSION_TIMEOUT_MS_CONFIG,
                config.maxSessionTimeoutMs());
        settings.put(
                GroupCoordinatorConfig.GROUP_INITIAL_REBALANCE_DELAY_MS_CONFIG,
                config.initialRebalanceDelayMs());
        settings.put(GroupCoordinatorConfig.GROUP_MAX_SIZE_CONFIG, config.maxGroupSize());
    }

    /**
     * Assignments are computed where the heartbeat is answered: the joining member then has its
     * partitions in that answer, and not one heartbeat later. One background thread is left, which
     * starts with the first subscription by regular expression.
     */
    private static void consumer(Map<String, Object> settings, GroupsConfig config) {
        int session = config.consumerSessionTimeoutMs();
        settings.put(GroupCoordinatorConfig.CONSUMER_GROUP_SESSION_TIMEOUT_MS_CONFIG, session);
        settings.put(GroupCoordinatorConfig.CONSUMER_GROUP_MIN_SESSION_TIMEOUT_MS_CONFIG, session);
        settings.put(GroupCoordinatorConfig.CONSUMER_GROUP_MAX_SESSION_TIMEOUT_MS_CONFIG, session);
        int heartbeat = config.consumerHeartbeatIntervalMs();
        settings.put(GroupCoordinatorConfig.CONSUMER_GROUP_HEARTBEAT_INTERVAL_MS_CONFIG, heartbeat);
        settings.put(
                GroupCoordinatorConfig.CONSUMER_GROUP_MIN_HEARTBEAT_INTERVAL_MS_CONFIG, heartbeat);
        settings.put(
                GroupCoordinatorConfig.CONSUMER_GROUP_MAX_HEARTBEAT_INTERVAL_MS_CONFIG, heartbeat);
        settings.put(GroupCoordinatorConfig.CONSUMER_GROUP_MAX_SIZE_CONFIG, config.maxGroupSize());
        settings.put(GroupCoordinatorConfig.CONSUMER_GROUP_ASSIGNOR_OFFLOAD_ENABLE_CONFIG, false);
        settings.put(GroupCoordinatorConfig.GROUP_COORDINATOR_NUM_BACKGROUND_THREADS_CONFIG, 1);
    }

    /** Share groups are not offered; the coordinator wants to be told about them all the same. */
    static ShareGroupConfig share() {
        return ShareGroupConfig.fromProps(Map.of());
    }
}
