package io.mlog.broker.config;

import java.nio.file.Path;

/**
 * The data directory and how its logs are kept.
 *
 * @param dataDir where everything is stored
 * @param flush when records are on disk
 * @param flushIntervalMs longest time between fsyncs with {@link FlushMode#OS}
 * @param indexIntervalBytes bytes of log for each entry of an offset index
 * @param diskReserveBytes free space at which producing is refused
 * @param recoveryThreads partitions recovered at the same time; 0 takes one for each processor
 * @param retentionCheckIntervalMs time between two looks for segments to delete
 * @param compaction when partitions are compacted, and what that may take
 * @param producerIdExpirationMs time after which an idle producer is forgotten
 */
public record StorageConfig(
        Path dataDir,
        FlushMode flush,
        long flushIntervalMs,
        int indexIntervalBytes,
        long diskReserveBytes,
        int recoveryThreads,
        long retentionCheckIntervalMs,
        CompactionSettings compaction,
        long producerIdExpirationMs) {
    public StorageConfig {
        dataDir = Settings.DATA_DIR.check(dataDir);
        Settings.FLUSH_INTERVAL_MS.check(flushIntervalMs);
        Settings.INDEX_INTERVAL_BYTES.check((long) indexIntervalBytes);
        Settings.DISK_RESERVE_BYTES.check(diskReserveBytes);
        Settings.RECOVERY_THREADS.check((long) recoveryThreads);
        Settings.RETENTION_CHECK_INTERVAL_MS.check(retentionCheckIntervalMs);
        Settings.PRODUCER_ID_EXPIRATION_MS.check(producerIdExpirationMs);
    }

    static StorageConfig from(SettingValues values) {
        return new StorageConfig(
                values.of(Settings.DATA_DIR),
                values.of(Settings.FLUSH),
                values.of(Settings.FLUSH_INTERVAL_MS),
                values.intOf(Settings.INDEX_INTERVAL_BYTES),
                values.of(Settings.DISK_RESERVE_BYTES),
                values.intOf(Settings.RECOVERY_THREADS),
                values.of(Settings.RETENTION_CHECK_INTERVAL_MS),
                CompactionSettings.from(values),
                values.of(Settings.PRODUCER_ID_EXPIRATION_MS));
    }
}
