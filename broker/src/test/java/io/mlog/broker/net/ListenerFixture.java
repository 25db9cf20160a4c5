package io.mlog.broker.net;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.mlog.broker.metrics.Metrics;
import io.mlog.broker.metrics.RequestMetrics;
import io.mlog.model.HostPort;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A listener on a free port, with fakes behind it. */
final class ListenerFixture implements AutoCloseable {
    static final ListenAddress FREE_PORT =
            new ListenAddress(new HostPort("127.0.0.1", 0), "--rpc-port");

    final FakeServices services = new FakeServices();
    final Metrics metrics = new Metrics();
    final RequestMetrics requests = new RequestMetrics();
    final Listener listener;

    private ListenerFixture(ConnectionLimits limits, Transport transport, long answerMs)
            throws IOException {
        Reception reception = reception(metrics, requests);
        listener = Listener.bind(FREE_PORT, transport, limits, reception, answerMs);
    }

    static Reception reception(Metrics metrics, RequestMetrics requests) {
        return new Reception(
                (request, exchange) ->
                        exchange.reply(() -> ByteBuffer.wrap("{not ready}".getBytes(UTF_8))),
                ListenerFixture::installHttp,
                metrics,
                requests);
    }

    static ListenerFixture starting(ConnectionLimits limits) throws IOException {
        return new ListenerFixture(limits, Transport.best(2), Listener.ANSWER_MS);
    }

    /** One whose end waits for answers longer than any test takes. */
    static ListenerFixture servingToTheLast() throws IOException {
        return new ListenerFixture(ConnectionLimits.DEFAULT, Transport.best(2), 30_000).serve();
    }

    static ListenerFixture serving(ConnectionLimits limits) throws IOException {
        return starting(limits).serve();
    }

    static ListenerFixture serving() throws IOException {
        return serving(ConnectionLimits.DEFAULT);
    }

    static ListenerFixture servingOnNio() throws IOException {
        return new ListenerFixture(ConnectionLimits.DEFAULT, Transport.nio(2), Listener.ANSWER_MS)
                .serve();
    }

    ListenerFixture serve() {
        listener.serve(new Serving(services::json, services::kafka));
        return this;
    }

    Peer connect() throws IOException {
        return Peer.connect(listener.port());
    }

    int port() {
        return listener.port();
    }

    /** One figure of the metrics page. */
    double metric(String line) {
        return new String(metrics.scrape(), UTF_8)
                .lines()
                .filter(each -> each.startsWith(line + " "))
                .mapToDouble(each -> Double.parseDouble(each.substring(line.length() + 1)))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no metric " + line));
    }

    @Override
    public void close() {
        listener.close();
    }

    /** HTTP as far as it matters here: whatever comes is answered by one word. */
    private static void installHttp(ChannelPipeline pipeline) {
        pipeline.addLast(
                new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelRead(ChannelHandlerContext ctx, Object message) {
                        ((ByteBuf) message).release();
                        ctx.writeAndFlush(Unpooled.copiedBuffer("HTTP!", UTF_8))
                                .addListener(ChannelFutureListener.CLOSE);
                    }
                });
    }
}
