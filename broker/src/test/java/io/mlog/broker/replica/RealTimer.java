package io.mlog.broker.replica;

import io.mlog.broker.partition.Timer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Real time on a thread of its own. */
public final class RealTimer implements Timer, AutoCloseable {
    private final ScheduledThreadPoolExecutor executor =
            new ScheduledThreadPoolExecutor(
                    1, Thread.ofPlatform().daemon().name("test-timer").factory());
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();

    /** Starts the thread. */
    public RealTimer() {
        executor.setRemoveOnCancelPolicy(true);
        executor.setRejectedExecutionHandler((task, stopping) -> {});
    }

    @Override
    public Cancellable after(long delayMs, Runnable task) {
        ScheduledFuture<?> scheduled =
                executor.schedule(() -> run(task), delayMs, TimeUnit.MILLISECONDS);
        return () -> scheduled.cancel(false);
    }

    @Override
    public long nowMs() {
        return System.nanoTime() / 1_000_000;
    }

    private void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error failure) {
            failures.add(failure);
            throw failure;
        }
    }

    /** What tasks let out. */
    public List<Throwable> failures() {
        return failures;
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
