package io.mlog.broker.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One accepted connection, whatever it speaks: counts it, watches its time limits and closes it.
 * The first handler of its pipeline. Owner: its event loop.
 *
 * <p>The time limits are looked at a few times per limit, so that an ordinary read costs no timer.
 * A connection that waits for an answer of ours is never idle.
 */
final class Connection extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

    /** Before a language is known: nothing asked, nothing waiting. */
    private static final Phase OPENING = new Phase() {};

    private static final long NOTHING_TO_SEND = 0;

    private final Household household;
    private final Channel channel;

    private Phase phase = OPENING;
    private boolean admitted;
    private boolean asked;
    private @Nullable Language language;

    private long startedNanos;
    private long lastByteNanos;
    private long lastSentNanos;
    private long lastProgress = NOTHING_TO_SEND;

    Connection(Household household, Channel channel) {
        this.household = household;
        this.channel = channel;
    }

    /** What the connection does at present, as far as its time limits go. */
    interface Phase {
        /** Whether the peer waits for an answer. */
        default boolean isWaiting() {
            return false;
        }

        /** Whether a request has begun and is not whole. */
        default boolean isInsideRequest() {
            return false;
        }

        /** Whether so much of a request has come that the rest may take its time. */
        default boolean isWellIntoRequest() {
            return false;
        }

        /** How long nothing may come while nobody waits, in ms. */
        default long quietLimitMs(ConnectionLimits limits) {
            return isInsideRequest()
                    ? Math.min(limits.idleMs(), limits.firstFrameMs())
                    : limits.idleMs();
        }

        /** The broker may serve from now on, or takes no more requests. */
        default void resume() {}

        /** Sends the answers that are due and takes no more requests. */
        default void end(Connection connection) {
            connection.channel.close();
        }
    }

    Household household() {
        return household;
    }

    Channel channel() {
        return channel;
    }

    /** The language is decided, for good. */
    void speaks(Language decided, Phase newPhase) {
        language = decided;
        phase = newPhase;
        household.metrics().open(decided).increment();
    }

    /** A whole request came in. */
    void asked() {
        asked = true;
    }

    /** Whether the listener is closing: no request is taken any more. */
    boolean isEnding() {
        return household.connections().isEnding();
    }

    /** Any thread: looks again whether requests may be taken. */
    void resume() {
        channel.eventLoop().execute(() -> phase.resume());
    }

    /** Any thread, once {@link #isEnding}: answers what is waiting, then closes. */
    void end() {
        channel.eventLoop().execute(() -> phase.end(this));
    }

    /** Closes because of what the client did, and says so once per client and minute. */
    void closeFor(CloseReason reason, String what) {
        household.faults().report(peer(), what + "; connection closed");
        close(reason);
    }

    /** Counts and tells what the client did; whoever calls closes. */
    void report(CloseReason reason, String what) {
        household.faults().report(peer(), what + "; connection closed");
        household.metrics().closed(reason).increment();
    }

    /** Closes because of our own failure. */
    void fail(String what, Throwable cause) {
        LOG.error("connection of {} is closed: {}", peer(), what, cause);
        close(CloseReason.FAILED);
    }

    /** Closes without a word in the log. */
    void close(CloseReason reason) {
        if (channel.isOpen()) {
            household.metrics().closed(reason).increment();
            channel.close();
        }
    }

    InetAddress peer() {
        return channel.remoteAddress() instanceof InetSocketAddress address
                ? address.getAddress()
                : InetAddress.getLoopbackAddress();
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        household.metrics().accepted.increment();
        admitted = household.connections().admit(this);
        if (!admitted) {
            closeFor(
                    CloseReason.TOO_MANY,
                    household.limits().maxConnections()
                            + " connections are open already (max.connections)");
            return;
        }
        startedNanos = household.nanoTime().getAsLong();
        lastByteNanos = startedNanos;
        lastSentNanos = startedNanos;
        scheduleCheck(checkEveryMs());
        if (isEnding()) {
            phase.end(this);
        }
        ctx.fireChannelActive();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        lastByteNanos = household.nanoTime().getAsLong();
        ctx.fireChannelReadComplete();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (admitted) {
            household.connections().remove(this);
        }
        if (language != null) {
            household.metrics().open(language).decrement();
        }
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        failed(cause);
    }

    /** A reset by the peer is its right and no event; anything else is our own failure. */
    void failed(Throwable cause) {
        if (cause instanceof IOException) {
            LOG.debug("connection of {}: {}", peer(), cause.toString());
            channel.close();
        } else {
            fail("it met a bug", cause);
        }
    }

    private long checkEveryMs() {
        ConnectionLimits limits = household.limits();
        long shortest =
                Math.min(limits.idleMs(), Math.min(limits.firstFrameMs(), limits.unreadMs()));
        return Math.max(1, shortest / 4);
    }

    private void scheduleCheck(long delayMs) {
        channel.eventLoop().schedule(this::check, delayMs, TimeUnit.MILLISECONDS);
    }

    private void check() {
        if (!channel.isOpen()) {
            return;
        }
        long now = household.nanoTime().getAsLong();
        boolean unsent = observeSending(now);
        ConnectionLimits limits = household.limits();
        long quietMs = elapsedMs(Math.max(lastByteNanos, lastSentNanos), now);
        if (unsent && !channel.isWritable() && elapsedMs(lastSentNanos, now) >= limits.unreadMs()) {
            closeFor(
                    CloseReason.NOT_READING,
                    "has read nothing for "
                            + elapsedMs(lastSentNanos, now)
                            + " ms while its answers wait (connection.stall.ms)");
        } else if (owesRequest() && elapsedMs(startedNanos, now) >= limits.firstFrameMs()) {
            closeFor(
                    CloseReason.NO_REQUEST,
                    "has sent no whole request in " + elapsedMs(startedNanos, now) + " ms");
        } else if (quietMs >= phase.quietLimitMs(limits) && !phase.isWaiting()) {
            closeQuiet(quietMs);
        } else {
            scheduleCheck(checkEveryMs());
        }
    }

    private boolean owesRequest() {
        return !asked && !phase.isWaiting() && !phase.isWellIntoRequest();
    }

    private void closeQuiet(long quietMs) {
        if (phase.isInsideRequest()) {
            closeFor(
                    CloseReason.HALF_REQUEST,
                    "has sent half a request and then nothing for " + quietMs + " ms");
        } else {
            LOG.debug("connection of {} was idle for {} ms and is closed", peer(), quietMs);
            close(CloseReason.IDLE);
        }
    }

    /** Notes whether bytes have left since the last check; returns whether some still wait. */
    private boolean observeSending(long now) {
        long progress = sendingProgress();
        if (progress != lastProgress) {
            lastProgress = progress;
            lastSentNanos = now;
        }
        return progress != NOTHING_TO_SEND;
    }

    /** A number that changes whenever bytes leave. */
    private long sendingProgress() {
        ChannelOutboundBuffer outbound = channel.unsafe().outboundBuffer();
        if (outbound == null || outbound.isEmpty()) {
            return NOTHING_TO_SEND;
        }
        return 1
                + System.identityHashCode(outbound.current())
                + outbound.currentProgress() * 31
                + outbound.totalPendingWriteBytes() * 961;
    }

    private static long elapsedMs(long fromNanos, long nowNanos) {
        return TimeUnit.NANOSECONDS.toMillis(nowNanos - fromNanos);
    }
}
