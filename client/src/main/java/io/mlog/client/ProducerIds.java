package io.mlog.client;

import io.mlog.protocol.InitProducer;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The producer ids of one producer. All partitions begin with the same; a partition that had to
 * renounce its id gets a newer one. Owned by the event loop.
 */
final class ProducerIds {
    private final ClusterCaller caller;
    private Optional<CompletableFuture<InitProducer.Response>> newest = Optional.empty();

    ProducerIds(ClusterCaller caller) {
        this.caller = caller;
    }

    /** An id other than {@code renounced}. */
    CompletableFuture<InitProducer.Response> otherThan(Optional<InitProducer.Response> renounced) {
        boolean usable =
                newest.isPresent()
                        && !newest.get().isCompletedExceptionally()
                        && !(renounced.isPresent()
                                && newest.get().isDone()
                                && newest.get().join().equals(renounced.get()));
        if (!usable) {
            newest =
                    Optional.of(
                            caller.any(
                                    new InitProducer.Request(),
                                    Repeat.ALWAYS,
                                    caller.requestDeadline()));
        }
        return newest.orElseThrow();
    }
}
