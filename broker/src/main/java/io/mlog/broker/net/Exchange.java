package io.mlog.broker.net;

import io.mlog.model.HostPort;
import java.nio.ByteBuffer;
import java.util.function.Supplier;

/**
 * One JSON request on its way to its answer. Exactly one of {@link #reply} and {@link
 * #replyNothing} is called, once, from any thread.
 */
public interface Exchange {
    /**
     * Answers with the payload of one frame: the bytes between position and limit.
     *
     * @param payload called once, on the connection's event loop, or not at all when the connection
     *     is gone; its bytes are copied before the next payload is asked for, so one buffer will do
     *     for all
     */
    void reply(Supplier<ByteBuffer> payload);

    /** Answers with no frame at all, as acks=0 wants it. */
    void replyNothing();

    /**
     * What to do when the connection ends before the answer: the wait is to be given up. At once
     * when that has happened already. The answer may still be given, it is dropped then.
     */
    void whenAbandoned(Runnable cancel);

    /**
     * Runs {@code task} exactly once on the connection's event loop: now when called there, else
     * soon. Also when the connection is gone, so that the task can give back what it holds.
     */
    void execute(Runnable task);

    /** The address by which this client reached us. */
    HostPort localAddress();

    /** The client's end. */
    HostPort remoteAddress();
}
