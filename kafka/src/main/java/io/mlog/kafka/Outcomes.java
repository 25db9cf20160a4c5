package io.mlog.kafka;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;

/** Futures of services, turned into the values that responses are made of. */
final class Outcomes {
    private Outcomes() {}

    /** Calls a service; whatever comes of it, the future completes with a value. */
    static <T, R> CompletableFuture<R> settle(
            Supplier<CompletableFuture<T>> call,
            Function<T, R> whenDone,
            Function<Refusal, R> whenRefused) {
        CompletableFuture<T> result;
        try {
            result = call.get();
        } catch (RuntimeException e) {
            result = CompletableFuture.failedFuture(e);
        }
        return result.thenApply(whenDone).exceptionally(e -> whenRefused.apply(Refusal.of(e)));
    }

    /** All values in their order, once the last is there. */
    static <R> CompletableFuture<List<R>> all(List<CompletableFuture<R>> futures) {
        return CompletableFuture.allOf(futures.toArray(CompletableFuture<?>[]::new))
                .thenApply(ignored -> futures.stream().map(CompletableFuture::join).toList());
    }
}
