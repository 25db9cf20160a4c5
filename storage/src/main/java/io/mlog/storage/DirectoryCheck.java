package io.mlog.storage;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Checks a data directory that no broker is using: every batch, every index entry, every checkpoint
 * and mark, and what they say about each other. Changes nothing. Needs memory for the checkpoints,
 * not for what a damaged file claims to hold.
 *
 * <p>After a kill or a loss of power some things may be unfinished that the next start mends; they
 * are told as notes. One use, one thread; blocks.
 */
public final class DirectoryCheck {
    private static final int WINDOW_BYTES = 256 << 10;

    private final FileStore store;
    private final Path root;
    private final CheckReport report;
    private final DirectoryMarks marks;
    private final PartitionDirectories directories;

    /** Tells {@code listener} what it finds, as it goes on. */
    public DirectoryCheck(FileStore store, Path root, CheckListener listener) {
        this.store = store;
        this.root = root;
        this.report = new CheckReport(listener);
        this.marks = new DirectoryMarks(store, root);
        this.directories = new PartitionDirectories(store, root);
    }

    /**
     * What the directory says about all partitions.
     *
     * @param points null when they cannot be read, as the next start takes it then
     */
    record Checkpointed(
            boolean stoppedCleanly,
            @Nullable Map<PartitionName, RecoveryPoint> points,
            Map<PartitionName, Long> highWatermarks,
            Map<PartitionName, CleanedTo> cleaned) {}

    /** A check of files in the directory that another room knows. */
    @FunctionalInterface
    public interface OtherCheck {
        /** Tells {@code report} what it finds. */
        void run(Path root, boolean holdsPartitions, CheckListener report) throws IOException;
    }

    /**
     * Checks everything.
     *
     * @param others run while brokers are kept out
     * @throws IOException when it is no data directory, or one that a broker is using
     */
    public CheckTotals run(OtherCheck... others) throws IOException {
        if (!store.isDirectory(root)) {
            throw new NoSuchFileException(root.toString(), null, "there is no such directory");
        }
        try (Closeable _ = lock()) {
            List<Path> partitions = partitions();
            boolean identified = store.exists(root.resolve(DirectoryMarks.IDENTITY));
            if (partitions.isEmpty() && !identified) {
                throw new IOException(root + " is no data directory of mlog");
            }
            Checkpointed known = readMarks(!partitions.isEmpty());
            ByteBuffer window = ByteBuffer.allocateDirect(WINDOW_BYTES);
            for (Path partition : partitions) {
                new PartitionCheck(store, partition, known, report, window).run();
            }
            for (OtherCheck other : others) {
                other.run(root, !partitions.isEmpty(), report);
            }
            return report.totals();
        }
    }

    /** Keeps brokers out while their directory is read; a copy has no lock to take. */
    private Closeable lock() throws IOException {
        Path file = root.resolve(DataDirectory.LOCK);
        if (!store.exists(file)) {
            return () -> {};
        }
        try {
            return store.lock(file);
        } catch (IOException e) {
            throw new IOException(
                    "data directory "
                            + root
                            + " cannot be checked while a broker uses it ("
                            + e.getMessage()
                            + "): stop the broker, or check a copy",
                    e);
        }
    }

    private List<Path> partitions() throws IOException {
        List<Path> all = new ArrayList<>();
        for (Path path : store.list(root)) {
            boolean lostItsName =
                    !PartitionDirectories.isOutOfUse(path)
                            && store.isDirectory(path)
                            && holdsSegments(path);
            if (directories.isInUse(path) || lostItsName) {
                all.add(path);
            }
        }
        return all;
    }

    private boolean holdsSegments(Path directory) throws IOException {
        return store.list(directory).stream()
                .anyMatch(file -> SegmentFiles.number(file, "", SegmentFiles.LOG).isPresent());
    }

    private Checkpointed readMarks(boolean holdsPartitions) {
        checkIdentity();
        if (number(DirectoryMarks.BOOT_EPOCH, FileKind.BOOT_EPOCH) == null && holdsPartitions) {
            missing(DirectoryMarks.BOOT_EPOCH);
        }
        boolean clean = number(DirectoryMarks.CLEAN_STOP, FileKind.STOP_MARKER) != null;
        return new Checkpointed(
                clean,
                points(holdsPartitions),
                highWatermarks(clean && holdsPartitions),
                cleanerOffsets());
    }

    private void checkIdentity() {
        Path file = root.resolve(DirectoryMarks.IDENTITY);
        try {
            marks.readIdentity(file);
        } catch (IOException e) {
            report.unreadable(file, e);
        }
    }

    /** Null when there is none; one that cannot be read is told and counts as there. */
    private @Nullable Long number(String name, FileKind kind) {
        Path file = root.resolve(name);
        try {
            return marks.readLong(file, kind);
        } catch (IOException e) {
            report.unreadable(file, e);
            return kind == FileKind.STOP_MARKER ? null : Long.valueOf(-1);
        }
    }

    private @Nullable Map<PartitionName, RecoveryPoint> points(boolean holdsPartitions) {
        Path file = root.resolve(Checkpoints.RECOVERY_POINTS);
        try {
            return RecoveryPointsFile.decode(
                    CheckedFile.read(store, file, FileKind.RECOVERY_POINTS));
        } catch (NoSuchFileException e) {
            if (holdsPartitions) {
                missing(Checkpoints.RECOVERY_POINTS);
            }
        } catch (IOException e) {
            report.unreadable(file, e);
        } catch (IllegalArgumentException e) {
            report.finding(body(file, "recovery points", e));
        }
        return null;
    }

    private Map<PartitionName, Long> highWatermarks(boolean mustBeThere) {
        Path file = root.resolve(Checkpoints.HIGH_WATERMARKS);
        try {
            return HighWatermarksFile.decode(
                    CheckedFile.read(store, file, FileKind.HIGH_WATERMARKS));
        } catch (NoSuchFileException e) {
            if (mustBeThere) {
                missing(Checkpoints.HIGH_WATERMARKS);
            }
        } catch (IOException e) {
            report.unreadable(file, e);
        } catch (IllegalArgumentException e) {
            report.finding(body(file, "high watermarks", e));
        }
        return Map.of();
    }

    /** There is none before the first compaction. */
    private Map<PartitionName, CleanedTo> cleanerOffsets() {
        Path file = root.resolve(Checkpoints.CLEANER_OFFSETS);
        try {
            return CleanerOffsetsFile.decode(
                    CheckedFile.read(store, file, FileKind.CLEANER_OFFSETS));
        } catch (NoSuchFileException e) {
            return Map.of();
        } catch (IOException e) {
            report.unreadable(file, e);
        } catch (IllegalArgumentException e) {
            report.finding(body(file, "cleaner offsets", e));
        }
        return Map.of();
    }

    static Damage body(Path file, String expected, IllegalArgumentException why) {
        return new Damage(file.toString(), 16, -1, expected, String.valueOf(why.getMessage()));
    }

    private void missing(String name) {
        Path file = root.resolve(name);
        report.unreadable(file, new NoSuchFileException(file.toString()));
    }
}
