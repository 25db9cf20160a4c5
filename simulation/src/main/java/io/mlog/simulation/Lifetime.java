package io.mlog.simulation;

import io.mlog.broker.partition.Timer;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/**
 * One life of a process: its timer and its threads. Whatever it still wanted to do when it ends
 * does not happen.
 */
final class Lifetime implements Timer, Executor {
    /** How much later than asked for a timer may come. */
    private static final int TIMER_SLACK_MICROS = 1000;

    /** How long until another thread takes up what it was handed. */
    private static final int HAND_OVER_MICROS = 30;

    private final Scheduler scheduler;
    private final RandomGenerator random;
    private final String name;
    private final String timer;
    private final String task;
    private boolean over;

    Lifetime(Scheduler scheduler, RandomGenerator random, String name) {
        this.scheduler = scheduler;
        this.random = random;
        this.name = name;
        this.timer = name + " timer";
        this.task = name + " task";
    }

    String name() {
        return name;
    }

    boolean isOver() {
        return over;
    }

    void end() {
        over = true;
    }

    @Override
    public Cancellable after(long delayMs, Runnable action) {
        long slack = random.nextInt(TIMER_SLACK_MICROS);
        return afterMicros(delayMs * 1000 + slack, timer, action)::cancel;
    }

    Scheduler.Event afterMicros(long delayMicros, String what, Runnable action) {
        return scheduler.after(
                delayMicros,
                what,
                () -> {
                    if (!over) {
                        action.run();
                    }
                });
    }

    /** Runs {@code action} again and again, {@code periodMs} after each end. */
    void every(long periodMs, Runnable action) {
        after(
                periodMs,
                () -> {
                    action.run();
                    every(periodMs, action);
                });
    }

    @Override
    public void execute(Runnable action) {
        afterMicros(random.nextInt(HAND_OVER_MICROS), task, action);
    }
}
