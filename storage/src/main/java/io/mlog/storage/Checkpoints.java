package io.mlog.storage;

import io.mlog.model.TopicPartition;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * The checkpoints of a data directory: recovery points and high watermarks of its logs, and how far
 * they were compacted. Any thread; one writes at a time.
 *
 * <p>Recovery points are collected from the logs <em>while</em> the lock is held: a log that
 * lowered its own before it asked for a write can therefore rely on no older, higher one being
 * written after. Points of partitions that are not open stay as they were read.
 */
final class Checkpoints {
    static final String RECOVERY_POINTS = "recovery-point";
    static final String HIGH_WATERMARKS = "high-watermarks";
    static final String CLEANER_OFFSETS = "cleaner-offsets";

    private final FileStore store;
    private final Path root;
    private final ConcurrentMap<PartitionName, PartitionLog> logs = new ConcurrentHashMap<>();
    private Map<PartitionName, RecoveryPoint> points = Map.of();
    private Map<PartitionName, Long> highWatermarks = Map.of();
    private Map<PartitionName, Long> promised = Map.of();
    private Map<PartitionName, CleanedTo> cleaned = Map.of();
    private boolean pointsLost;

    Checkpoints(FileStore store, Path root) {
        this.store = store;
        this.root = root;
    }

    /**
     * Reads both. A damaged checkpoint is told and not used.
     *
     * @param fresh whether the directory holds no partition yet
     */
    synchronized void read(boolean fresh) throws IOException {
        Path file = root.resolve(RECOVERY_POINTS);
        if (fresh && !store.exists(file)) {
            savePoints(Map.of());
        }
        points = Map.copyOf(readPoints(file));
        highWatermarks = Map.copyOf(readHighWatermarks());
        cleaned = Map.copyOf(readCleanerOffsets());
        Map<PartitionName, Long> ends = new LinkedHashMap<>(highWatermarks);
        points.forEach((name, point) -> ends.merge(name, point.durable().offset(), Math::max));
        promised = Map.copyOf(ends);
    }

    /** What the life before promised to have: everything below this. */
    synchronized long promisedOffset(PartitionName name) {
        return promised.getOrDefault(name, 0L);
    }

    private Map<PartitionName, RecoveryPoint> readPoints(Path file) throws IOException {
        try {
            return RecoveryPointsFile.decode(
                    CheckedFile.read(store, file, FileKind.RECOVERY_POINTS));
        } catch (NoSuchFileException | DamagedFileException | IllegalArgumentException e) {
            LogHealth.LOGGER.error(
                    "the recovery points are lost, all logs are scanned as a whole: {}",
                    e.getMessage());
            pointsLost = true;
            return Map.of();
        }
    }

    private void savePoints(Map<PartitionName, RecoveryPoint> next) throws IOException {
        CheckedFile.replace(
                store,
                root.resolve(RECOVERY_POINTS),
                FileKind.RECOVERY_POINTS,
                RecoveryPointsFile.encode(next));
    }

    private Map<PartitionName, Long> readHighWatermarks() throws IOException {
        try {
            Path file = root.resolve(HIGH_WATERMARKS);
            return HighWatermarksFile.decode(
                    CheckedFile.read(store, file, FileKind.HIGH_WATERMARKS));
        } catch (NoSuchFileException e) {
            return Map.of();
        } catch (DamagedFileException | IllegalArgumentException e) {
            LogHealth.LOGGER.error("the high watermarks are not used: {}", e.getMessage());
            return Map.of();
        }
    }

    /** Lost, it costs no more than to compact again what is compact already. */
    private Map<PartitionName, CleanedTo> readCleanerOffsets() throws IOException {
        try {
            Path file = root.resolve(CLEANER_OFFSETS);
            return CleanerOffsetsFile.decode(
                    CheckedFile.read(store, file, FileKind.CLEANER_OFFSETS));
        } catch (NoSuchFileException e) {
            return Map.of();
        } catch (DamagedFileException | IllegalArgumentException e) {
            LogHealth.LOGGER.error("the cleaner's offsets are not used: {}", e.getMessage());
            return Map.of();
        }
    }

    /** How far a log was compacted. */
    synchronized CleanedTo cleanedTo(PartitionName name) {
        return cleaned.getOrDefault(name, CleanedTo.NOTHING);
    }

    /** The point of a log: its beginning when it was never checkpointed, null when it is lost. */
    synchronized @Nullable RecoveryPoint recoveryPoint(PartitionName name) {
        RecoveryPoint known = points.get(name);
        return known != null || pointsLost
                ? known
                : new RecoveryPoint(name.topicId(), new LogPoint(0, 0, 0), 0);
    }

    synchronized long highWatermark(PartitionLog log) {
        Long stored = highWatermarks.get(name(log));
        long atLeastStart = Math.max(stored == null ? 0 : stored, log.logStartOffset());
        return Math.min(atLeastStart, log.logEndOffset());
    }

    void add(PartitionLog log) {
        logs.put(name(log), log);
    }

    void remove(PartitionLog log) {
        logs.remove(name(log), log);
        forget(name(log));
    }

    private synchronized void forget(PartitionName name) {
        Map<PartitionName, RecoveryPoint> next = new LinkedHashMap<>(points);
        next.remove(name);
        points = Map.copyOf(next);
        Map<PartitionName, CleanedTo> others = new LinkedHashMap<>(cleaned);
        others.remove(name);
        cleaned = Map.copyOf(others);
    }

    List<PartitionLog> logs() {
        return List.copyOf(logs.values());
    }

    /**
     * Writes how far open logs were compacted, unless that is on disk. Those of partitions that are
     * not open stay as they were read.
     */
    synchronized void writeCleanerOffsets() throws IOException {
        Map<PartitionName, CleanedTo> next = new LinkedHashMap<>(cleaned);
        logs.forEach((name, log) -> {
            if (log.cleaned().equals(CleanedTo.NOTHING)) {
                next.remove(name);
            } else {
                next.put(name, log.cleaned());
            }
        });
        if (!next.equals(cleaned)) {
            CheckedFile.replace(
                    store,
                    root.resolve(CLEANER_OFFSETS),
                    FileKind.CLEANER_OFFSETS,
                    CleanerOffsetsFile.encode(next));
            cleaned = Map.copyOf(next);
        }
    }

    /**
     * Writes the present points, unless they are those on disk, and how far logs were compacted, so
     * that no log that is cut counts as compacted further than it goes.
     */
    synchronized void writeRecoveryPoints() throws IOException {
        writeCleanerOffsets();
        Map<PartitionName, RecoveryPoint> next = new LinkedHashMap<>(points);
        logs.forEach((name, log) -> next.put(name, log.recoveryPoint()));
        if (!next.equals(points)) {
            savePoints(next);
            points = Map.copyOf(next);
        }
    }

    /** Writes these high watermarks of open logs, unless they are those on disk. */
    synchronized void writeHighWatermarks(Map<TopicPartition, Long> present) throws IOException {
        Map<PartitionName, Long> next = new LinkedHashMap<>();
        for (PartitionName name : logs.keySet()) {
            Long highWatermark = present.get(name.topicPartition());
            if (highWatermark != null) {
                next.put(name, highWatermark);
            }
        }
        if (!next.equals(highWatermarks)) {
            ByteBuffer body = HighWatermarksFile.encode(next);
            CheckedFile.replace(
                    store, root.resolve(HIGH_WATERMARKS), FileKind.HIGH_WATERMARKS, body);
            highWatermarks = Map.copyOf(next);
        }
    }

    private static PartitionName name(PartitionLog log) {
        return new PartitionName(log.topicPartition(), log.topicId());
    }
}
