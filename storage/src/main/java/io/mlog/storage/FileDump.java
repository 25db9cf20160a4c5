package io.mlog.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Prints a file of a data directory line by line, as far as it is whole: segments, indexes, and
 * everything in the envelope of {@link CheckedFile}. Knows a file by its name or its first bytes,
 * so copies from elsewhere will do. Needs memory for one batch at most. One thread; blocks.
 */
public final class FileDump {
    private static final List<String> SEGMENT_STAGES =
            List.of(
                    SegmentFiles.LOG + SegmentFiles.DROPPED,
                    SegmentFiles.LOG + SegmentFiles.CLEANED,
                    SegmentFiles.LOG + SegmentFiles.SWAP);

    private final FileStore store;
    private final boolean records;
    private final Function<ByteBuffer, List<DumpLine>> producers;
    private final Consumer<DumpLine> sink;

    /**
     * @param records whether to print the records in batches, too
     * @param producers reads the producers' state, which this room does not know
     */
    public FileDump(
            FileStore store,
            boolean records,
            Function<ByteBuffer, List<DumpLine>> producers,
            Consumer<DumpLine> sink) {
        this.store = store;
        this.records = records;
        this.producers = producers;
        this.sink = sink;
    }

    /**
     * Prints a file.
     *
     * @return how much damage was met, and printed; 0: the file is whole
     * @throws DamagedFileException when it cannot be printed at all
     * @throws IOException when it cannot be read
     */
    public long run(Path file) throws IOException {
        String name = String.valueOf(file.getFileName());
        if (name.endsWith(SegmentFiles.LOG) || SEGMENT_STAGES.stream().anyMatch(name::endsWith)) {
            return segment(file);
        }
        if (name.endsWith(SegmentFiles.INDEX)) {
            return index(file);
        }
        if (name.endsWith(SegmentFiles.TIME_INDEX)) {
            return timeIndex(file);
        }
        new CheckpointDump(store, producers, sink).run(file);
        return 0;
    }

    private long segment(Path path) throws IOException {
        try (StoreFile file = store.open(path, FileStore.Open.READ)) {
            begin(path, "segment", file.size());
            return new SegmentDump(path, file, records, sink).run();
        }
    }

    private long index(Path path) throws IOException {
        long base = base(path, SegmentFiles.INDEX);
        return entries(
                path,
                "offset index",
                IndexEntries.INDEX_BYTES,
                (position, entry) ->
                        DumpLine.of(
                                "indexEntry",
                                "position",
                                position,
                                "relativeOffset",
                                entry.getInt(0),
                                "offset",
                                base + entry.getInt(0),
                                "batchPosition",
                                entry.getInt(4)));
    }

    private long timeIndex(Path path) throws IOException {
        long base = base(path, SegmentFiles.TIME_INDEX);
        return entries(
                path,
                "time index",
                IndexEntries.TIME_INDEX_BYTES,
                (position, entry) ->
                        DumpLine.of(
                                "timeIndexEntry",
                                "position",
                                position,
                                "timestampMs",
                                entry.getLong(0),
                                "relativeOffset",
                                entry.getInt(8),
                                "offset",
                                base + entry.getInt(8)));
    }

    /** How one entry is printed. */
    private interface Entry {
        DumpLine line(long position, ByteBuffer entry);
    }

    private long entries(Path path, String kind, int sizeBytes, Entry line) throws IOException {
        try (StoreFile file = store.open(path, FileStore.Open.READ)) {
            long size = file.size();
            begin(path, kind, size);
            ByteBuffer window = ByteBuffer.allocate(1024 * sizeBytes);
            for (long at = 0; at < size; at += window.capacity()) {
                window.clear();
                int count = file.read(window, at);
                for (int i = 0; i + sizeBytes <= count; i += sizeBytes) {
                    sink.accept(line.line(at + i, window.slice(i, sizeBytes)));
                }
            }
            long rest = size % sizeBytes;
            if (rest != 0) {
                sink.accept(
                        damage(
                                new Damage(
                                        path.toString(),
                                        size - rest,
                                        -1,
                                        "an entry of " + sizeBytes + " bytes",
                                        rest + " bytes")));
                return 1;
            }
            return 0;
        }
    }

    private void begin(Path path, String kind, long sizeBytes) {
        sink.accept(file(path, kind, sizeBytes));
    }

    /** The line that begins a file. */
    static DumpLine file(Path path, String kind, long sizeBytes) {
        return DumpLine.of("file", "path", path.toString(), "kind", kind, "sizeBytes", sizeBytes);
    }

    /** The line about damage in the file being printed. */
    static DumpLine damage(Damage damage) {
        return DumpLine.of(
                "damage",
                "position",
                damage.position(),
                "expected",
                damage.expected(),
                "found",
                damage.found());
    }

    /** Base offset by the file's name; 0 when it has lost it. */
    private static long base(Path path, String ending) {
        OptionalLong named = SegmentFiles.number(path, "", ending);
        return named.orElse(0);
    }
}
