package io.mlog.groups.coordinator;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.kafka.common.protocol.Errors;

/** What comes of the coordinator's futures. */
final class Futures {
    private Futures() {}

    /** All values in their order, once the last is there. */
    static <R> CompletableFuture<List<R>> all(List<CompletableFuture<R>> futures) {
        return CompletableFuture.allOf(futures.toArray(CompletableFuture<?>[]::new))
                .thenApply(ignored -> futures.stream().map(CompletableFuture::join).toList());
    }

    static Errors error(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null
                        ? failure.getCause()
                        : failure;
        return Errors.forException(cause);
    }
}
