package io.mlog.broker.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import java.util.concurrent.atomic.LongAdder;

/** Counts the bytes an HTTP connection sends; framed connections count their own. */
final class SentBytes extends ChannelOutboundHandlerAdapter {
    private final LongAdder bytesOut;

    SentBytes(LongAdder bytesOut) {
        this.bytesOut = bytesOut;
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (message instanceof ByteBuf bytes) {
            bytesOut.add(bytes.readableBytes());
        }
        ctx.write(message, promise);
    }
}
