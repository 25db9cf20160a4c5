package io.mlog.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The saved producer states of a log: files {@code producers-NNN.snapshot}, named by the offset
 * whose state they hold. The last two are kept. A cache: without them the state is made again from
 * the batches, so they are written without waiting for the disk and checked when read.
 *
 * <p>The writer {@link #take takes} a snapshot in memory, the flusher {@link #writeTaken writes}
 * it.
 *
 * <p>Body of the file: 8 bytes of offset, then the bytes of {@link ProducerState#snapshot}.
 */
final class ProducerSnapshots {
    static final String PREFIX = "producers-";
    static final String ENDING = ".snapshot";

    private static final int KEPT = 2;

    private record Taken(long offset, ByteBuffer bytes) {}

    private final FileStore store;
    private final Path directory;
    private final AtomicReference<@Nullable Taken> taken = new AtomicReference<>();

    ProducerSnapshots(FileStore store, Path directory) {
        this.store = store;
        this.directory = directory;
    }

    void take(long offset, byte[] bytes) {
        taken.set(new Taken(offset, ByteBuffer.wrap(bytes)));
    }

    /** Writes the youngest snapshot taken, and deletes those it makes needless. */
    void writeTaken() throws IOException {
        Taken next = taken.getAndSet(null);
        if (next == null) {
            return;
        }
        ByteBuffer body = ByteBuffer.allocate(Long.BYTES + next.bytes().remaining());
        body.putLong(next.offset()).put(next.bytes()).flip();
        CheckedFile.replaceLazily(store, path(next.offset()), FileKind.PRODUCERS, body);
        List<Long> all = offsets();
        for (int i = 0; i < all.size() - KEPT; i++) {
            store.delete(path(all.get(i)));
        }
    }

    /** Forgets snapshots above {@code offset}, whose batches are cut. */
    void dropAbove(long offset) throws IOException {
        taken.set(null);
        for (long present : offsets()) {
            if (present > offset) {
                store.delete(path(present));
            }
        }
    }

    /**
     * Restores the youngest good snapshot at or below {@code offset}, and deletes those that are
     * not good.
     *
     * @return the offset of its state; empty when there is none, and the state is reset
     */
    OptionalLong restore(long offset, ProducerState state) throws IOException {
        List<Long> all = offsets();
        OptionalLong restored = OptionalLong.empty();
        for (int i = all.size() - 1; i >= 0; i--) {
            long candidate = all.get(i);
            ByteBuffer saved = read(candidate);
            if (saved != null && restored.isEmpty() && candidate <= offset) {
                restored = restored(candidate, saved, state);
            }
        }
        if (restored.isEmpty()) {
            state.reset();
        }
        return restored;
    }

    private OptionalLong restored(long offset, ByteBuffer saved, ProducerState state)
            throws IOException {
        state.reset();
        try {
            state.restore(offset, saved);
            return OptionalLong.of(offset);
        } catch (IllegalArgumentException e) {
            discard(offset, e);
            return OptionalLong.empty();
        }
    }

    /** The state in a snapshot; null when it is damaged. */
    private @Nullable ByteBuffer read(long offset) throws IOException {
        try {
            ByteBuffer body = CheckedFile.read(store, path(offset), FileKind.PRODUCERS);
            if (body.remaining() >= Long.BYTES && body.getLong() == offset) {
                return body.slice();
            }
            throw CheckedFile.damaged(path(offset), 16, "offset " + offset, "another");
        } catch (DamagedFileException e) {
            discard(offset, e);
            return null;
        }
    }

    private void discard(long offset, Exception why) throws IOException {
        LogHealth.LOGGER.warn(
                "{} is deleted, an older state and the batches are used: {}",
                path(offset),
                why.getMessage());
        store.delete(path(offset));
    }

    private List<Long> offsets() throws IOException {
        List<Long> found = new ArrayList<>();
        for (Path file : store.list(directory)) {
            SegmentFiles.number(file, PREFIX, ENDING).ifPresent(found::add);
        }
        return found;
    }

    private Path path(long offset) {
        return directory.resolve(PREFIX + SegmentFiles.digits(offset) + ENDING);
    }
}
