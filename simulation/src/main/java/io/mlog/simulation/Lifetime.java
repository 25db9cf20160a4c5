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
    private long asleepUntilMicros;

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

    /** It is stopped, or its machine is, until that time: what was due then happens afterwards. */
    void sleep(long untilMicros) {
        asleepUntilMicros = untilMicros;
    }

    @Override
    public long nowMs() {
        return scheduler.nowMs();
    }

    @Override
    public Cancellable after(long delayMs, Runnable action) {
        long slack = random.nextInt(TIMER_SLACK_MICROS);
        return afterMicros(delayMs * 1000 + slack, timer, action)::cancel;
    }

    Scheduler.Event afterMicros(long delayMicros, String what, Runnable action) {
        return scheduler.after(delayMicros, what, () -> whenAwake(what, action));
    }

    private void whenAwake(String what, Runnable action) {
        long sleeps = asleepUntilMicros - scheduler.nowMicros();
        if (over) {
            return;
        }
        if (sleeps > 0) {
            scheduler.after(sleeps, what, () -> whenAwake(what, action));
        } else {
            action.run();
        }
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
