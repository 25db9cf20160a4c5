package io.mlog.storage;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What a data directory says about itself: identity, the number of its broker's present life, and
 * whether the last one ended cleanly. The thread that opens the directory.
 *
 * <p>Bodies, big-endian, strings as 2 bytes of length and UTF-8:
 *
 * <pre>
 * identity    4 format version of the directory, directory id, cluster id, node id (both empty
 *             before the directory is claimed)
 * boot-epoch  8 boot epoch
 * clean-stop  8 boot epoch of the life that ended
 * </pre>
 */
final class DirectoryMarks {
    static final String IDENTITY = "identity";
    static final String BOOT_EPOCH = "boot-epoch";
    static final String CLEAN_STOP = "clean-stop";
    static final int FORMAT = 1;

    private final FileStore store;
    private final Path root;

    DirectoryMarks(FileStore store, Path root) {
        this.store = store;
        this.root = root;
    }

    /**
     * The identity file's content.
     *
     * @param clusterId empty before the directory is claimed
     * @param nodeId as above
     */
    record Identity(String directoryId, String clusterId, String nodeId) {
        Optional<DirectoryIdentity> claimed() {
            return clusterId.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new DirectoryIdentity(clusterId, nodeId, directoryId));
        }
    }

    /** Reads the identity, or gives a directory that holds no data a new one. */
    Identity identity(RandomGenerator random, boolean holdsPartitions) throws IOException {
        try {
            return readIdentity(root.resolve(IDENTITY));
        } catch (NoSuchFileException e) {
            if (holdsPartitions) {
                throw new IOException(
                        "data directory "
                                + root
                                + " holds partitions but no file "
                                + IDENTITY
                                + ": it is no whole data directory of mlog; restore the file or"
                                + " name another directory");
            }
        }
        byte[] id = new byte[16];
        random.nextBytes(id);
        String directoryId = Base64.getUrlEncoder().withoutPadding().encodeToString(id);
        Identity made = new Identity(directoryId, "", "");
        save(made);
        return made;
    }

    void save(Identity identity) throws IOException {
        ByteBuffer body = ByteBuffer.allocate(4 + 3 * 2 + 3 * Short.MAX_VALUE).putInt(FORMAT);
        put(body, identity.directoryId());
        put(body, identity.clusterId());
        put(body, identity.nodeId());
        CheckedFile.replace(store, root.resolve(IDENTITY), FileKind.IDENTITY, body.flip());
    }

    /**
     * Reads an identity file.
     *
     * @throws NoSuchFileException when it is missing
     */
    Identity readIdentity(Path file) throws IOException {
        ByteBuffer body = CheckedFile.read(store, file, FileKind.IDENTITY);
        try {
            int format = body.getInt();
            if (format != FORMAT) {
                throw new IOException(
                        "data directory "
                                + root
                                + " has format "
                                + format
                                + ", this mlog knows "
                                + FORMAT
                                + ": use the version of mlog that wrote it");
            }
            return new Identity(take(body), take(body), take(body));
        } catch (BufferUnderflowException e) {
            throw CheckedFile.damaged(file, 16, "three names", "the end");
        }
    }

    /** Makes a number for this life that is above all before and not below the clock's. */
    long nextBootEpoch(long nowMs) throws IOException {
        Long last = readLong(root.resolve(BOOT_EPOCH), FileKind.BOOT_EPOCH);
        long next = Math.max(last == null ? 0 : last + 1, nowMs);
        writeLong(BOOT_EPOCH, FileKind.BOOT_EPOCH, next);
        return next;
    }

    /** Whether the last life ended cleanly; afterwards this one counts as running. */
    boolean takeCleanStop() throws IOException {
        Path file = root.resolve(CLEAN_STOP);
        boolean clean;
        try {
            clean = readLong(file, FileKind.STOP_MARKER) != null;
        } catch (DamagedFileException e) {
            LogHealth.LOGGER.warn("the last stop does not count as clean: {}", e.getMessage());
            clean = false;
        }
        store.delete(file);
        store.syncDirectory(root);
        return clean;
    }

    void markCleanStop(long bootEpoch) throws IOException {
        writeLong(CLEAN_STOP, FileKind.STOP_MARKER, bootEpoch);
    }

    /** Reads a file of one number; null when it is missing. */
    @Nullable Long readLong(Path file, FileKind kind) throws IOException {
        try {
            ByteBuffer body = CheckedFile.read(store, file, kind);
            if (body.remaining() != Long.BYTES) {
                throw CheckedFile.damaged(file, 16, "8 bytes", body.remaining() + " bytes");
            }
            return body.getLong();
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    private void writeLong(String name, FileKind kind, long value) throws IOException {
        ByteBuffer body = ByteBuffer.allocate(Long.BYTES).putLong(value).flip();
        CheckedFile.replace(store, root.resolve(name), kind, body);
    }

    private static void put(ByteBuffer target, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > Short.MAX_VALUE) {
            throw new IllegalArgumentException("a name of " + bytes.length + " bytes");
        }
        target.putShort((short) bytes.length).put(bytes);
    }

    static String take(ByteBuffer source) {
        int length = source.getShort();
        if (length < 0) {
            throw new BufferUnderflowException();
        }
        byte[] bytes = new byte[Math.min(length, source.remaining() + 1)];
        source.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
