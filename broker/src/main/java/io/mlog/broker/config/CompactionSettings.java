package io.mlog.broker.config;

/**
 * When partitions are compacted, and what that may take.
 *
 * @param checkIntervalMs time between two looks for partitions to compact
 * @param memoryBytes memory for the keys of one partition
 * @param bytesPerSecond most bytes read and written in a second; 0: as fast as it can
 */
public record CompactionSettings(long checkIntervalMs, long memoryBytes, long bytesPerSecond) {
    public CompactionSettings {
        Settings.COMPACTION_CHECK_INTERVAL_MS.check(checkIntervalMs);
        Settings.COMPACTION_MEMORY_BYTES.check(memoryBytes);
        Settings.COMPACTION_BYTES_PER_SECOND.check(bytesPerSecond);
    }

    static CompactionSettings from(SettingValues values) {
        return new CompactionSettings(
                values.of(Settings.COMPACTION_CHECK_INTERVAL_MS),
                values.of(Settings.COMPACTION_MEMORY_BYTES),
                values.of(Settings.COMPACTION_BYTES_PER_SECOND));
    }
}
