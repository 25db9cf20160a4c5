package io.mlog.broker.rpc;

import io.mlog.records.BatchHeader;
import io.mlog.records.RecordsSlice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** One partition's batches in memory, with offsets assigned as a leader does. */
final class ManualLog {
    private final List<byte[]> batches = new ArrayList<>();
    private final AtomicInteger slicesOut;
    private long endOffset;

    ManualLog(AtomicInteger slicesOut) {
        this.slicesOut = slicesOut;
    }

    /** Appends one batch and returns its base offset. */
    long append(ByteBuffer batch) {
        byte[] copy = new byte[batch.remaining()];
        batch.get(batch.position(), copy);
        ByteBuffer view = ByteBuffer.wrap(copy);
        long base = endOffset;
        BatchHeader.assign(view, 0, base, 0);
        endOffset = BatchHeader.lastOffset(view, 0) + 1;
        batches.add(copy);
        return base;
    }

    long endOffset() {
        return endOffset;
    }

    /** Flips a byte of a batch, in its records. */
    void damage(int batch) {
        byte[] bytes = batches.get(batch);
        bytes[bytes.length - 1] ^= 1;
    }

    /** Leaves out batches, as compaction does. */
    void remove(int batch) {
        batches.remove(batch);
    }

    /** The bytes of batch {@code index} as they are stored. */
    byte[] batch(int index) {
        return batches.get(index);
    }

    /** Batches from the one with {@code offset} on: one, then as many as fit. */
    RecordsSlice slice(long offset, int maxBytes) {
        List<byte[]> found = new ArrayList<>();
        int size = 0;
        for (byte[] batch : batches) {
            if (BatchHeader.lastOffset(ByteBuffer.wrap(batch), 0) >= offset
                    && (found.isEmpty() || size + batch.length <= maxBytes)) {
                found.add(batch);
                size += batch.length;
            }
        }
        ByteBuffer joined = ByteBuffer.allocate(size);
        found.forEach(joined::put);
        slicesOut.incrementAndGet();
        return new Slice(joined.array(), slicesOut);
    }

    private record Slice(byte[] bytes, AtomicInteger out) implements RecordsSlice {
        @Override
        public int sizeBytes() {
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
        public void read(int from, ByteBuffer target) throws IOException {
            target.put(bytes, from, Math.min(target.remaining(), bytes.length - from));
        }

        @Override
        public void load() {}

        @Override
        public void release() {
            out.decrementAndGet();
        }
    }
}
