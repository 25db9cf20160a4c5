package io.mlog.kafka;

import io.mlog.records.RecordsSlice;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/** A slice of bytes in memory that tells when it is released, and fails when it is twice. */
final class MemorySlice implements RecordsSlice {
    private final byte[] bytes;
    private final Runnable onRelease;
    private final boolean broken;
    private boolean released;

    /** {@code broken}: asking for its size fails. */
    MemorySlice(byte[] bytes, Runnable onRelease, boolean broken) {
        this.bytes = bytes;
        this.onRelease = onRelease;
        this.broken = broken;
    }

    @Override
    public int sizeBytes() {
        if (broken) {
            throw new IllegalStateException("a broken slice");
        }
        return bytes.length;
    }

    @Override
    public @Nullable FileChannel fileChannel() {
        return null;
    }

    @Override
    public long filePosition() {
        return 0;
    }

    @Override
    public void read(int from, ByteBuffer target) {
        target.put(bytes, from, Math.min(target.remaining(), bytes.length - from));
    }

    @Override
    public void load() {}

    @Override
    public void release() {
        if (released) {
            throw new AssertionError("released twice");
        }
        released = true;
        onRelease.run();
    }
}
