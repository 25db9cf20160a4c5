package io.mlog.groups;

/**
 * What coordinators allow and how long they wait.
 *
 * @param minSessionTimeoutMs shortest silence after which a member of a classic group may want to
 *     be removed
 * @param maxSessionTimeoutMs longest
 * @param initialRebalanceDelayMs how long the first generation of a classic group waits for more
 *     members; Kafka waits 3 s
 * @param consumerSessionTimeoutMs silence after which a member of a KIP-848 group is removed
 * @param consumerHeartbeatIntervalMs how often a member of a KIP-848 group reports; it learns of
 *     its partitions by that, so this is half of what a rebalance takes. Kafka says 5 s
 * @param maxGroupSize most members of one group
 * @param offsetMetadataMaxBytes longest remark on a committed offset, in characters
 * @param offsetsRetentionMinutes how long the offsets of a group without members are kept; {@link
 *     #KEEP_OFFSETS} for ever
 * @param writeTimeoutMs how long a write waits for its replicas; then the client is told that the
 *     coordinator is not available
 * @param threads that deal with requests
 */
public record GroupsConfig(
        int minSessionTimeoutMs,
        int maxSessionTimeoutMs,
        int initialRebalanceDelayMs,
        int consumerSessionTimeoutMs,
        int consumerHeartbeatIntervalMs,
        int maxGroupSize,
        int offsetMetadataMaxBytes,
        int offsetsRetentionMinutes,
        int writeTimeoutMs,
        int threads) {
    /**
     * Committed offsets are deleted only with their group or topic. To Kafka it is 4085 years, the
     * longest that it can count.
     */
    public static final int KEEP_OFFSETS = Integer.MAX_VALUE;

    /** 6 s to 30 min; no delay; 45 s, 1 s; 1000 members; 4 KiB; for ever; 5 s; 2 threads. */
    public static final GroupsConfig DEFAULTS =
            new GroupsConfig(
                    6_000, 1_800_000, 0, 45_000, 1_000, 1_000, 4_096, KEEP_OFFSETS, 5_000, 2);

    public GroupsConfig {
        atLeast("minSessionTimeoutMs", minSessionTimeoutMs, 1);
        atLeast("maxSessionTimeoutMs", maxSessionTimeoutMs, minSessionTimeoutMs);
        atLeast("initialRebalanceDelayMs", initialRebalanceDelayMs, 0);
        atLeast("consumerHeartbeatIntervalMs", consumerHeartbeatIntervalMs, 1);
        atLeast(
                "consumerSessionTimeoutMs",
                consumerSessionTimeoutMs,
                consumerHeartbeatIntervalMs + 1);
        atLeast("maxGroupSize", maxGroupSize, 1);
        atLeast("offsetMetadataMaxBytes", offsetMetadataMaxBytes, 0);
        atLeast("offsetsRetentionMinutes", offsetsRetentionMinutes, 1);
        atLeast("writeTimeoutMs", writeTimeoutMs, 1);
        atLeast("threads", threads, 1);
    }

    private static void atLeast(String name, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException(
                    name + " is " + value + ", it must be " + least + " or more");
        }
    }
}
