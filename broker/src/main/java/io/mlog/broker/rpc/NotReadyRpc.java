package io.mlog.broker.rpc;

import io.mlog.broker.metrics.RequestMetrics;
import io.mlog.broker.net.Exchange;
import io.mlog.broker.net.JsonService;
import io.mlog.model.ErrorCode;
import io.mlog.protocol.RequestCodec;
import java.nio.ByteBuffer;
import java.util.function.Supplier;

/** What every JSON request is answered while the broker starts: NOT_READY, and how far it is. */
public final class NotReadyRpc implements JsonService {
    private final Supplier<String> progress;
    private final RpcStats stats;

    /**
     * Answers until the broker serves.
     *
     * @param progress what the broker is doing, such as {@code recovering 3 of 10 logs}; any thread
     */
    public NotReadyRpc(Supplier<String> progress, RequestMetrics requests) {
        this.progress = progress;
        this.stats = new RpcStats(requests);
    }

    @Override
    public void handle(ByteBuffer request, Exchange exchange) {
        long startedNanos = System.nanoTime();
        switch (PayloadReader.read(request)) {
            case RequestCodec.Refused refused ->
                    Call.refuse(refused, exchange, stats, startedNanos);
            case RequestCodec.Accepted accepted ->
                    Call.of(accepted, exchange, stats, startedNanos)
                            .refuse(
                                    ErrorCode.NOT_READY,
                                    "this broker does not serve requests yet: "
                                            + progress.get()
                                            + "; try again shortly");
        }
    }
}
