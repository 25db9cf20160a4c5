package io.mlog.storage;

import io.mlog.model.TopicId;
import io.mlog.model.TopicPartition;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Where a log lives and what it shares with the other logs of its data directory.
 *
 * @param directory of the partition
 */
record LogHome(
        FileStore store,
        Path directory,
        TopicPartition topicPartition,
        TopicId topicId,
        DiskSpace disk,
        ScanBuffers buffers,
        RecoveryPointWriter recoveryPoints) {
    /** Writes the present recovery points of all logs, durably. */
    @FunctionalInterface
    interface RecoveryPointWriter {
        /** Blocks until they are on disk. */
        void write() throws IOException;
    }

    SegmentFiles files(long baseOffset) {
        return new SegmentFiles(directory, baseOffset);
    }
}
