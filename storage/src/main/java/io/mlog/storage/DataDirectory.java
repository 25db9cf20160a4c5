package io.mlog.storage;

import io.mlog.model.MlogException;
import io.mlog.model.TopicId;
import io.mlog.model.TopicPartition;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

/**
 * A broker's directory on disk: lock, identity, checkpoints and the partitions' logs.
 *
 * <p>Any thread that may block; calls for one partition are the caller's to order.
 */
public final class DataDirectory implements AutoCloseable {
    static final String LOCK = ".lock";

    private final FileStore store;
    private final Path root;
    private final Closeable lock;
    private final DirectoryMarks marks;
    private final PartitionDirectories directories;
    private final Checkpoints checkpoints;
    private final DiskSpace diskSpace;
    private final ScanBuffers buffers = new ScanBuffers();
    private final boolean stoppedCleanly;
    private final long bootEpoch;
    private final List<DeletedLog> deleted = new ArrayList<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private DirectoryMarks.Identity identity;

    private record DeletedLog(PartitionLog log, Path directory) {}

    private DataDirectory(
            FileStore store,
            Path root,
            Closeable lock,
            long marginBytes,
            Clock clock,
            RandomGenerator random)
            throws IOException {
        this.store = store;
        this.root = root;
        this.lock = lock;
        this.marks = new DirectoryMarks(store, root);
        this.directories = new PartitionDirectories(store, root);
        boolean fresh = !directories.any();
        this.identity = marks.identity(random, !fresh);
        this.bootEpoch = marks.nextBootEpoch(clock.millis());
        this.stoppedCleanly = marks.takeCleanStop();
        this.checkpoints = new Checkpoints(store, root);
        this.diskSpace = new DiskSpace(store, root, marginBytes);
        checkpoints.read(fresh);
        directories.deleteLeftOvers();
    }

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
        createDurably(store, root);
        Closeable lock;
        try {
            lock = store.lock(root.resolve(LOCK));
        } catch (IOException e) {
            throw new IOException(
                    "data directory "
                            + root
                            + " is in use by another broker ("
                            + e.getMessage()
                            + "): stop that one or name another directory",
                    e);
        }
        try {
            return new DataDirectory(store, root, lock, marginBytes, clock, random);
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private static void createDurably(FileStore store, Path root) throws IOException {
        List<Path> above = new ArrayList<>();
        Path missing = root.toAbsolutePath().normalize();
        while (missing.getParent() != null && !store.exists(missing)) {
            missing = missing.getParent();
            above.add(missing);
        }
        store.createDirectories(root);
        for (Path parent : above) {
            store.syncDirectory(parent);
        }
    }

    /** Whose it is; empty before the first {@link #claim}. */
    public synchronized Optional<DirectoryIdentity> identity() {
        return identity.claimed();
    }

    /**
     * Makes the directory this node's in this cluster, durably, or checks that it is.
     *
     * @throws IOException when it belongs to another; the message names both
     */
    public synchronized DirectoryIdentity claim(String clusterId, String nodeId)
            throws IOException {
        Optional<DirectoryIdentity> present = identity.claimed();
        if (present.isPresent()) {
            return checkSame(present.get(), clusterId, nodeId);
        }
        DirectoryMarks.Identity mine =
                new DirectoryMarks.Identity(identity.directoryId(), clusterId, nodeId);
        marks.save(mine);
        identity = mine;
        return new DirectoryIdentity(clusterId, nodeId, mine.directoryId());
    }

    private DirectoryIdentity checkSame(DirectoryIdentity own, String clusterId, String nodeId)
            throws IOException {
        if (!own.clusterId().equals(clusterId) || !own.nodeId().equals(nodeId)) {
            throw new IOException(
                    "data directory "
                            + root
                            + " belongs to node '"
                            + own.nodeId()
                            + "' of cluster "
                            + own.clusterId()
                            + ", not to node '"
                            + nodeId
                            + "' of cluster "
                            + clusterId
                            + ": name the right directory or the right node");
        }
        return own;
    }

    /** Random name of this directory, made when it was first opened. */
    public synchronized String directoryId() {
        return identity.directoryId();
    }

    /** Number of this life, larger than that of every earlier one. */
    public long bootEpoch() {
        return bootEpoch;
    }

    /** Whether the life before ended with {@link #closeCleanly}. */
    public boolean stoppedCleanly() {
        return stoppedCleanly;
    }

    /** The path given. */
    public Path root() {
        return root;
    }

    /** The partitions that have a directory here. */
    public List<FoundPartition> found() throws IOException {
        return directories.found();
    }

    /** Renames a directory that nobody knows, so that it is neither used nor lost. */
    public Path setAside(FoundPartition unknown) throws IOException {
        return directories.setAside(unknown);
    }

    /** Opens logs in parallel and waits for all; results are in the order wanted. */
    public List<OpenedLog> openLogs(
            List<LogToOpen> wanted, Executor executor, OpenProgress progress) {
        AtomicInteger done = new AtomicInteger();
        List<CompletableFuture<OpenedLog>> opening = new ArrayList<>();
        for (LogToOpen next : wanted) {
            opening.add(
                    CompletableFuture.supplyAsync(
                            () -> {
                                OpenedLog opened = open(next);
                                progress.opened(done.incrementAndGet(), wanted.size(), opened);
                                return opened;
                            },
                            executor));
        }
        return opening.stream().map(CompletableFuture::join).toList();
    }

    private OpenedLog open(LogToOpen wanted) {
        FoundPartition partition = wanted.partition();
        try {
            LogHome home = home(partition);
            RecoveryPoint point =
                    checkpoints.recoveryPoint(
                            new PartitionName(partition.topicPartition(), partition.topicId()));
            LogRecovery.Recovered recovered =
                    new LogRecovery(home, wanted.config(), point, stoppedCleanly).run();
            PartitionLog log = log(home, wanted.config(), wanted.producers(), recovered);
            return new OpenedLog.Ready(partition, log, recovered.report());
        } catch (IOException e) {
            LogHealth.LOGGER.error("cannot open the log in {}", partition.directory(), e);
            return new OpenedLog.Failed(
                    partition, "cannot open " + partition.directory() + ": " + e.getMessage());
        }
    }

    private PartitionLog log(
            LogHome home,
            LogConfig config,
            ProducerState producers,
            LogRecovery.Recovered recovered)
            throws IOException {
        ProducerSnapshots snapshots = new ProducerSnapshots(store, home.directory());
        Segment[] segments = recovered.segments().toArray(new Segment[0]);
        new ProducerReplay(snapshots, new SegmentSearch(buffers))
                .run(segments, recovered.logStartOffset(), producers);
        CleanedTo cleaned =
                checkpoints.cleanedTo(new PartitionName(home.topicPartition(), home.topicId()));
        PartitionLog log = new PartitionLog(home, config, producers, snapshots, recovered, cleaned);
        checkpoints.add(log);
        return log;
    }

    private LogHome home(FoundPartition partition) {
        return new LogHome(
                store,
                partition.directory(),
                partition.topicPartition(),
                partition.topicId(),
                diskSpace,
                buffers,
                checkpoints::writeRecoveryPoints);
    }

    /** Creates an empty log, durably. */
    public PartitionLog createLog(
            TopicPartition partition, TopicId topicId, LogConfig config, ProducerState producers)
            throws IOException {
        FoundPartition created = directories.create(partition, topicId);
        LogHome home = home(created);
        LogRecovery.Recovered empty = new LogRecovery(home, config, null, false).run();
        return log(home, config, producers, empty);
    }

    /** Renames a log's directory out of the way, durably, and deletes it as readers let it go. */
    public void deleteLog(PartitionLog log) throws IOException {
        checkpoints.remove(log);
        log.retire();
        Path renamed = directories.markDeleted(log.directory());
        synchronized (deleted) {
            deleted.add(new DeletedLog(log, renamed));
        }
        reapDeleted();
    }

    /** Gives back the disk space of deleted segments and logs that no reader holds any more. */
    public void reapDeleted() throws IOException {
        for (PartitionLog log : checkpoints.logs()) {
            log.reapDeleted();
        }
        List<DeletedLog> closed = new ArrayList<>();
        synchronized (deleted) {
            deleted.removeIf(log -> log.log().allClosed() && closed.add(log));
        }
        for (DeletedLog log : closed) {
            store.deleteTree(log.directory());
        }
    }

    /** High watermark of the last checkpoint, not above the log's end; the log start when none. */
    public long highWatermark(PartitionLog log) {
        return checkpoints.highWatermark(log);
    }

    /**
     * What the life before promised to have of a partition: everything below its last recorded high
     * watermark and recovery point. 0 when nothing was recorded. A log that ends below it has lost
     * something.
     */
    public long promisedOffset(TopicPartition partition, TopicId topicId) {
        return checkpoints.promisedOffset(new PartitionName(partition, topicId));
    }

    /**
     * Writes recovery points, log starts, high watermarks and indexes of all open logs. To be
     * called each second and never on the way to an acknowledgement; also after {@link
     * PartitionLog#advanceLogStart} before it is answered.
     */
    public void writeCheckpoints(Map<TopicPartition, Long> highWatermarks) throws IOException {
        for (PartitionLog log : checkpoints.logs()) {
            log.persistIndexes();
        }
        checkpoints.writeRecoveryPoints();
        checkpoints.writeHighWatermarks(highWatermarks);
    }

    /** Writes how far logs were compacted, so that the next start need not begin anew. */
    public void writeCleanerOffsets() throws IOException {
        checkpoints.writeCleanerOffsets();
    }

    /** What is left of the disk. */
    public DiskSpace diskSpace() {
        return diskSpace;
    }

    /** Flushes and closes every log and writes the marker that spares the next start its scan. */
    public void closeCleanly(Map<TopicPartition, Long> highWatermarks) throws IOException {
        boolean clean = true;
        for (PartitionLog log : checkpoints.logs()) {
            try {
                log.closeCleanly();
            } catch (MlogException e) {
                LogHealth.LOGGER.error("the stop is not clean: {}", e.reason());
                clean = false;
            }
        }
        checkpoints.writeRecoveryPoints();
        checkpoints.writeHighWatermarks(highWatermarks);
        if (clean) {
            marks.markCleanStop(bootEpoch);
        }
        close();
    }

    /** Lets go of all files and the lock; without {@link #closeCleanly} the next start recovers. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        checkpoints.logs().forEach(PartitionLog::close);
        try {
            lock.close();
        } catch (IOException e) {
            LogHealth.LOGGER.warn("cannot release the lock of {}: {}", root, e.getMessage());
        }
    }
}
