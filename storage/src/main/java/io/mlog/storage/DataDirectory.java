package io.mlog.storage;

import io.mlog.model.TopicId;
import io.mlog.model.TopicPartition;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/**
 * A broker's directory on disk: lock, identity, checkpoints and the partitions' logs.
 *
 * <p>Any thread that may block; calls for one partition are the caller's to order.
 */
@SuppressWarnings("DoNotCallSuggester") // signatures only in this first step; bodies follow
public final class DataDirectory implements AutoCloseable {
    private DataDirectory() {}

    /**
     * Locks the directory, creating it when missing, reads what it says about itself and takes the
     * stop marker away.
     *
     * @param marginBytes disk space that records may not use, so that the metadata log can be
     *     written when the disk is full
     * @throws IOException when another broker holds it, when its format is unknown, when it cannot
     *     be read or written; the message says what to do
     */
    public static DataDirectory open(
            FileStore store, Path root, long marginBytes, Clock clock, RandomGenerator random)
            throws IOException {
        throw new UnsupportedOperationException();
    }

    /** Whose it is; empty before the first {@link #claim}. */
    public Optional<DirectoryIdentity> identity() {
        throw new UnsupportedOperationException();
    }

    /**
     * Makes the directory this node's in this cluster, durably, or checks that it is.
     *
     * @throws IOException when it belongs to another; the message names both
     */
    public DirectoryIdentity claim(String clusterId, String nodeId) throws IOException {
        throw new UnsupportedOperationException();
    }

    /** Random name of this directory, made when it was first opened. */
    public String directoryId() {
        throw new UnsupportedOperationException();
    }

    /** Number of this life, larger than that of every earlier one. */
    public long bootEpoch() {
        throw new UnsupportedOperationException();
    }

    /** Whether the life before ended with {@link #closeCleanly}. */
    public boolean stoppedCleanly() {
        throw new UnsupportedOperationException();
    }

    /** The path given. */
    public Path root() {
        throw new UnsupportedOperationException();
    }

    /** The partitions that have a directory here. */
    public List<FoundPartition> found() throws IOException {
        throw new UnsupportedOperationException();
    }

    /** Renames a directory that nobody knows, so that it is neither used nor lost. */
    public Path setAside(FoundPartition unknown) throws IOException {
        throw new UnsupportedOperationException();
    }

    /** Opens logs in parallel and waits for all; results are in the order wanted. */
    public List<OpenedLog> openLogs(
            List<LogToOpen> wanted, Executor executor, OpenProgress progress) {
        throw new UnsupportedOperationException();
    }

    /** Creates an empty log, durably. */
    public PartitionLog createLog(
            TopicPartition partition, TopicId topicId, LogConfig config, ProducerState producers)
            throws IOException {
        throw new UnsupportedOperationException();
    }

    /** Renames a log's directory out of the way, durably, and deletes it as readers let it go. */
    public void deleteLog(PartitionLog log) throws IOException {
        throw new UnsupportedOperationException();
    }

    /** High watermark of the last checkpoint, not above the log's end; the log start when none. */
    public long highWatermark(PartitionLog log) {
        throw new UnsupportedOperationException();
    }

    /**
     * Writes recovery points, log starts, high watermarks and indexes of all open logs. To be
     * called each second and never on the way to an acknowledgement; also after {@link
     * PartitionLog#advanceLogStart} before it is answered.
     */
    public void writeCheckpoints(Map<TopicPartition, Long> highWatermarks) throws IOException {
        throw new UnsupportedOperationException();
    }

    /** What is left of the disk. */
    public DiskSpace diskSpace() {
        throw new UnsupportedOperationException();
    }

    /** Flushes and closes every log and writes the marker that spares the next start its scan. */
    public void closeCleanly(Map<TopicPartition, Long> highWatermarks) throws IOException {
        throw new UnsupportedOperationException();
    }

    /** Lets go of all files and the lock; without {@link #closeCleanly} the next start recovers. */
    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
