package io.mlog.storage;

import io.mlog.model.MlogException;
import io.mlog.records.BatchHeader;
import io.mlog.records.Codec;
import io.mlog.records.RecordReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** Prints the batches of a segment's file, up to a header that is none. One use, one thread. */
final class SegmentDump {
    /** A batch larger than this is not opened to print its records. */
    static final int MOST_BATCH_BYTES = 16 << 20;

    private static final int WINDOW_BYTES = 256 << 10;

    private final Path path;
    private final StoreFile file;
    private final boolean records;
    private final Consumer<DumpLine> sink;
    private long damages;

    SegmentDump(Path path, StoreFile file, boolean records, Consumer<DumpLine> sink) {
        this.path = path;
        this.file = file;
        this.records = records;
        this.sink = sink;
    }

    long run() throws IOException {
        int size = SegmentOpener.size(path, file);
        Boundary first = new Boundary(baseOffset(), 0);
        BatchWalk walk = new BatchWalk(file, path, first, size, ByteBuffer.allocate(WINDOW_BYTES));
        try {
            while (walk.next()) {
                print(walk);
            }
        } catch (CorruptBatchException e) {
            damaged(e.damage());
        }
        return damages;
    }

    /** By the file's name; by its first bytes when it has lost it. */
    private long baseOffset() throws IOException {
        OptionalLong named = SegmentFiles.number(path, "", SegmentFiles.LOG);
        if (named.isPresent()) {
            return named.getAsLong();
        }
        ByteBuffer first = ByteBuffer.allocate(Long.BYTES);
        return file.read(first, 0) < Long.BYTES ? 0 : first.getLong(0);
    }

    private void print(BatchWalk walk) throws IOException {
        boolean whole = true;
        try {
            walk.checkCrc();
        } catch (CorruptBatchException e) {
            whole = false;
            damaged(e.damage());
        }
        sink.accept(line(walk, whole));
        if (records && whole) {
            printRecords(walk);
        }
    }

    private static DumpLine line(BatchWalk walk, boolean whole) {
        ByteBuffer header = walk.header();
        return DumpLine.of(
                "batch",
                "position",
                walk.position(),
                "sizeBytes",
                walk.endPosition() - walk.position(),
                "baseOffset",
                walk.baseOffset(),
                "lastOffset",
                walk.nextOffset() - 1,
                "leaderEpoch",
                walk.leaderEpoch(),
                "records",
                BatchHeader.recordCount(header, 0),
                "codec",
                codec(BatchHeader.codecId(header, 0)),
                "timestampType",
                BatchHeader.logAppendTime(header, 0) ? "LogAppendTime" : "CreateTime",
                "baseTimestampMs",
                BatchHeader.baseTimestamp(header, 0),
                "maxTimestampMs",
                BatchHeader.maxTimestamp(header, 0),
                "producerId",
                BatchHeader.producerId(header, 0),
                "producerEpoch",
                (int) BatchHeader.producerEpoch(header, 0),
                "baseSequence",
                BatchHeader.baseSequence(header, 0),
                "transactional",
                BatchHeader.transactional(header, 0),
                "control",
                BatchHeader.control(header, 0),
                "crc",
                String.format("%08x", BatchHeader.crc(header, 0)),
                "whole",
                whole);
    }

    private static String codec(int id) {
        return id < Codec.values().length ? Codec.of(id).toString() : String.valueOf(id);
    }

    private void printRecords(BatchWalk walk) throws IOException {
        int size = walk.endPosition() - walk.position();
        if (size > MOST_BATCH_BYTES) {
            notShown(walk, size + " bytes, at most " + MOST_BATCH_BYTES + " are opened");
            return;
        }
        ByteBuffer batch = ByteBuffer.allocate(size);
        file.read(batch, walk.position());
        try (RecordReader reader = RecordReader.open(batch.flip(), 0, MOST_BATCH_BYTES)) {
            while (reader.hasNext()) {
                sink.accept(RecordLine.of(reader.next()));
            }
        } catch (MlogException e) {
            notShown(walk, e.reason());
        }
    }

    private void notShown(BatchWalk walk, String reason) {
        sink.accept(
                DumpLine.of("recordsNotShown", "baseOffset", walk.baseOffset(), "reason", reason));
    }

    private void damaged(Damage damage) {
        damages++;
        sink.accept(FileDump.damage(damage));
    }
}
