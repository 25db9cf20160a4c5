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
        return begun(call).thenApply(whenDone).exceptionally(e -> whenRefused.apply(Refusal.of(e)));
    }

    /** The same for a change of the metadata, which every broker can take to where it is made. */
    static <T, R> CompletableFuture<R> settleChange(
            Supplier<CompletableFuture<T>> call,
            Function<T, R> whenDone,
            Function<Refusal, R> whenRefused) {
        return begun(call)
                .thenApply(whenDone)
                .exceptionally(e -> whenRefused.apply(Refusal.ofChange(e)));
    }

    private static <T> CompletableFuture<T> begun(Supplier<CompletableFuture<T>> call) {
        try {
            return call.get();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** All values in their order, once the last is there. */
    static <R> CompletableFuture<List<R>> all(List<CompletableFuture<R>> futures) {
        return CompletableFuture.allOf(futures.toArray(CompletableFuture<?>[]::new))
                .thenApply(ignored -> futures.stream().map(CompletableFuture::join).toList());
    }
}
