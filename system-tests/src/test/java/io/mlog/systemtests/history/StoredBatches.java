package io.mlog.systemtests.history;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The record batches of a partition's directory in order, as docs/storage-format.md describes them;
 * read without the product's own code, so that a mistake in that cannot hide itself. Where files
 * begin and end does not matter.
 */
final class StoredBatches implements Closeable {
    private static final int BEFORE_LENGTH = 8;
    private static final int PREFIX = 12;
    private static final int LAST_OFFSET_DELTA = 23;
    private static final int MOST_BATCH_BYTES = 64 << 20;

    private final Deque<Path> segments;
    private Optional<DataInputStream> open = Optional.empty();

    /** A batch as it lies on disk. */
    record Batch(long baseOffset, long lastOffset, ByteBuffer bytes) {}

    private StoredBatches(List<Path> segments) {
        this.segments = new ArrayDeque<>(segments);
    }

    static StoredBatches of(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return new StoredBatches(
                    files.filter(file -> file.getFileName().toString().endsWith(".log"))
                            .sorted()
                            .toList());
        }
    }

    /** The next batch; empty at the end, also where a file ends within a batch. */
    Optional<Batch> next() throws IOException {
        while (open.isPresent() || !segments.isEmpty()) {
            if (open.isEmpty()) {
                open = Optional.of(stream(segments.remove()));
            }
            DataInputStream in = open.get();
            byte[] prefix = in.readNBytes(PREFIX);
            if (prefix.length == 0) {
                in.close();
                open = Optional.empty();
                continue;
            }
            return prefix.length < PREFIX ? Optional.empty() : batch(ByteBuffer.wrap(prefix), in);
        }
        return Optional.empty();
    }

    private static DataInputStream stream(Path file) throws IOException {
        return new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16));
    }

    private static Optional<Batch> batch(ByteBuffer prefix, InputStream in) throws IOException {
        int length = prefix.getInt(BEFORE_LENGTH);
        if (length < LAST_OFFSET_DELTA + Integer.BYTES - PREFIX || length > MOST_BATCH_BYTES) {
            return Optional.empty();
        }
        byte[] rest = in.readNBytes(length);
        if (rest.length < length) {
            return Optional.empty();
        }
        ByteBuffer bytes = ByteBuffer.allocate(PREFIX + length).put(prefix).put(rest).flip();
        long base = bytes.getLong(0);
        return Optional.of(new Batch(base, base + bytes.getInt(LAST_OFFSET_DELTA), bytes));
    }

    @Override
    public void close() throws IOException {
        if (open.isPresent()) {
            open.get().close();
        }
    }
}
