package io.mlog.broker.net;

import java.nio.ByteBuffer;

/** What answers JSON requests. */
@FunctionalInterface
public interface JsonService {
    /**
     * Takes one request. Runs on the event loop of the connection and does not block.
     *
     * @param request the frame's payload between position and limit; borrowed for this call
     * @param exchange takes the answer, now or later
     */
    void handle(ByteBuffer request, Exchange exchange);
}
