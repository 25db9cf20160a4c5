package io.mlog.broker.rpc;

import io.mlog.model.TopicPartition;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/** What groups have committed that other brokers coordinate. Any thread; never blocks. */
@FunctionalInterface
public interface RemoteOffsets {
    /**
     * Asks the broker for the offset that the group has committed; fails with {@link
     * io.mlog.model.MlogException}.
     */
    CompletableFuture<OptionalLong> committed(
            int coordinator, String group, TopicPartition partition);
}
