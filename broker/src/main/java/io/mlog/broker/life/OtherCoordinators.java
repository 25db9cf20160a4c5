package io.mlog.broker.life;

import io.mlog.broker.rpc.RemoteOffsets;
import io.mlog.core.metadata.BrokerImage;
import io.mlog.core.metadata.MetadataLog;
import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import io.mlog.model.TopicPartition;
import io.mlog.protocol.FetchOffset;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/**
 * What groups have committed that other brokers coordinate: asks those. Any thread; blocks none.
 */
public final class OtherCoordinators implements RemoteOffsets {
    private static final int TIMEOUT_MS = 5_000;

    private final MetadataLog log;
    private final PeerCalls calls;

    /** The brokers of the cluster that {@code log} describes. */
    public OtherCoordinators(MetadataLog log, PeerCalls calls) {
        this.log = log;
        this.calls = calls;
    }

    @Override
    public CompletableFuture<OptionalLong> committed(
            int coordinator, String group, TopicPartition partition) {
        BrokerImage broker = log.image().brokers().get(coordinator);
        if (broker == null) {
            return CompletableFuture.failedFuture(
                    new MlogException(
                            ErrorCode.COORDINATOR_NOT_AVAILABLE,
                            "group '%s' is coordinated by broker %d, which is not registered any more"
                                    .formatted(group, coordinator)));
        }
        return calls.ask(
                        broker.rpcAddress(),
                        new FetchOffset.Request(partition.topic(), partition.partition(), group),
                        TIMEOUT_MS)
                .thenApply(FetchOffset.Response::offset);
    }
}
