package io.mlog.broker.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.TimeUnit;

/**
 * Ends a connection that wants TLS in TLS's own words: a fatal alert, so that the client reports
 * "handshake failure" rather than a reset. Owner: the connection's event loop.
 *
 * <p>Reads on until the client has closed, a second at most: closing with its bytes unread would
 * reset the connection and lose the alert.
 */
final class TlsRefusal extends ChannelInboundHandlerAdapter {
    /** Record type alert (21), version 3.1, length 2; level fatal (2), handshake_failure (40). */
    private static final byte[] ALERT = {21, 3, 1, 0, 2, 2, 40};

    private static final long LINGER_MS = 1_000;

    private final Connection connection;

    TlsRefusal(Connection connection) {
        this.connection = connection;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        ByteBuf alert = ctx.alloc().directBuffer(ALERT.length).writeBytes(ALERT);
        DuplexChannel channel = (DuplexChannel) ctx.channel();
        ctx.writeAndFlush(alert)
                .addListener(ChannelFutureListener.CLOSE_ON_FAILURE)
                .addListener(sent -> channel.shutdownOutput());
        channel.eventLoop()
                .schedule(
                        () -> connection.close(CloseReason.UNKNOWN_LANGUAGE),
                        LINGER_MS,
                        TimeUnit.MILLISECONDS);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ReferenceCountUtil.release(message);
    }
}
