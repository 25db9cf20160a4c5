package io.mlog.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Checks one partition's directory against itself and against what the directory's checkpoints say
 * about it. One use, one thread.
 */
final class PartitionCheck {
    private final FileStore store;
    private final Path directory;
    private final DirectoryCheck.Checkpointed known;
    private final CheckReport report;
    private final ByteBuffer window;
    private @Nullable LeaderEpochs epochs;
    private @Nullable RecoveryPoint point;
    private @Nullable Boundary end;

    PartitionCheck(
            FileStore store,
            Path directory,
            DirectoryCheck.Checkpointed known,
            CheckReport report,
            ByteBuffer window) {
        this.store = store;
        this.directory = directory;
        this.known = known;
        this.report = report;
        this.window = window;
    }

    void run() throws IOException {
        report.partition();
        List<SegmentFiles> segments = segments();
        List<Path> snapshots = new ArrayList<>();
        for (Path file : store.list(directory)) {
            if (snapshotOffset(file).isPresent()) {
                snapshots.add(file);
            }
        }
        PartitionName name = name();
        point = point(name);
        epochs = epochs();
        checkSegments(segments);
        checkPoint(segments);
        if (name != null) {
            checkWithin(
                    Checkpoints.HIGH_WATERMARKS,
                    "a high watermark",
                    known.highWatermarks().get(name));
            CleanedTo cleaned = known.cleaned().get(name);
            checkWithin(
                    Checkpoints.CLEANER_OFFSETS,
                    "a first dirty offset",
                    cleaned == null ? null : cleaned.offset());
        }
        snapshots.forEach(this::checkSnapshot);
    }

    /** Segments as the next start takes them, which finishes what a compaction has begun. */
    private List<SegmentFiles> segments() throws IOException {
        List<SegmentFiles> segments = SegmentFiles.list(store, directory, "");
        for (SegmentFiles swap : SegmentFiles.list(store, directory, SegmentFiles.SWAP)) {
            Long end = SegmentSwap.end(store, swap);
            if (end != null || !store.exists(swap.at("").log())) {
                segments.removeIf(old ->
                        old.baseOffset() >= swap.baseOffset()
                                && end != null
                                && old.baseOffset() < end);
                segments.add(swap);
            }
        }
        segments.sort(Comparator.comparingLong(SegmentFiles::baseOffset));
        return segments;
    }

    private @Nullable PartitionName name() {
        Path file = directory.resolve(PartitionDirectories.METADATA);
        try {
            return PartitionDirectories.readName(store, file, directory);
        } catch (IOException e) {
            report.unreadable(file, e);
            return null;
        }
    }

    /** Null when there is none to be had; a log that was never checkpointed has one at 0. */
    private @Nullable RecoveryPoint point(@Nullable PartitionName name) {
        if (name == null || known.points() == null) {
            return null;
        }
        RecoveryPoint stored = known.points().get(name);
        return stored != null
                ? stored
                : new RecoveryPoint(name.topicId(), new LogPoint(0, 0, 0), 0);
    }

    private @Nullable LeaderEpochs epochs() {
        Path file = directory.resolve(LogFlush.EPOCHS_FILE);
        try {
            return LeaderEpochs.decode(CheckedFile.read(store, file, FileKind.LEADER_EPOCHS));
        } catch (NoSuchFileException e) {
            if (point != null && point.durable().position() > 0) {
                report.unreadable(file, e);
            }
        } catch (IOException e) {
            report.unreadable(file, e);
        } catch (IllegalArgumentException e) {
            report.finding(DirectoryCheck.body(file, "rising epochs", e));
        }
        return null;
    }

    private void checkSegments(List<SegmentFiles> segments) {
        checkStart(segments);
        for (int i = 0; i < segments.size(); i++) {
            SegmentFiles files = segments.get(i);
            boolean closed = i < segments.size() - 1;
            if (i > 0 && end != null && end.offset() != files.baseOffset()) {
                report.tell(
                        mustBeThere(files.baseOffset()),
                        new Damage(
                                files.log().toString(),
                                0,
                                end.offset(),
                                "a segment that begins at offset " + end.offset(),
                                "one that begins at " + files.baseOffset()));
            }
            checkSegment(files, closed);
        }
    }

    /** Retention may have dropped segments since the last checkpoint, unless that was the end. */
    private void checkStart(List<SegmentFiles> segments) {
        if (!known.stoppedCleanly() || point == null || segments.isEmpty()) {
            return;
        }
        SegmentFiles first = segments.getFirst();
        if (first.baseOffset() > point.logStartOffset()) {
            report.finding(
                    new Damage(
                            first.log().toString(),
                            0,
                            point.logStartOffset(),
                            "a segment that begins at offset "
                                    + point.logStartOffset()
                                    + " or below",
                            "one that begins at " + first.baseOffset()));
        }
    }

    private void checkSegment(SegmentFiles files, boolean closed) {
        Reach reach =
                new Reach(durableBytes(files.baseOffset(), closed), closed, known.stoppedCleanly());
        try {
            SegmentCheck.Outcome outcome =
                    new SegmentCheck(store, files, reach, epochs, report, window).run();
            end = outcome.end();
            if (!reach.whole()) {
                checkReach(files, outcome, reach.durableBytes());
            } else if (!closed && point != null) {
                checkStop(files, outcome.sizeBytes(), point.durable());
            }
        } catch (IOException e) {
            end = null;
            report.unreadable(files.log(), e);
        }
    }

