package io.mlog.broker.net;

import io.mlog.protocol.Frame;

/**
 * The bounds of every connection. What happens at each: too long a frame closes; a connection that
 * is idle, slow to ask for the first time, or does not read closes; too many connections are closed
 * as they come; too many requests or replies in flight stop the reading until some are answered.
 *
 * @param maxFrameBytes longest payload of a frame, 1 to 0x15ffffff
 * @param idleMs close after so long without a byte either way and without a waiting request, 1 or
 *     more
 * @param firstFrameMs close when the first whole request takes longer than this and not even 64 KiB
 *     of it have come, or when a request stops half way for so long; 1 or more
 * @param unreadMs close a peer that was sent more than it reads and takes nothing for so long, 1 or
 *     more
 * @param maxConnections most connections at a time, 1 or more
 * @param maxRequestsInFlight most unanswered requests of one connection, 1 or more
 * @param maxReplyBytes most bytes of replies waiting to be sent on one connection before it is not
 *     read any further, 1 or more
 * @param maxPartialBytes most bytes held for unfinished frames over all connections; what would
 *     exceed it closes, at least {@code maxFrameBytes}
 */
public record ConnectionLimits(
        int maxFrameBytes,
        long idleMs,
        long firstFrameMs,
        long unreadMs,
        int maxConnections,
        int maxRequestsInFlight,
        int maxReplyBytes,
        long maxPartialBytes) {
    /** What a broker uses unless told otherwise. */
    public static final ConnectionLimits DEFAULT =
            new ConnectionLimits(
                    Frame.DEFAULT_MAX_BYTES,
                    600_000,
                    30_000,
                    30_000,
                    10_000,
                    128,
                    4 << 20,
                    256L << 20);

    public ConnectionLimits {
        Frame.checkLimit(maxFrameBytes);
        positive("idleMs", idleMs);
        positive("firstFrameMs", firstFrameMs);
        positive("unreadMs", unreadMs);
        positive("maxConnections", maxConnections);
        positive("maxRequestsInFlight", maxRequestsInFlight);
        positive("maxReplyBytes", maxReplyBytes);
        if (maxPartialBytes < maxFrameBytes) {
            throw new IllegalArgumentException(
                    "maxPartialBytes %d is below maxFrameBytes %d: no such frame could come in"
                            .formatted(maxPartialBytes, maxFrameBytes));
        }
    }

    /** The same with another idle limit, which also bounds the wait for the first frame. */
    public ConnectionLimits withIdleMs(long newIdleMs) {
        return new ConnectionLimits(
                maxFrameBytes,
                newIdleMs,
                Math.min(firstFrameMs, newIdleMs),
                unreadMs,
                maxConnections,
                maxRequestsInFlight,
                maxReplyBytes,
                maxPartialBytes);
    }

    /** The same with another longest frame. */
    public ConnectionLimits withMaxFrameBytes(int newMaxFrameBytes) {
        return new ConnectionLimits(
                newMaxFrameBytes,
                idleMs,
                firstFrameMs,
                unreadMs,
                maxConnections,
                maxRequestsInFlight,
                maxReplyBytes,
                Math.max(maxPartialBytes, newMaxFrameBytes));
    }

    /** The same with another number of connections. */
    public ConnectionLimits withMaxConnections(int newMaxConnections) {
        return new ConnectionLimits(
                maxFrameBytes,
                idleMs,
                firstFrameMs,
                unreadMs,
                newMaxConnections,
                maxRequestsInFlight,
                maxReplyBytes,
                maxPartialBytes);
    }

    /** The same with another patience for peers that do not read. */
    public ConnectionLimits withUnreadMs(long newUnreadMs) {
        return new ConnectionLimits(
                maxFrameBytes,
                idleMs,
                firstFrameMs,
                newUnreadMs,
                maxConnections,
                maxRequestsInFlight,
                maxReplyBytes,
                maxPartialBytes);
    }

    private static void positive(String name, long value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " is " + value + ", not 1 or more");
        }
    }
}
