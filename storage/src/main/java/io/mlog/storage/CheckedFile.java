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

    private static final int WINDOW_BYTES = 64 << 10;

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
     * Reads the body. Header and checksum are checked in a window first, so that a damaged file
     * costs no memory, however large it is.
     *
     * @throws java.nio.file.NoSuchFileException when the file is missing
     * @throws DamagedFileException when it is not what was written
     */
    static ByteBuffer read(FileStore store, Path path, FileKind kind) throws IOException {
        try (StoreFile file = store.open(path, FileStore.Open.READ)) {
            ByteBuffer header = header(path, file);
            short found = header.getShort(4);
            check(path, 4, found == kind.id(), "kind " + kind.id(), found);
            check(path, 6, header.getShort(6) == VERSION, "version " + VERSION, header.getShort(6));
            long length = file.size() - HEADER_BYTES;
            check(path, 8, header.getInt(8) == length, "body length " + length, header.getInt(8));
            check(path, 8, length <= MAX_BYTES, "at most " + MAX_BYTES + " bytes", length);
            int crc = crc(file, header, (int) length);
            check(
                    path,
                    12,
                    header.getInt(12) == crc,
                    "checksum " + hex(crc),
                    hex(header.getInt(12)));
            ByteBuffer body = ByteBuffer.allocate((int) length);
            file.read(body, HEADER_BYTES);
            return body.flip();
        }
    }

    /** Which kind the file says it is, for readers of any kind. */
    static FileKind kind(FileStore store, Path path) throws IOException {
        try (StoreFile file = store.open(path, FileStore.Open.READ)) {
            short id = header(path, file).getShort(4);
            for (FileKind kind : FileKind.values()) {
                if (id == kind.id()) {
                    return kind;
                }
            }
            throw damaged(path, 4, "a kind from 1 to " + FileKind.values().length, id);
        }
    }

    private static ByteBuffer header(Path path, StoreFile file) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
        int count = file.read(header, 0);
        check(path, 0, count == HEADER_BYTES, "at least 16 bytes", count);
        check(path, 0, header.getInt(0) == MAGIC, "magic " + hex(MAGIC), hex(header.getInt(0)));
        return header.flip();
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

    private static int crc(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.duplicate().limit(12));
        crc.update(bytes.duplicate().position(HEADER_BYTES));
        return (int) crc.getValue();
    }

    private static int crc(StoreFile file, ByteBuffer header, int length) throws IOException {
        CRC32C crc = new CRC32C();
        crc.update(header.duplicate().limit(12));
        ByteBuffer window = ByteBuffer.allocate(Math.min(WINDOW_BYTES, length));
        for (int at = 0; at < length; at += window.limit()) {
            window.clear().limit(Math.min(window.capacity(), length - at));
            file.read(window, HEADER_BYTES + (long) at);
            window.rewind();
            crc.update(window);
        }
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
