package io.mlog.groups.coordinator;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.protocol.Errors;

/** What comes of the coordinator's futures. */
final class Futures {
    private Futures() {}

    /** Asks; a coordinator that has just ended throws what it otherwise answers. */
    static <R> CompletableFuture<R> asked(Supplier<CompletableFuture<R>> question) {
        try {
            return question.get();
        } catch (ApiException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

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
