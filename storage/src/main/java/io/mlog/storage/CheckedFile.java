package io.mlog.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * A small file that is replaced as a whole and never half: every checkpoint and mark of this room.
 * Big-endian:
 *
 * <pre>
 * offset size field
 *      0    4 magic "mlog"
 *      4    2 kind of file, see FileKind
 *      6    2 version of the body's format, 1
 *      8    4 length of the body in bytes
 *     12    4 CRC-32C of bytes 0 to 11 and of the body
 *     16    - body
 * </pre>
 */
final class CheckedFile {
    static final int HEADER_BYTES = 16;
    static final int MAGIC = 0x6d6c_6f67;
    static final short VERSION = 1;
    static final String TEMPORARY = ".tmp";

    /** A checkpoint of a million partitions fits; a corrupt size does not exhaust the memory. */
    static final int MAX_BYTES = 256 << 20;

    private CheckedFile() {}

    /**
     * Replaces the file durably: afterwards it is the new one, after a crash the old or the new.
     */
    static void replace(FileStore store, Path path, FileKind kind, ByteBuffer body)
            throws IOException {
        write(store, path, kind, body, true);
        store.syncDirectory(parent(path));
    }

    /** Replaces the file without waiting for the disk: after a crash it may be damaged. */
    static void replaceLazily(FileStore store, Path path, FileKind kind, ByteBuffer body)
            throws IOException {
        write(store, path, kind, body, false);
    }

    private static void write(
            FileStore store, Path path, FileKind kind, ByteBuffer body, boolean durable)
            throws IOException {
        Path temporary = path.resolveSibling(path.getFileName() + TEMPORARY);
        store.delete(temporary);
        try (StoreFile file = store.open(temporary, FileStore.Open.CREATE)) {
            file.write(encode(kind, body), 0);
            if (durable) {
                file.force();
            }
        }
        store.rename(temporary, path);
    }

    private static ByteBuffer encode(FileKind kind, ByteBuffer body) {
        ByteBuffer bytes = ByteBuffer.allocate(HEADER_BYTES + body.remaining());
        bytes.putInt(MAGIC).putShort(kind.id()).putShort(VERSION).putInt(body.remaining());
        bytes.putInt(0).put(body.duplicate()).flip();
        bytes.putInt(12, crc(bytes));
        return bytes;
    }

    /**
     * Reads the body.
     *
     * @throws java.nio.file.NoSuchFileException when the file is missing
     * @throws DamagedFileException when it is not what was written
     */
    static ByteBuffer read(FileStore store, Path path, FileKind kind) throws IOException {
        ByteBuffer bytes = readAll(store, path);
        check(path, 0, bytes.remaining() >= HEADER_BYTES, "at least 16 bytes", bytes.remaining());
        check(path, 0, bytes.getInt(0) == MAGIC, "magic " + MAGIC, bytes.getInt(0));
        check(path, 4, bytes.getShort(4) == kind.id(), "kind " + kind.id(), bytes.getShort(4));
        check(path, 6, bytes.getShort(6) == VERSION, "version " + VERSION, bytes.getShort(6));
        int length = bytes.remaining() - HEADER_BYTES;
        check(path, 8, bytes.getInt(8) == length, "body length " + length, bytes.getInt(8));
        int crc = crc(bytes);
        check(path, 12, bytes.getInt(12) == crc, "checksum " + hex(crc), hex(bytes.getInt(12)));
        return bytes.position(HEADER_BYTES).slice();
    }

    /** Which kind the file says it is, for readers of any kind. */
    static FileKind kind(FileStore store, Path path) throws IOException {
        ByteBuffer bytes = readAll(store, path);
        boolean marked = bytes.remaining() >= HEADER_BYTES && bytes.getInt(0) == MAGIC;
        for (FileKind kind : FileKind.values()) {
            if (marked && bytes.getShort(4) == kind.id()) {
                return kind;
            }
        }
        throw damaged(path, 0, "a file of mlog", marked ? "kind " + bytes.getShort(4) : "another");
    }

    static DamagedFileException damaged(Path path, long position, String expected, Object found) {
        return new DamagedFileException(
                new Damage(path.toString(), position, -1, expected, String.valueOf(found)));
    }

    private static void check(
            Path path, long position, boolean holds, String expected, Object found)
            throws DamagedFileException {
        if (!holds) {
            throw damaged(path, position, expected, found);
        }
    }

    private static ByteBuffer readAll(FileStore store, Path path) throws IOException {
        try (StoreFile file = store.open(path, FileStore.Open.READ)) {
            long size = file.size();
            check(path, 0, size <= MAX_BYTES, "at most " + MAX_BYTES + " bytes", size);
            ByteBuffer bytes = ByteBuffer.allocate((int) size);
            file.read(bytes, 0);
            return bytes.flip();
        }
    }

    private static int crc(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.duplicate().limit(12));
        crc.update(bytes.duplicate().position(HEADER_BYTES));
        return (int) crc.getValue();
    }

    private static String hex(int value) {
        return String.format("%08x", value);
    }

    private static Path parent(Path path) {
        Path parent = path.getParent();
        if (parent == null) {
            throw new IllegalArgumentException(path + " has no directory");
        }
        return parent;
    }
}
