package io.mlog.storage;

import io.mlog.records.BatchHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * Walks the batches of a segment file from one boundary to another, checking that each header
 * continues the one before. The checksum is checked on demand only. Reads through a window, so a
 * walk needs as much memory as the window whatever the size of a batch. One thread.
 */
final class BatchWalk {
    private static final int NO_EPOCH_LIMIT = -1;

    private final StoreFile file;
    private final Path path;
    private final int end;
    private final ByteBuffer window;
    private final ByteBuffer header = ByteBuffer.allocate(BatchHeader.SIZE);
    private int windowStart;
    private int position;
    private int sizeBytes;
    private long nextOffset;
    private int leaderEpoch = NO_EPOCH_LIMIT;

    /**
     * @param from where the walk begins; its offset is what the first batch must have
     * @param end position where it ends
     * @param window scratch memory of at least one header, used during the walk
     */
    BatchWalk(StoreFile file, Path path, Boundary from, int end, ByteBuffer window) {
        this.file = file;
        this.path = path;
        this.end = end;
        this.window = window.clear().limit(0);
        this.position = from.position();
        this.nextOffset = from.offset();
    }

    /**
     * Goes to the next batch.
     *
     * @return false at the end
     */
    boolean next() throws IOException, CorruptBatchException {
        int at = position + sizeBytes;
        if (at == end) {
            position = at;
            sizeBytes = 0;
            return false;
        }
        readHeader(at);
        checkHeader(at);
        position = at;
        sizeBytes = BatchHeader.sizeBytes(header, 0);
        nextOffset = BatchHeader.lastOffset(header, 0) + 1;
        leaderEpoch = BatchHeader.leaderEpoch(header, 0);
        return true;
    }

    private void readHeader(int at) throws IOException, CorruptBatchException {
        if (end - at < BatchHeader.SIZE) {
            throw corrupt(at, "a batch header of 61 bytes", (end - at) + " bytes");
        }
        header.clear();
        int from = at;
        while (header.hasRemaining()) {
            int count = copyWindow(from, header.remaining());
            header.put(header.position(), window, from - windowStart, count);
            header.position(header.position() + count);
            from += count;
        }
    }

    private void checkHeader(int at) throws CorruptBatchException {
        int length = BatchHeader.batchLength(header, 0);
        int least = BatchHeader.SIZE - BatchHeader.LOG_OVERHEAD;
        int most = end - at - BatchHeader.LOG_OVERHEAD;
        if (length < least || length > most) {
            throw corrupt(at, "batch length of " + least + " to " + most, length);
        }
        if (BatchHeader.magic(header, 0) != BatchHeader.MAGIC) {
            throw corrupt(at, "magic 2", BatchHeader.magic(header, 0));
        }
        if (BatchHeader.baseOffset(header, 0) != nextOffset) {
            throw corrupt(at, "base offset " + nextOffset, BatchHeader.baseOffset(header, 0));
        }
        if (BatchHeader.lastOffsetDelta(header, 0) < 0) {
            throw corrupt(at, "last offset delta >= 0", BatchHeader.lastOffsetDelta(header, 0));
        }
        if (BatchHeader.leaderEpoch(header, 0) < leaderEpoch) {
            throw corrupt(
                    at,
                    "leader epoch of at least " + leaderEpoch,
                    BatchHeader.leaderEpoch(header, 0));
        }
    }

    /** Checks the present batch's checksum, reading the whole batch. */
    void checkCrc() throws IOException, CorruptBatchException {
        CRC32C crc = new CRC32C();
        int at = position + BatchHeader.CRC_START;
        int last = position + sizeBytes;
        while (at < last) {
            int count = copyWindow(at, last - at);
            crc.update(window.slice(at - windowStart, count));
            at += count;
        }
        if (crc.getValue() != BatchHeader.crc(header, 0)) {
            throw corrupt(
                    position,
                    baseOffset(),
                    "CRC-32C " + hex(BatchHeader.crc(header, 0)),
                    hex(crc.getValue()));
        }
    }

    /** Puts the whole present batch into {@code target}, which has room for it. */
    void copyTo(ByteBuffer target) throws IOException, CorruptBatchException {
        int last = position + sizeBytes;
        for (int at = position; at < last; ) {
            int count = copyWindow(at, last - at);
            target.put(target.position(), window, at - windowStart, count);
            target.position(target.position() + count);
            at += count;
        }
    }

    /** Brings byte {@code at} into the window; returns how many of the wanted bytes it has. */
    private int copyWindow(int at, int wanted) throws IOException, CorruptBatchException {
        if (at < windowStart || at >= windowStart + window.limit()) {
            window.clear().limit(Math.min(window.capacity(), end - at));
            int count = file.read(window, at);
            window.flip();
            windowStart = at;
            if (count == 0) {
                throw corrupt(at, "a file of " + end + " bytes", at + " bytes");
            }
        }
        return Math.min(wanted, windowStart + window.limit() - at);
    }

    private CorruptBatchException corrupt(int at, String expected, Object found) {
        return corrupt(at, nextOffset, expected, found);
    }

    private CorruptBatchException corrupt(int at, long offset, String expected, Object found) {
        return new CorruptBatchException(
                new Damage(path.toString(), at, offset, expected, String.valueOf(found)));
    }

    private static String hex(long checksum) {
        return String.format("%08x", checksum);
    }

    /** Where the present batch starts; the end after the last one. */
    int position() {
        return position;
    }

    /** Size of the present batch. */
    int sizeBytes() {
        return sizeBytes;
    }

    /** Where the present batch ends. */
    int endPosition() {
        return position + sizeBytes;
    }

    /** Base offset of the present batch. */
    long baseOffset() {
        return BatchHeader.baseOffset(header, 0);
    }

    /** Offset after the present batch; before the first one, where the walk began. */
    long nextOffset() {
        return nextOffset;
    }

    /** The boundary after the present batch. */
    Boundary after() {
        return new Boundary(nextOffset, endPosition());
    }

    /** Leader epoch of the present batch. */
    int leaderEpoch() {
        return leaderEpoch;
    }

    /** Largest timestamp of the present batch, ms since the epoch. */
    long maxTimestamp() {
        return BatchHeader.maxTimestamp(header, 0);
    }

    /** The present batch's header, at 0; valid until the next step. */
    ByteBuffer header() {
        return header;
    }
}
