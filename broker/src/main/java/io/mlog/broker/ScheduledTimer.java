package io.mlog.broker;

import io.mlog.broker.partition.Timer;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * One thread that keeps the time for those who wait and runs what is due, one after the other. Its
 * queue is bounded by those waits.
 */
final class ScheduledTimer implements Timer, AutoCloseable {
    private final ScheduledThreadPoolExecutor executor;
    private final Consumer<Throwable> fatal;

    /**
     * Starts the thread.
     *
     * @param name of the thread
     * @param fatal told of an exception that a task lets out
     */
    ScheduledTimer(String name, Consumer<Throwable> fatal) {
        this.fatal = fatal;
        executor =
                new ScheduledThreadPoolExecutor(
                        1, Thread.ofPlatform().daemon().name(name).factory());
        executor.setRemoveOnCancelPolicy(true);
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        executor.setRejectedExecutionHandler((task, stopping) -> {}); // nobody waits after the end
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

    /** Runs {@code task} again and again, {@code periodMs} after each end. */
    void every(long periodMs, Runnable task) {
        executor.scheduleWithFixedDelay(() -> run(task), periodMs, periodMs, TimeUnit.MILLISECONDS);
    }

    private void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error bug) {
            fatal.accept(bug);
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
