package io.mlog.cli.records;

import io.mlog.protocol.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;

/**
 * Cuts a stream of bytes into lines. A line ends with {@code \n}, which is not part of it; whatever
 * else it holds is, a {@code \r} too. The last line may lack its end.
 *
 * <p>Lines are slices of the blocks that were read, not copies; a block is written only where no
 * line points to. Owned by one thread.
 */
final class LineReader {
    private static final int BLOCK_BYTES = 256 << 10;

    private final InputStream in;
    private final int longestBytes;
    private byte[] block = new byte[BLOCK_BYTES];
    private int lineStart;
    private int searched;
    private int filled;
    private long lines;
    private boolean ended;

    /**
     * @param longestBytes bound for the length of a line, and so for the memory it takes
     */
    LineReader(InputStream in, int longestBytes) {
        this.in = in;
        this.longestBytes = longestBytes;
    }

    /**
     * The next line; empty at the end of the stream. Blocks until there is one.
     *
     * @throws IOException when the stream fails or the line is too long
     */
    Optional<Bytes> next() throws IOException {
        while (true) {
            int end = findLineEnd();
            if (end >= 0) {
                Bytes line = slice(end);
                lineStart = end + 1;
                return Optional.of(line);
            }
            if (ended || !fill()) {
                ended = true;
                return rest();
            }
        }
    }

    /** How many lines were given out. */
    long lines() {
        return lines;
    }

    private int findLineEnd() {
        byte[] bytes = block;
        for (int i = searched; i < filled; i++) {
            if (bytes[i] == '\n') {
                searched = i + 1;
                return i;
            }
        }
        searched = filled;
        return -1;
    }

    private Optional<Bytes> rest() {
        if (lineStart == filled) {
            return Optional.empty();
        }
        Bytes line = slice(filled);
        lineStart = filled;
        return Optional.of(line);
    }

    private Bytes slice(int end) {
        lines++;
        return Bytes.of(block, lineStart, end - lineStart);
    }

    private boolean fill() throws IOException {
        int pending = filled - lineStart;
        if (pending > longestBytes) {
            throw new IOException(
                    "line %d is longer than %d bytes".formatted(lines + 1, longestBytes));
        }
        if (filled == block.length) {
            moveToNewBlock(pending);
        }
        int read = in.read(block, filled, block.length - filled);
        if (read < 0) {
            return false;
        }
        filled += read;
        return true;
    }

    /** The old block stays with the lines that point into it. */
    private void moveToNewBlock(int pending) {
        block =
                Arrays.copyOf(
                        Arrays.copyOfRange(block, lineStart, filled),
                        Math.max(BLOCK_BYTES, 2 * pending));
        lineStart = 0;
        searched = pending;
        filled = pending;
    }
}
