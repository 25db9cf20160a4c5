package io.mlog.broker.net;

import java.nio.ByteBuffer;

/**
 * The requests and replies of one framed connection, in one language. Owner: the connection's event
 * loop.
 */
interface Conversation {
    /** Whether one more request may be taken now; turns true only with {@code resume}. */
    boolean takesMore();

    /** Takes a request; the payload is borrowed for the call. */
    void request(ByteBuffer payload);

    /** Writes the replies that have become ready since the last call; does not flush. */
    void writeReady();

    /** Whether the peer waits for us: for an answer, or for this broker to serve at all. */
    boolean isWaiting();

    /** The connection is gone: waiting requests are given up, replies dropped. */
    void closed();
}
