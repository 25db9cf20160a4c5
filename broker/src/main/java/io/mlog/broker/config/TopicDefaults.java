package io.mlog.broker.config;

/**
 * What holds for topics that do not say otherwise.
 *
 * @param autoCreate whether a request for an unknown topic creates it
 * @param partitions partitions of a topic created without a number
 * @param segmentBytes size at which a segment is closed
 * @param segmentMs age at which a segment is closed
 * @param retentionMs age at which records are deleted; -1 keeps them
 * @param retentionBytes size of a partition beyond which segments are deleted; -1 keeps them
 * @param maxMessageBytes largest record batch
 */
public record TopicDefaults(
        boolean autoCreate,
        int partitions,
        int segmentBytes,
        long segmentMs,
        long retentionMs,
        long retentionBytes,
        int maxMessageBytes) {
    public TopicDefaults {
        Settings.DEFAULT_PARTITIONS.check((long) partitions);
        Settings.SEGMENT_BYTES.check((long) segmentBytes);
        Settings.SEGMENT_MS.check(segmentMs);
        Settings.RETENTION_MS.check(retentionMs);
        Settings.RETENTION_BYTES.check(retentionBytes);
        Settings.MAX_MESSAGE_BYTES.check((long) maxMessageBytes);
    }

    static TopicDefaults from(SettingValues values) {
        return new TopicDefaults(
                values.of(Settings.AUTO_CREATE_TOPICS),
                values.intOf(Settings.DEFAULT_PARTITIONS),
                values.intOf(Settings.SEGMENT_BYTES),
                values.of(Settings.SEGMENT_MS),
                values.of(Settings.RETENTION_MS),
                values.of(Settings.RETENTION_BYTES),
                values.intOf(Settings.MAX_MESSAGE_BYTES));
    }
}
