package io.mlog.broker.config;

/**
 * What consumer groups are allowed and how long they wait.
 *
 * @param minSessionTimeoutMs shortest session of a classic group's member
 * @param maxSessionTimeoutMs longest
 * @param initialRebalanceDelayMs how long an empty classic group waits for more members
 * @param consumerHeartbeatIntervalMs how often members of KIP-848 groups report
 * @param offsetsRetentionMinutes how long the offsets of a group without members are kept; {@link
 *     #KEEP} as long as the group
 */
public record GroupConfig(
        int minSessionTimeoutMs,
        int maxSessionTimeoutMs,
        int initialRebalanceDelayMs,
        int consumerHeartbeatIntervalMs,
        int offsetsRetentionMinutes) {
    /** Offsets are kept without limit of time. */
    public static final int KEEP = -1;

    public GroupConfig {
        Settings.GROUP_MIN_SESSION_TIMEOUT_MS.check((long) minSessionTimeoutMs);
        Settings.GROUP_MAX_SESSION_TIMEOUT_MS.check((long) maxSessionTimeoutMs);
        Settings.GROUP_INITIAL_REBALANCE_DELAY_MS.check((long) initialRebalanceDelayMs);
        Settings.GROUP_CONSUMER_HEARTBEAT_INTERVAL_MS.check((long) consumerHeartbeatIntervalMs);
        Settings.OFFSETS_RETENTION_MINUTES.check((long) offsetsRetentionMinutes);
        if (minSessionTimeoutMs > maxSessionTimeoutMs) {
            throw new ConfigRefusedException(
                    "group-min-session-timeout-ms %d is above group-max-session-timeout-ms %d: no member could join"
                            .formatted(minSessionTimeoutMs, maxSessionTimeoutMs));
        }
        if (offsetsRetentionMinutes == 0) {
            throw new ConfigRefusedException(
                    "offsets-retention-minutes 0 would forget offsets at once: set -1 to keep them, or 1 and more");
        }
    }

    static GroupConfig from(SettingValues values) {
        return new GroupConfig(
                values.intOf(Settings.GROUP_MIN_SESSION_TIMEOUT_MS),
                values.intOf(Settings.GROUP_MAX_SESSION_TIMEOUT_MS),
                values.intOf(Settings.GROUP_INITIAL_REBALANCE_DELAY_MS),
                values.intOf(Settings.GROUP_CONSUMER_HEARTBEAT_INTERVAL_MS),
                values.intOf(Settings.OFFSETS_RETENTION_MINUTES));
    }
}
