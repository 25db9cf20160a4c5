package io.mlog.records;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/** The slice with no records; releasing it does nothing. */
final class EmptyRecordsSlice implements RecordsSlice {
    @Override
    public int sizeBytes() {
        return 0;
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
    public void read(int from, ByteBuffer target) {}

    @Override
    public void load() {}

    @Override
    public void release() {}
}
