package io.mlog.broker;

import io.mlog.model.MlogException;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Waiting, while a broker starts, for what the running broker never waits for. */
final class Waits {
    private Waits() {}

    static <T> T forResult(CompletableFuture<T> future) throws IOException {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the start was interrupted", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof MlogException refusal) {
                throw new IOException(refusal.code() + ": " + refusal.reason(), refusal);
            }
            throw new IOException("the start failed: " + e.getCause(), e);
        }
    }
}
