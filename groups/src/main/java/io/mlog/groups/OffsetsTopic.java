package io.mlog.groups;

import java.util.Map;

/**
 * The topic that keeps groups and their committed offsets, in Kafka's format. Which partition a
 * group belongs to depends on the number of partitions, so that never changes.
 */
public final class OffsetsTopic {
    /** Kafka's name of it. */
    public static final String NAME = "__consumer_offsets";

    /**
     * Kafka has 50. A coordinator keeps half a MiB for each of its partitions, and 8 spread the
     * groups over as many brokers as a cluster of ours has.
     */
    public static final int PARTITIONS = 8;

    /** Small, since only what is behind the active segment is compacted. */
    private static final int SEGMENT_BYTES = 16 << 20;

    private OffsetsTopic() {}

    /** The partition that keeps the group, as Kafka's coordinator reckons it. */
    public static int partitionFor(String group) {
        int hash = group.hashCode();
        return (hash == Integer.MIN_VALUE ? 0 : Math.abs(hash)) % PARTITIONS;
    }

    /** The topic's configuration. */
    public static Map<String, String> configs() {
        return Map.of(
                "cleanup.policy", "compact",
                "compression.type", "producer",
                "segment.bytes", Integer.toString(SEGMENT_BYTES));
    }
}
