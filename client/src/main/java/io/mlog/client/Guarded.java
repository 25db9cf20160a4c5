package io.mlog.client;

import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Futures and event loops swallow what is thrown at them; here a bug of ours goes to whoever it
 * would otherwise keep waiting.
 */
final class Guarded {
    private Guarded() {}

    /** Runs the action, and hands what it throws to {@code onBug}. */
    static void run(Runnable action, Consumer<Throwable> onBug) {
        try {
            action.run();
        } catch (RuntimeException | AssertionError bug) {
            onBug.accept(bug);
        }
    }

    /** A callback for {@code whenComplete} that hands what it throws to {@code onBug}. */
    static <T> BiConsumer<T, Throwable> callback(
            BiConsumer<T, @Nullable Throwable> action, Consumer<Throwable> onBug) {
        return (result, failure) -> run(() -> action.accept(result, failure), onBug);
    }
}
