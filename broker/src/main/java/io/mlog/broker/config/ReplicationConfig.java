package io.mlog.broker.config;

/**
 * How replicas follow and when they count as in sync.
 *
 * @param batchSize most records of one partition in one answer to a follower
 * @param isrLagRecords records that a follower may be behind and still count as current
 * @param isrLagMs how long it may be behind further than that before it leaves the in-sync replicas
 * @param reassignmentBytesPerSecond how fast partitions are copied that this broker is being added
 *     to; 0 without limit
 */
public record ReplicationConfig(
        int batchSize, long isrLagRecords, long isrLagMs, long reassignmentBytesPerSecond) {
    public ReplicationConfig {
        Settings.REPLICATION_BATCH_SIZE.check((long) batchSize);
        Settings.ISR_LAG_THRESHOLD.check(isrLagRecords);
        Settings.ISR_LAG_TIME.check(isrLagMs);
        Settings.REASSIGNMENT_BYTES_PER_SECOND.check(reassignmentBytesPerSecond);
    }

    static ReplicationConfig from(SettingValues values) {
        return new ReplicationConfig(
                values.intOf(Settings.REPLICATION_BATCH_SIZE),
                values.of(Settings.ISR_LAG_THRESHOLD),
                values.of(Settings.ISR_LAG_TIME),
                values.of(Settings.REASSIGNMENT_BYTES_PER_SECOND));
    }
}