    /** How much of a segment must be good: as recovery sees it. */
    private int durableBytes(long baseOffset, boolean closed) {
        if (known.stoppedCleanly()) {
            return Reach.WHOLE;
        }
        if (point == null) {
            return closed ? Reach.WHOLE : 0;
        }
        LogPoint durable = point.durable();
        int before = baseOffset < durable.segmentBase() ? Reach.WHOLE : 0;
        return baseOffset == durable.segmentBase() ? durable.position() : before;
    }

    private boolean mustBeThere(long baseOffset) {
        return known.stoppedCleanly()
                || point == null
                || baseOffset <= point.durable().segmentBase();
    }

    /** The recovery point has to be a boundary of its segment. */
    private void checkReach(SegmentFiles files, SegmentCheck.Outcome outcome, int durableBytes) {
        if (point == null || durableBytes == 0) {
            return;
        }
        LogPoint durable = point.durable();
        if (outcome.sizeBytes() < durableBytes) {
            report.finding(
                    new Damage(
                            files.log().toString(),
                            outcome.sizeBytes(),
                            -1,
                            durableBytes + " bytes up to offset " + durable.offset(),
                            outcome.sizeBytes() + " bytes"));
        }
        Boundary found = outcome.atReach();
        if (found != null
                && (found.position() != durable.position() || found.offset() != durable.offset())) {
            report.finding(
                    pointDamage(
                            "offset " + found.offset() + " at position " + found.position(),
                            durable));
        }
    }

    /** A clean stop says where the last segment ends. */
    private void checkStop(SegmentFiles files, int sizeBytes, LogPoint stop) {
        if (files.baseOffset() != stop.segmentBase() || sizeBytes != stop.position()) {
            report.finding(
                    new Damage(
                            files.log().toString(),
                            Math.min(sizeBytes, stop.position()),
                            stop.offset(),
                            "the stop's end at position "
                                    + stop.position()
                                    + " of segment "
                                    + stop.segmentBase(),
                            "the end at position " + sizeBytes));
        } else if (end != null && end.offset() != stop.offset()) {
            report.finding(pointDamage("offset " + end.offset() + " at the end", stop));
        }
    }

    private Damage pointDamage(String expected, LogPoint found) {
        return new Damage(
                pointsFile().toString(),
                0,
                found.offset(),
                expected + " of " + directory.getFileName(),
                "offset " + found.offset() + " at position " + found.position());
    }

    private Path pointsFile() {
        return directory.resolveSibling(Checkpoints.RECOVERY_POINTS);
    }

    private void checkPoint(List<SegmentFiles> segments) {
        if (point == null) {
            return;
        }
        LogPoint durable = point.durable();
        boolean there =
                segments.stream().anyMatch(files -> files.baseOffset() == durable.segmentBase());
        // Retention may have dropped it since; then all older ones are gone, too.
        boolean dropped =
                !segments.isEmpty() && segments.getFirst().baseOffset() > durable.segmentBase();
        if (durable.position() > 0 && !there && !dropped) {
            Path missing = new SegmentFiles(directory, durable.segmentBase()).log();
            report.unreadable(missing, new NoSuchFileException(missing.toString()));
        }
        if (end != null && point.logStartOffset() > end.offset()) {
            report.tell(
                    known.stoppedCleanly(),
                    new Damage(
                            pointsFile().toString(),
                            0,
                            point.logStartOffset(),
                            "a log start of " + directory.getFileName() + " up to " + end.offset(),
                            String.valueOf(point.logStartOffset())));
        }
    }

    /** An offset that a checkpoint of the directory names lies in the log. */
    private void checkWithin(String checkpoint, String what, @Nullable Long offset) {
        long most = end == null ? Long.MAX_VALUE : end.offset();
        if (offset != null && (offset < 0 || offset > most)) {
            report.tell(
                    offset < 0 || known.stoppedCleanly(),
                    new Damage(
                            directory.resolveSibling(checkpoint).toString(),
                            0,
                            offset,
                            what + " of " + directory.getFileName() + " up to " + most,
                            String.valueOf(offset)));
        }
    }

    private static OptionalLong snapshotOffset(Path file) {
        return SegmentFiles.number(file, ProducerSnapshots.PREFIX, ProducerSnapshots.ENDING);
    }

    /** Snapshots are never forced and made again when wrong, so a crash excuses them. */
    private void checkSnapshot(Path file) {
        long offset = snapshotOffset(file).orElseThrow();
        try {
            ByteBuffer body = CheckedFile.read(store, file, FileKind.PRODUCERS);
            long found = body.remaining() < Long.BYTES ? -1 : body.getLong();
            if (found != offset) {
                throw CheckedFile.damaged(file, 16, "offset " + offset, "offset " + found);
            }
            if (end != null && offset > end.offset()) {
                throw CheckedFile.damaged(
                        file, 16, "an offset up to the log's end " + end.offset(), offset);
            }
        } catch (IOException e) {
            report.tell(known.stoppedCleanly(), CheckReport.asDamage(file, e));
        }
    }
}
