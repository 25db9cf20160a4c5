package io.mlog.broker.net;

import io.mlog.model.HostPort;
import java.nio.ByteBuffer;

/**
 * One JSON request on its way to its answer. Exactly one of {@link #reply} and {@link
 * #replyNothing} is called, once, from any thread.
 */
public interface Exchange {
    /**
     * Answers with a payload of one frame; the bytes between position and limit are copied by the
     * connection's event loop later, so the buffer must not change any more.
     */
    void reply(ByteBuffer payload);

    /** Answers with no frame at all, as acks=0 wants it. */
    void replyNothing();

    /**
     * What to do when the connection ends before the answer: the wait is to be given up. At once
     * when that has happened already. The answer may still be given, it is dropped then.
     */
    void whenAbandoned(Runnable cancel);

    /** The address by which this client reached us. */
    HostPort localAddress();
}
