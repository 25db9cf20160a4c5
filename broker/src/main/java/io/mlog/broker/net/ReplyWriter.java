package io.mlog.broker.net;

import io.mlog.records.RecordsSlice;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPromise;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Puts replies on a connection: small pieces side by side into one buffer, so that many replies
 * leave in one system call; slices of files by sendfile. Nothing leaves before {@link #flush}.
 * Owner: the connection's event loop.
 */
final class ReplyWriter {
    /** Pieces up to this size are copied next to their neighbours. */
    static final int SMALL_BYTES = 8 * 1024;

    /** Size of the buffer that gathers them. */
    private static final int GATHER_BYTES = 16 * 1024;

    private final Channel channel;
    private final ChannelPromise unobserved;
    private final LongAdder bytesOut;

    private @Nullable ByteBuf gathering;
    private boolean unflushed;

    ReplyWriter(Channel channel, LongAdder bytesOut) {
        this.channel = channel;
        this.unobserved = channel.voidPromise();
        this.bytesOut = bytesOut;
    }

    /** Begins a frame whose payload has {@code payloadBytes} bytes; they follow. */
    void frame(int payloadBytes) {
        room(Integer.BYTES).writeInt(payloadBytes);
        bytesOut.add(Integer.BYTES);
    }

    /** Copies the bytes between position and limit; the buffer may be used again afterwards. */
    void bytes(ByteBuffer bytes) {
        int size = bytes.remaining();
        bytesOut.add(size);
        if (size <= SMALL_BYTES) {
            room(size).writeBytes(bytes);
        } else {
            pass();
            write(channel.alloc().directBuffer(size).writeBytes(bytes));
        }
    }

    /**
     * Sends the slice, and gives it back when done.
     *
     * @throws IOException when the disk cannot be read; the frame is then broken off
     */
    void records(RecordsSlice slice) throws IOException {
        FileChannel file = slice.fileChannel();
        bytesOut.add(slice.sizeBytes());
        if (slice.sizeBytes() <= SMALL_BYTES) {
            copy(slice);
        } else {
            pass();
            write(file == null ? new RecordsStream(slice) : new RecordsRegion(slice, file));
        }
    }

    /** Sends everything written so far. */
    void flush() {
        pass();
        if (unflushed) {
            unflushed = false;
            channel.flush();
        }
    }

    /** Drops what was gathered and not yet passed on. Idempotent. */
    void close() {
        if (gathering != null) {
            gathering.release();
            gathering = null;
        }
    }

    private void copy(RecordsSlice slice) throws IOException {
        try {
            int size = slice.sizeBytes();
            ByteBuf target = room(size);
            int at = target.writerIndex();
            slice.read(0, target.nioBuffer(at, size));
            target.writerIndex(at + size);
        } finally {
            slice.release();
        }
    }

    /** The gathering buffer with at least {@code bytes} writable. */
    private ByteBuf room(int bytes) {
        if (gathering != null && gathering.writableBytes() < bytes) {
            pass();
        }
        if (gathering == null) {
            gathering = channel.alloc().directBuffer(GATHER_BYTES, GATHER_BYTES);
        }
        return gathering;
    }

    /** Hands the gathering buffer to the channel, keeping the order of bytes. */
    private void pass() {
        if (gathering != null) {
            ByteBuf full = gathering;
            gathering = null;
            write(full);
        }
    }

    private void write(Object message) {
        unflushed = true;
        channel.write(message, unobserved);
    }
}
