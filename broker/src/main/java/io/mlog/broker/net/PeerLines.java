package io.mlog.broker.net;

import io.mlog.broker.metrics.MetricSource;
import io.mlog.broker.metrics.Samples;
import io.mlog.model.HostPort;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelOption;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * The connections that this broker makes to the ports of others, and the threads that serve them.
 * Any thread.
 */
public final class PeerLines implements MetricSource, AutoCloseable {
    private static final int CONNECT_MS = 3_000;

    private final Transport transport;
    private final FrameBudget budget;
    private final int maxFrameBytes;
    private final LongSupplier nanoTime;
    private final LongAdder bytesIn = new LongAdder();
    private final LongAdder bytesOut = new LongAdder();

    private PeerLines(Transport transport, int maxFrameBytes, LongSupplier nanoTime) {
        this.transport = transport;
        this.maxFrameBytes = maxFrameBytes;
        this.nanoTime = nanoTime;
        this.budget = new FrameBudget(2L * maxFrameBytes);
    }

    /**
     * Starts no connection and no thread yet.
     *
     * @param threadName of the event loops
     * @param maxFrameBytes longest frame that is taken from a peer; twice that is the most that the
     *     unfinished frames of all of them may hold
     */
    public static PeerLines start(
            int eventLoops, String threadName, int maxFrameBytes, LongSupplier nanoTime) {
        return new PeerLines(Transport.best(eventLoops, threadName), maxFrameBytes, nanoTime);
    }

    /** A line to that port; it connects when it first has something to send. */
    public PeerLine line(HostPort address, PeerLine.Peer peer) {
        return new PeerLine(this, transport.loops().next(), address, peer);
    }

    Bootstrap bootstrap() {
        return new Bootstrap()
                .channel(transport.clientChannel())
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_KEEPALIVE, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MS);
    }

    FrameBudget budget() {
        return budget;
    }

    int maxFrameBytes() {
        return maxFrameBytes;
    }

    LongAdder bytesIn() {
        return bytesIn;
    }

    LongAdder bytesOut() {
        return bytesOut;
    }

    long nanoTime() {
        return nanoTime.getAsLong();
    }

    /** Memory held for frames that have not come in whole. */
    public long heldBytes() {
        return budget.heldBytes();
    }

    @Override
    public void collect(Samples samples) {
        samples.counter(
                "mlog_peer_in_bytes",
                "Bytes received on connections that this broker made to others.",
                (double) bytesIn.sum());
        samples.counter(
                "mlog_peer_out_bytes",
                "Bytes sent on connections that this broker made to others.",
                (double) bytesOut.sum());
        samples.gauge(
                "mlog_peer_partial_frame_bytes",
                "Memory held for answers of others that have not come in whole.",
                (double) heldBytes());
    }

    /** Ends every line without a word to its peer, and the threads; waits for them. */
    @Override
    public void close() {
        transport.loops().shutdownGracefully(0, 0, TimeUnit.MILLISECONDS).awaitUninterruptibly();
    }
}
