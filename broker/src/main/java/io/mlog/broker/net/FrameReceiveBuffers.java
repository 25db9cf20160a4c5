package io.mlog.broker.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelConfig;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the buffer that a socket reads into: the unfinished frame itself when there is one, so
 * that long frames are not copied, else one of Netty's adaptive size. One for each connection;
 * owner: its event loop.
 */
final class FrameReceiveBuffers implements RecvByteBufAllocator {
    /** Least, first and most bytes of an ordinary read. */
    private static final RecvByteBufAllocator ADAPTIVE =
            new AdaptiveRecvByteBufAllocator(512, 2048, 64 * 1024);

    private final LongAdder bytesIn;
    private @Nullable FrameAssembler frames;

    /** Counts what is received in {@code bytesIn}. */
    FrameReceiveBuffers(LongAdder bytesIn) {
        this.bytesIn = bytesIn;
    }

    /** From now on reads prefer the unfinished frame of {@code frames}. */
    void preferFramesOf(FrameAssembler frames) {
        this.frames = frames;
    }

    @Override
    public ExtendedHandle newHandle() {
        return new FrameHandle((ExtendedHandle) ADAPTIVE.newHandle());
    }

    private final class FrameHandle implements ExtendedHandle {
        private final ExtendedHandle adaptive;

        FrameHandle(ExtendedHandle adaptive) {
            this.adaptive = adaptive;
        }

        @Override
        public ByteBuf allocate(ByteBufAllocator allocator) {
            ByteBuf target = frames == null ? null : frames.target();
            return target == null ? adaptive.allocate(allocator) : target.retain();
        }

        @Override
        public int guess() {
            return adaptive.guess();
        }

        @Override
        public void reset(ChannelConfig config) {
            adaptive.reset(config);
        }

        @Override
        public void incMessagesRead(int messages) {
            adaptive.incMessagesRead(messages);
        }

        @Override
        public void lastBytesRead(int bytes) {
            adaptive.lastBytesRead(bytes);
            if (bytes > 0) {
                bytesIn.add(bytes);
            }
        }

        @Override
        public int lastBytesRead() {
            return adaptive.lastBytesRead();
        }

        @Override
        public void attemptedBytesRead(int bytes) {
            adaptive.attemptedBytesRead(bytes);
        }

        @Override
        public int attemptedBytesRead() {
            return adaptive.attemptedBytesRead();
        }

        @Override
        public boolean continueReading() {
            return adaptive.continueReading();
        }

        @Override
        public boolean continueReading(UncheckedBooleanSupplier maybeMoreData) {
            return adaptive.continueReading(maybeMoreData);
        }

        @Override
        public void readComplete() {
            adaptive.readComplete();
        }
    }
}
