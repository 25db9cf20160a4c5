package io.mlog.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/** Prints a file in the envelope of {@link CheckedFile}: checkpoints and marks. One thread. */
final class CheckpointDump {
    private final FileStore store;
    private final Function<ByteBuffer, List<DumpLine>> producers;
    private final Consumer<DumpLine> sink;

    CheckpointDump(
            FileStore store,
            Function<ByteBuffer, List<DumpLine>> producers,
            Consumer<DumpLine> sink) {
        this.store = store;
        this.producers = producers;
        this.sink = sink;
    }

    void run(Path file) throws IOException {
        FileKind kind = CheckedFile.kind(store, file);
        ByteBuffer body = CheckedFile.read(store, file, kind);
        sink.accept(
                FileDump.file(
                        file, word(kind), CheckedFile.HEADER_BYTES + (long) body.remaining()));
        try {
            print(file, kind, body);
        } catch (IllegalArgumentException e) {
            throw CheckedFile.damaged(file, CheckedFile.HEADER_BYTES, "a body of this kind", e);
        }
    }

    private static String word(FileKind kind) {
        return switch (kind) {
            case IDENTITY -> "identity";
            case BOOT_EPOCH -> "boot epoch";
            case RECOVERY_POINTS -> "recovery points";
            case HIGH_WATERMARKS -> "high watermarks";
            case STOP_MARKER -> "stop marker";
            case PARTITION_METADATA -> "partition metadata";
            case LEADER_EPOCHS -> "leader epochs";
            case PRODUCERS -> "producers";
            case CLEANER_OFFSETS -> "cleaner offsets";
        };
    }

    private void print(Path file, FileKind kind, ByteBuffer body) throws IOException {
        switch (kind) {
            case IDENTITY -> identity(file);
            case BOOT_EPOCH, STOP_MARKER -> bootEpoch(file, kind);
            case RECOVERY_POINTS -> RecoveryPointsFile.decode(body).forEach(this::recoveryPoint);
            case HIGH_WATERMARKS -> HighWatermarksFile.decode(body).forEach(this::highWatermark);
            case PARTITION_METADATA ->
                    sink.accept(partition("partition", PartitionName.take(body)));
            case LEADER_EPOCHS -> leaderEpochs(LeaderEpochs.decode(body));
            case PRODUCERS -> producers(file, body);
            case CLEANER_OFFSETS -> CleanerOffsetsFile.decode(body).forEach(this::cleanerOffset);
        }
    }

    private void identity(Path file) throws IOException {
        DirectoryMarks.Identity identity = new DirectoryMarks(store, file).readIdentity(file);
        sink.accept(
                DumpLine.of(
                        "identity",
                        "format",
                        DirectoryMarks.FORMAT,
                        "directoryId",
                        identity.directoryId(),
                        "clusterId",
                        identity.clusterId(),
                        "nodeId",
                        identity.nodeId()));
    }

    private void bootEpoch(Path file, FileKind kind) throws IOException {
        Long number = new DirectoryMarks(store, file).readLong(file, kind);
        if (number != null) {
            sink.accept(DumpLine.of("bootEpoch", "bootEpoch", number));
        }
    }

    private void recoveryPoint(PartitionName name, RecoveryPoint point) {
        LogPoint durable = point.durable();
        sink.accept(
                partition(
                        "recoveryPoint",
                        name,
                        "segmentBaseOffset",
                        durable.segmentBase(),
                        "position",
                        durable.position(),
                        "offset",
                        durable.offset(),
                        "logStartOffset",
                        point.logStartOffset()));
    }

    private void highWatermark(PartitionName name, long highWatermark) {
        sink.accept(partition("highWatermark", name, "highWatermark", highWatermark));
    }

    private void cleanerOffset(PartitionName name, CleanedTo cleaned) {
        sink.accept(
                partition(
                        "cleanerOffset",
                        name,
                        "firstDirtyOffset",
                        cleaned.offset(),
                        "deleteHorizonMs",
                        cleaned.deleteHorizonMs() == CleanedTo.NO_TOMBSTONES
                                ? -1
                                : cleaned.deleteHorizonMs()));
    }

    private static DumpLine partition(String type, PartitionName name, Object... more) {
        Object[] fields = new Object[6 + more.length];
        fields[0] = "topic";
        fields[1] = name.topicPartition().topic();
        fields[2] = "partition";
        fields[3] = name.topicPartition().partition();
        fields[4] = "topicId";
        fields[5] = name.topicId().toString();
        System.arraycopy(more, 0, fields, 6, more.length);
        return DumpLine.of(type, fields);
    }

    private void leaderEpochs(LeaderEpochs epochs) {
        for (int i = 0; i < epochs.size(); i++) {
            sink.accept(
                    DumpLine.of(
                            "leaderEpoch",
                            "leaderEpoch",
                            epochs.epoch(i),
                            "startOffset",
                            epochs.start(i)));
        }
    }

    private void producers(Path file, ByteBuffer body) throws IOException {
        if (body.remaining() < Long.BYTES) {
            throw CheckedFile.damaged(
                    file, CheckedFile.HEADER_BYTES, "8 bytes of offset", body.remaining());
        }
        long offset = body.getLong();
        sink.accept(DumpLine.of("producers", "offset", offset, "stateBytes", body.remaining()));
        producers.apply(body.slice()).forEach(sink);
    }
}
