package io.mlog.broker.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection of a {@link PeerLine}: cuts what comes in into frames, reading those that span
 * reads straight into buffers of their own. Owner: the line's.
 */
final class PeerFrames extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(PeerFrames.class);

    private final PeerLine line;

    /** Number of the line's attempt that this is. */
    private final int attempt;

    private final Channel channel;
    private final FrameAssembler frames;
    private String ending = "the other end has closed the connection";
    private PeerLine.Failure failure = PeerLine.Failure.BROKEN;

    PeerFrames(PeerLine line, int attempt, PeerLines lines, Channel channel) {
        this.line = line;
        this.attempt = attempt;
        this.channel = channel;
        this.frames = new FrameAssembler(channel.alloc(), lines.budget(), lines.maxFrameBytes());
        FrameReceiveBuffers receiveBuffers = new FrameReceiveBuffers(lines.bytesIn());
        receiveBuffers.preferFramesOf(frames);
        channel.config().setRecvByteBufAllocator(receiveBuffers);
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        if (!line.connected(attempt, channel)) {
            ctx.close();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        frames.feed((ByteBuf) message);
        line.heard(attempt);
        try {
            ByteBuffer next = next();
            while (next != null) {
                line.frame(next);
                next = next();
            }
        } catch (BadFrameException e) {
            failure = PeerLine.Failure.BAD_FRAME;
            ending = e.reason();
            ctx.close();
        }
    }

    /** Nothing is taken any more from a connection that the line has given up. */
    private @Nullable ByteBuffer next() throws BadFrameException {
        return line.isCurrent(attempt) ? frames.next() : null;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof IOException) {
            ending = cause.toString();
        } else {
            LOG.error("a connection to a peer met a bug", cause);
            ending = cause.toString();
        }
        ctx.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        frames.close();
        line.lost(attempt, failure, ending);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        frames.close();
    }
}
