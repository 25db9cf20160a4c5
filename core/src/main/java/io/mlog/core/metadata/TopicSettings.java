package io.mlog.core.metadata;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * A topic's configuration, resolved and typed, for those who act on it.
 *
 * @param retentionMs age at which segments are deleted, -1 for never
 * @param retentionBytes partition size above which segments are deleted, -1 for no limit
 * @param segmentBytes size at which a segment is rolled
 * @param segmentMs age at which a segment is rolled
 * @param delete whether retention deletes segments
 * @param compact whether only the latest record of each key is kept
 * @param compaction how, when it is
 * @param maxMessageBytes largest record batch accepted
 * @param timestampType who stamps records
 * @param minInsyncReplicas least in-sync replicas at which acks=all is accepted
 * @param flush when an acks=all record is durable
 */
public record TopicSettings(
        long retentionMs,
        long retentionBytes,
        int segmentBytes,
        long segmentMs,
        boolean delete,
        boolean compact,
        Compaction compaction,
        int maxMessageBytes,
        TimestampType timestampType,
        int minInsyncReplicas,
        FlushMode flush) {
    /**
     * When records are compacted.
     *
     * @param minDirtyRatio share of bytes not compacted yet above which a partition is compacted
     * @param minLagMs how long a record is left alone
     * @param maxLagMs how long a record may stay without being compacted
     * @param deleteRetentionMs how long a tombstone stays
     */
    public record Compaction(
            double minDirtyRatio, long minLagMs, long maxLagMs, long deleteRetentionMs) {}

    /** Who stamps records. */
    public enum TimestampType {
        /** The producer. */
        CREATE_TIME,
        /** The broker, when it appends. */
        LOG_APPEND_TIME
    }

    /** When an acks=all record is durable. */
    public enum FlushMode {
        /** After an fsync that waiting records share. */
        GROUP,
        /** Once the operating system has it. */
        OS
    }

    /**
     * The settings of a topic.
     *
     * @param brokerDefaults values for what the topic does not set, as {@link TopicConfigs#check}
     *     returned them; {@code flush} is the broker's {@code --flush}
     */
    public static TopicSettings of(TopicImage topic, Map<String, String> brokerDefaults) {
        Map<String, String> values = new HashMap<>();
        for (TopicConfig config : TopicConfigs.all()) {
            values.put(
                    config.name(),
                    TopicConfigs.resolve(
                                    config,
                                    topic.configs(),
                                    brokerDefaults,
                                    topic.replicationFactor())
                            .value());
        }
        return new Parsing(values).settings();
    }

    private record Parsing(Map<String, String> values) {
        TopicSettings settings() {
            Set<String> policy = TopicConfig.items(text(TopicConfigs.CLEANUP_POLICY));
            return new TopicSettings(
                    number(TopicConfigs.RETENTION_MS),
                    number(TopicConfigs.RETENTION_BYTES),
                    Math.toIntExact(number(TopicConfigs.SEGMENT_BYTES)),
                    number(TopicConfigs.SEGMENT_MS),
                    policy.contains("delete"),
                    policy.contains("compact"),
                    new Compaction(
                            Double.parseDouble(text(TopicConfigs.MIN_CLEANABLE_DIRTY_RATIO)),
                            number(TopicConfigs.MIN_COMPACTION_LAG_MS),
                            number(TopicConfigs.MAX_COMPACTION_LAG_MS),
                            number(TopicConfigs.DELETE_RETENTION_MS)),
                    Math.toIntExact(number(TopicConfigs.MAX_MESSAGE_BYTES)),
                    text(TopicConfigs.MESSAGE_TIMESTAMP_TYPE).equals("LogAppendTime")
                            ? TimestampType.LOG_APPEND_TIME
                            : TimestampType.CREATE_TIME,
                    Math.toIntExact(number(TopicConfigs.MIN_INSYNC_REPLICAS)),
                    text(TopicConfigs.FLUSH).equals("os") ? FlushMode.OS : FlushMode.GROUP);
        }

        private String text(String name) {
            String value = values.get(name);
            if (value == null) {
                throw new IllegalStateException(name + " is missing from the table");
            }
            return value;
        }

        private long number(String name) {
            return Long.parseLong(text(name));
        }
    }
}
