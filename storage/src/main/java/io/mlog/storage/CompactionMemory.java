package io.mlog.storage;

import io.mlog.records.RewrittenBatch;
import java.nio.ByteBuffer;

/**
 * What one compaction at a time needs of memory: the table of keys and buffers to read and write.
 * One is made for all logs of a broker and given up when nothing is left to do. Owned by the thread
 * that compacts.
 */
public final class CompactionMemory {
    private static final int WINDOW_BYTES = 256 << 10;
    private static final int KEPT_BATCH_BYTES = 2 << 20;

    private final KeyOffsets keys;
    private final ByteBuffer window = ByteBuffer.allocateDirect(WINDOW_BYTES);
    private final ByteBuffer output = ByteBuffer.allocateDirect(WINDOW_BYTES);
    private final RewrittenBatch rewritten = new RewrittenBatch();
    private ByteBuffer batch = ByteBuffer.allocate(WINDOW_BYTES);

    /**
     * @param keyBytes most memory for the table of keys, 24 bytes each
     */
    public CompactionMemory(long keyBytes) {
        keys = new KeyOffsets(keyBytes);
    }

    KeyOffsets keys() {
        return keys;
    }

    /** Bytes of the log on their way in. */
    ByteBuffer window() {
        return window;
    }

    /** Batches on their way out. */
    ByteBuffer output() {
        return output;
    }

    RewrittenBatch rewritten() {
        return rewritten;
    }

    /** An empty buffer on the heap for a batch of {@code size} bytes. */
    ByteBuffer batch(int size) {
        if (batch.capacity() < size) {
            batch = ByteBuffer.allocate(Math.max(size, WINDOW_BYTES));
        }
        return batch.clear();
    }

    /** Gives up what an unusually large batch took. */
    void trim() {
        if (batch.capacity() > KEPT_BATCH_BYTES) {
            batch = ByteBuffer.allocate(WINDOW_BYTES);
        }
    }
}
