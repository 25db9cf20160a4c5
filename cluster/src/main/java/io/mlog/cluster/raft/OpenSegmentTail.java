package io.mlog.cluster.raft;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cuts what a crash tore off the end of Ratis' open segment, so that Ratis, which refuses any
 * broken entry, starts. A broken entry with a whole one behind it is no torn tail but damage: that
 * is refused, with the file and the position. Runs before Ratis opens the directory.
 *
 * <table>
 * <caption>The open segment {@code log_inprogress_N}</caption>
 * <tr><td>8 bytes</td><td>{@code RaftLog1}</td></tr>
 * <tr><td>entries</td><td>varint of the length, that many bytes, CRC-32C of both (4 bytes)</td></tr>
 * <tr><td>rest</td><td>zeros, allocated in advance</td></tr>
 * </table>
 */
final class OpenSegmentTail {
    private static final Logger LOG = LoggerFactory.getLogger(OpenSegmentTail.class);

    static final int HEADER_BYTES = 8;
    static final int CRC_BYTES = 4;
    private static final byte TAG_OF_TERM = 0x08;
    private static final int LEAST_ENTRY_BYTES = 2 + CRC_BYTES;
    static final long MOST_FILE_BYTES = 64 << 20;
    private static final int MOST_ENTRY_BYTES = 1 << 20;

    private OpenSegmentTail() {}

    /**
     * @param directory of the group; may be missing
     * @throws IOException when an entry in the middle is damaged
     */
    static void repair(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (DirectoryStream<Path> open = Files.newDirectoryStream(directory, "log_inprogress_*")) {
            for (Path file : open) {
                repairFile(file);
            }
        }
    }

    private static void repairFile(Path file) throws IOException {
        if (Files.size(file) > MOST_FILE_BYTES) {
            throw new IOException(
                    "%s has %d bytes, an open segment has at most %d"
                            .formatted(file, Files.size(file), MOST_FILE_BYTES));
        }
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
        if (bytes.limit() < HEADER_BYTES) {
            return;
        }
        int end = endOfWhole(bytes);
        if (isZero(bytes, end)) {
            return;
        }
        int later = wholeBehind(bytes, end);
        if (later > 0) {
            throw new IOException(
                    "%s is damaged at byte %d: an entry there does not match its checksum and whole entries follow at byte %d; restore the file from a copy, or remove this node's data directory when other nodes have the data"
                            .formatted(file, end, later));
        }
        cut(file, end, bytes.limit());
    }

    private static int endOfWhole(ByteBuffer bytes) {
        int end = HEADER_BYTES;
        for (int length = entryAt(bytes, end); length > 0; length = entryAt(bytes, end)) {
            end += length;
        }
        return end;
    }

    /** Where the first whole entry behind a broken one begins, 0 when there is none. */
    static int wholeBehind(ByteBuffer bytes, int broken) {
        for (int later = broken + 1; later <= bytes.limit() - LEAST_ENTRY_BYTES; later++) {
            if (mayBegin(bytes, later) && entryAt(bytes, later) > 0) {
                return later;
            }
        }
        return 0;
    }

    private static void cut(Path file, int end, int size) throws IOException {
        LOG.warn("{} ended in a torn entry: cut from {} to {} bytes", file, size, end);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(end);
            channel.force(true);
        }
    }

    /** Every entry's message begins with its term: spares most checksums while searching. */
    private static boolean mayBegin(ByteBuffer bytes, int start) {
        int position = start;
        while (position < start + 4 && bytes.get(position) < 0) {
            position++;
        }
        return bytes.get(position + 1) == TAG_OF_TERM;
    }

    /** Bytes of the whole entry that begins at {@code start}, 0 when there is none. */
    static int entryAt(ByteBuffer bytes, int start) {
        int position = start;
        long length = 0;
        int shift = 0;
        byte next;
        do {
            if (position >= bytes.limit() || shift > 28) {
                return 0;
            }
            next = bytes.get(position++);
            length |= (next & 0x7FL) << shift;
            shift += 7;
        } while (next < 0);
        if (length < 1
                || length > MOST_ENTRY_BYTES
                || position + length + CRC_BYTES > bytes.limit()) {
            return 0;
        }
        int end = position + (int) length;
        CRC32C crc = new CRC32C();
        crc.update(bytes.slice(start, end - start));
        return (int) crc.getValue() == bytes.getInt(end) ? end + CRC_BYTES - start : 0;
    }

    static boolean isZero(ByteBuffer bytes, int from) {
        for (int i = from; i < bytes.limit(); i++) {
            if (bytes.get(i) != 0) {
                return false;
            }
        }
        return true;
    }
}
