package io.mlog.broker.net;

import io.mlog.records.RecordsSlice;
import io.netty.channel.FileRegion;
import io.netty.util.AbstractReferenceCounted;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/**
 * A slice without a file on its way to a socket: read piece by piece as the socket takes it, so
 * that no more than {@value #PIECE_BYTES} bytes of it are in memory.
 */
final class RecordsStream extends AbstractReferenceCounted implements FileRegion {
    static final int PIECE_BYTES = 64 * 1024;

    private final RecordsSlice slice;
    private long transferred;

    RecordsStream(RecordsSlice slice) {
        this.slice = slice;
    }

    @Override
    public long transferTo(WritableByteChannel target, long position) throws IOException {
        int from = Math.toIntExact(position);
        ByteBuffer piece = ByteBuffer.allocate(Math.min(PIECE_BYTES, slice.sizeBytes() - from));
        slice.read(from, piece);
        piece.flip();
        int written = target.write(piece);
        if (written > 0) {
            transferred += written;
        }
        return written;
    }

    @Override
    public long position() {
        return 0;
    }

    @Override
    public long count() {
        return slice.sizeBytes();
    }

    @Override
    public long transferred() {
        return transferred;
    }

    /** Netty's older spelling. */
    @Override
    @Deprecated
    public long transfered() {
        return transferred;
    }

    @Override
    protected void deallocate() {
        slice.release();
    }

    @Override
    public FileRegion retain() {
        super.retain();
        return this;
    }

    @Override
    public FileRegion retain(int increment) {
        super.retain(increment);
        return this;
    }

    @Override
    public FileRegion touch() {
        return this;
    }

    @Override
    public FileRegion touch(Object hint) {
        return this;
    }
}
