package io.mlog.records;

import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.xerial.snappy.Snappy;

/**
 * Decompresses Snappy as producers write it: blocks in the framing of snappy-java, or one bare
 * block (librdkafka).
 *
 * <p>The library's own stream believes the sizes it is told before it allocates; this one checks
 * them first. Not thread-safe.
 *
 * <pre>
 * offset size framing of snappy-java
 *      0    8 0x82 'S' 'N' 'A' 'P' 'P' 'Y' 0
 *      8    4 version
 *     12    4 least compatible version
 *     16    - blocks: size in bytes (4, big-endian), then a Snappy block; a header may come again
 * </pre>
 */
final class SnappyBlocks extends InputStream {
    private static final long MAGIC = 0x82534E4150505900L;
    private static final int MAGIC_HEAD = (int) (MAGIC >>> 32);
    private static final int HEADER_BYTES = 16;

    private final byte[] compressed;
    private final ByteBuffer rest;
    private final boolean framed;
    private final int maxBytes;
    private byte[] block = new byte[0];
    private int at;

    /**
     * @param maxBytes most bytes a block may decompress to
     */
    SnappyBlocks(byte[] compressed, int offset, int length, int maxBytes) {
        this.compressed = compressed;
        this.rest = ByteBuffer.wrap(compressed, offset, length);
        this.framed = length >= HEADER_BYTES && rest.getLong(offset) == MAGIC;
        this.maxBytes = maxBytes;
    }

    @Override
    public int read() throws IOException {
        return nextBlock() ? block[at++] & 0xFF : -1;
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, to.length);
        if (length == 0) {
            return 0;
        }
        if (!nextBlock()) {
            return -1;
        }
        int count = Math.min(length, block.length - at);
        System.arraycopy(block, at, to, offset, count);
        at += count;
        return count;
    }

    /** Whether there is a byte at {@link #at}, decompressing the next block when needed. */
    private boolean nextBlock() throws IOException {
        while (at == block.length) {
            if (!rest.hasRemaining()) {
                return false;
            }
            decompress(framed ? nextSize() : rest.remaining());
        }
        return true;
    }

    private int nextSize() throws IOException {
        while (rest.remaining() >= HEADER_BYTES && rest.getInt(rest.position()) == MAGIC_HEAD) {
            rest.position(rest.position() + HEADER_BYTES);
        }
        if (rest.remaining() < Integer.BYTES) {
            throw new IOException("snappy framing ends after " + rest.position() + " bytes");
        }
        int size = rest.getInt();
        if (size <= 0 || size > rest.remaining()) {
            throw new IOException(
                    "a snappy block of " + size + " bytes where " + rest.remaining() + " are left");
        }
        return size;
    }

    private void decompress(int size) throws IOException {
        int length = Snappy.uncompressedLength(compressed, rest.position(), size);
        if (length < 0 || length > maxBytes) {
            throw new MlogException(
                    ErrorCode.MESSAGE_TOO_LARGE,
                    "a snappy block of "
                            + size
                            + " bytes would decompress to "
                            + (length & 0xFFFF_FFFFL)
                            + ", more than the "
                            + maxBytes
                            + " that are read");
        }
        byte[] next = new byte[length];
        int written = Snappy.uncompress(compressed, rest.position(), size, next, 0);
        if (written != length) {
            throw new IOException(
                    "a snappy block decompressed to " + written + " bytes instead of " + length);
        }
        rest.position(rest.position() + size);
        block = next;
        at = 0;
    }
}
