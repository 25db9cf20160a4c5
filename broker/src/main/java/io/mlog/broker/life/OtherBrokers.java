package io.mlog.broker.life;

import io.mlog.core.metadata.BrokerImage;
import io.mlog.core.metadata.MetadataLog;
import io.mlog.protocol.AwaitMetadata;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** What the other brokers have made of the metadata. Any thread; blocks none. */
public final class OtherBrokers {
    private final int self;
    private final MetadataLog log;
    private final PeerCalls calls;

    /** The others of the cluster that {@code log} describes. */
    public OtherBrokers(int self, MetadataLog log, PeerCalls calls) {
        this.self = self;
        this.log = log;
        this.calls = calls;
    }

    /**
     * Completes once every other broker in service has acted on the command at {@code index}, or
     * did not say so within {@code timeoutMs}: one that is gone but not fenced yet holds nobody up
     * for longer. Never fails.
     */
    public CompletableFuture<?> actedOn(long index, int timeoutMs) {
        List<CompletableFuture<?>> answers = new ArrayList<>();
        for (BrokerImage broker : log.image().brokers().values()) {
            if (broker.id() != self && broker.active()) {
                answers.add(
                        calls.ask(
                                        broker.rpcAddress(),
                                        new AwaitMetadata.Request(index, timeoutMs),
                                        timeoutMs)
                                .exceptionally(failure -> null));
            }
        }
        return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new));
    }
}
