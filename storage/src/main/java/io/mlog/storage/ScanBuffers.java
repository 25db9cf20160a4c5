package io.mlog.storage;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Windows for {@link BatchWalk}s of readers: a few direct buffers kept for reuse. When all are out
 * another is made, and dropped when it comes back to a full rack. Any thread.
 */
final class ScanBuffers {
    /** One index interval and a header fit, and a file system block is read once. */
    static final int BYTES = 16 << 10;

    private static final int KEPT = 8;

    private final AtomicReferenceArray<@Nullable ByteBuffer> rack =
            new AtomicReferenceArray<>(KEPT);

    ByteBuffer take() {
        for (int i = 0; i < KEPT; i++) {
            ByteBuffer buffer = rack.get(i);
            if (buffer != null && rack.compareAndSet(i, buffer, null)) {
                return buffer;
            }
        }
        return ByteBuffer.allocateDirect(BYTES);
    }

    void giveBack(ByteBuffer buffer) {
        for (int i = 0; i < KEPT; i++) {
            if (rack.get(i) == null && rack.compareAndSet(i, null, buffer)) {
                return;
            }
        }
    }
}
