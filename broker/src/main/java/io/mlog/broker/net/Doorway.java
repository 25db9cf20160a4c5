package io.mlog.broker.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a new connection's first bytes, hands the connection to its language with those bytes,
 * and leaves the pipeline. Owner: the connection's event loop.
 */
final class Doorway extends ChannelInboundHandlerAdapter {
    /** Most bytes of an unknown language that are shown in the log. */
    private static final int SHOWN_BYTES = 16;

    private final Connection connection;
    private final FrameReceiveBuffers receiveBuffers;

    /** The bytes so far, never as many as {@link FirstBytes#ENOUGH}. */
    private @Nullable ByteBuf undecided;

    Doorway(Connection connection, FrameReceiveBuffers receiveBuffers) {
        this.connection = connection;
        this.receiveBuffers = receiveBuffers;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = joined(ctx, (ByteBuf) message);
        int maxFrameBytes = connection.household().limits().maxFrameBytes();
        switch (FirstBytes.judge(bytes, maxFrameBytes)) {
            case FirstBytes.Undecided _ -> keep(ctx, bytes);
            case FirstBytes.Refused refused -> refuse(bytes, refused.why());
            case FirstBytes.Decided decided -> enter(ctx, decided.language(), bytes);
        }
    }

    /** Netty hands a handler's own failure to those behind it, and {@link Connection} is before. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        connection.failed(cause);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        if (undecided != null) {
            undecided.release();
            undecided = null;
        }
    }

    private ByteBuf joined(ChannelHandlerContext ctx, ByteBuf bytes) {
        ByteBuf before = undecided;
        if (before == null) {
            return bytes;
        }
        undecided = null;
        ByteBuf both = ctx.alloc().directBuffer(before.readableBytes() + bytes.readableBytes());
        both.writeBytes(before).writeBytes(bytes);
        before.release();
        bytes.release();
        return both;
    }

    /** Keeps a copy in place of the much larger buffer that was read into. */
    private void keep(ChannelHandlerContext ctx, ByteBuf bytes) {
        undecided = ctx.alloc().directBuffer(FirstBytes.ENOUGH).writeBytes(bytes);
        bytes.release();
    }

    private void refuse(ByteBuf bytes, String why) {
        int shown = Math.min(SHOWN_BYTES, bytes.readableBytes());
        String hex = ByteBufUtil.hexDump(bytes, bytes.readerIndex(), shown);
        bytes.release();
        connection.closeFor(
                CloseReason.UNKNOWN_LANGUAGE,
                why + " (first bytes 0x" + hex + "; spoken here are JSON RPC, Kafka and HTTP)");
    }

    private void enter(ChannelHandlerContext ctx, Language language, ByteBuf bytes) {
        switch (language) {
            case TLS -> refuseTls(ctx, bytes);
            case HTTP -> {
                connection.speaks(language, HttpPhase.INSTANCE);
                connection.asked();
                ctx.pipeline().addLast(new SentBytes(connection.household().metrics().bytesOut));
                connection.household().http().install(ctx.pipeline());
            }
            case JSON, KAFKA -> {
                FramedConnection framed =
                        FramedConnection.speaking(language, connection, receiveBuffers);
                connection.speaks(language, framed);
                ctx.pipeline().addLast(framed);
            }
        }
        if (language != Language.TLS) {
            ctx.fireChannelRead(bytes);
            ctx.pipeline().remove(this);
        }
    }

    private void refuseTls(ChannelHandlerContext ctx, ByteBuf bytes) {
        bytes.release();
        connection
                .household()
                .faults()
                .report(
                        connection.peer(),
                        "begins TLS, which this port does not speak; use a plain connection");
        ctx.pipeline().replace(this, "tls-refusal", new TlsRefusal(connection));
    }

    /** HTTP keeps connections for a minute at most: nothing is lost by connecting again. */
    private enum HttpPhase implements Connection.Phase {
        INSTANCE;

        private static final long QUIET_MS = 60_000;

        @Override
        public long quietLimitMs(ConnectionLimits limits) {
            return Math.min(QUIET_MS, limits.idleMs());
        }
    }
}
