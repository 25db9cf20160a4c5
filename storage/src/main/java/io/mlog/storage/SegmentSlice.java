package io.mlog.storage;

import io.mlog.records.RecordsSlice;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A run of whole batches of one segment, which it holds until it is released. */
final class SegmentSlice implements RecordsSlice {
    private static final int PIECE_BYTES = 128 << 10;

    private final Segment segment;
    private final int position;
    private final int sizeBytes;
    private final AtomicBoolean released = new AtomicBoolean();

    /** Takes over one hold on the segment. */
    SegmentSlice(Segment segment, int position, int sizeBytes) {
        this.segment = segment;
        this.position = position;
        this.sizeBytes = sizeBytes;
    }

    @Override
    public int sizeBytes() {
        return sizeBytes;
    }

    @Override
    public @Nullable FileChannel fileChannel() {
        return segment.file().channel();
    }

    @Override
    public long filePosition() {
        return position;
    }

    @Override
    public void read(int from, ByteBuffer target) throws IOException {
        int wanted = Math.min(target.remaining(), sizeBytes - from);
        int limit = target.limit();
        target.limit(target.position() + wanted);
        try {
            int count = segment.file().read(target, (long) position + from);
            if (count < wanted) {
                throw new EOFException(
                        segment.path() + " ends before " + (position + from + wanted));
            }
        } finally {
            target.limit(limit);
        }
    }

    @Override
    public void load() throws IOException {
        if (segment.file().isInMemory(position, sizeBytes)) {
            return;
        }
        ByteBuffer piece = ByteBuffer.allocate(Math.min(sizeBytes, PIECE_BYTES));
        for (int from = 0; from < sizeBytes; from += piece.capacity()) {
            read(from, piece.clear());
        }
    }

    @Override
    public void release() {
        if (!released.compareAndSet(false, true)) {
            throw new IllegalStateException("a slice of " + segment.path() + " released twice");
        }
        segment.release();
    }
}
