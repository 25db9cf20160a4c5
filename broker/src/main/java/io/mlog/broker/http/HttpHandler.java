package io.mlog.broker.http;

import io.mlog.broker.metrics.RequestMetrics;
import io.mlog.broker.metrics.RequestStats;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;

/** Serves a {@link HttpSite} on one connection. Owned by the connection's event loop. */
public final class HttpHandler extends SimpleChannelInboundHandler<FullHttpRequest> {
    /** Largest request body taken, in bytes; larger ones are answered 413. */
    private static final int MAX_BODY_BYTES = 64 * 1024;

    private final HttpSite site;
    private final RequestStats stats;

    private HttpHandler(HttpSite site, RequestStats stats) {
        this.site = site;
        this.stats = stats;
    }

    /** Makes {@code pipeline} speak HTTP from the next byte on. */
    public static void install(ChannelPipeline pipeline, HttpSite site, RequestMetrics metrics) {
        pipeline.addLast(new HttpServerCodec());
        pipeline.addLast(new HttpObjectAggregator(MAX_BODY_BYTES));
        pipeline.addLast(new HttpHandler(site, metrics.of("http", "page")));
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
        long begun = System.nanoTime();
        HttpAnswer answer = answer(request);
        boolean keepAlive = HttpUtil.isKeepAlive(request) && request.decoderResult().isSuccess();
        boolean head = request.method().equals(HttpMethod.HEAD);
        FullHttpResponse response =
                new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1,
                        HttpResponseStatus.valueOf(answer.status()),
                        head ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(answer.body()));
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, answer.contentType())
                .set(HttpHeaderNames.CONTENT_LENGTH, answer.body().length)
                .set("X-Content-Type-Options", "nosniff");
        if (answer.status() == 405) {
            response.headers().set(HttpHeaderNames.ALLOW, "GET, HEAD");
        }
        HttpUtil.setKeepAlive(response, keepAlive);
        var written = context.writeAndFlush(response);
        if (!keepAlive) {
            written.addListener(ChannelFutureListener.CLOSE);
        }
        stats.answered(System.nanoTime() - begun, answer.status() >= 400);
    }

    private HttpAnswer answer(FullHttpRequest request) {
        if (!request.decoderResult().isSuccess()) {
            return HttpAnswer.text(400, "this is not an HTTP request that can be read");
        }
        String path;
        try {
            path = new QueryStringDecoder(request.uri()).path();
        } catch (IllegalArgumentException e) {
            return HttpAnswer.text(400, "the path cannot be decoded: " + e.getMessage());
        }
        String host = request.headers().get(HttpHeaderNames.HOST, "127.0.0.1:9094");
        return site.answer(request.method().name(), path, host);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close(); // the peer broke off or sent what cannot be framed
    }
}
