package io.mlog.broker.replica;

import io.mlog.broker.partition.Timer;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Real time on a thread of its own. */
final class RealTimer implements Timer, AutoCloseable {
    private final ScheduledThreadPoolExecutor executor =
            new ScheduledThreadPoolExecutor(
                    1, Thread.ofPlatform().daemon().name("test-timer").factory());

    RealTimer() {
        executor.setRemoveOnCancelPolicy(true);
        executor.setRejectedExecutionHandler((task, stopping) -> {});
    }

    @Override
    public Cancellable after(long delayMs, Runnable task) {
        ScheduledFuture<?> scheduled = executor.schedule(task, delayMs, TimeUnit.MILLISECONDS);
        return () -> scheduled.cancel(false);
    }

    void every(long periodMs, Runnable task) {
        executor.scheduleWithFixedDelay(task, periodMs, periodMs, TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
