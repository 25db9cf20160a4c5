package io.mlog.broker.partition;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** A clock and a timer that a test moves by hand. */
public final class ManualTimer implements Timer, InstantSource {
    private final List<Task> tasks = new ArrayList<>();
    private long nowMs = 1_000_000;

    private record Task(long atMs, Runnable action) {}

    @Override
    public synchronized Cancellable after(long delayMs, Runnable action) {
        Task task = new Task(nowMs + delayMs, action);
        tasks.add(task);
        return () -> cancel(task);
    }

    private synchronized void cancel(Task task) {
        tasks.remove(task);
    }

    @Override
    public synchronized Instant instant() {
        return Instant.ofEpochMilli(nowMs);
    }

    @Override
    public synchronized long nowMs() {
        return nowMs;
    }

    /** Lets {@code ms} milliseconds pass and runs what is due. */
    public void pass(long ms) {
        List<Task> due;
        synchronized (this) {
            nowMs += ms;
            due = tasks.stream().filter(task -> task.atMs <= nowMs).toList();
            tasks.removeAll(due);
        }
        due.forEach(task -> task.action.run());
    }

    /** How many tasks still wait. */
    public synchronized int waiting() {
        return tasks.size();
    }
}
