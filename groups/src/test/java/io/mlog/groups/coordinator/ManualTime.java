package io.mlog.groups.coordinator;

import java.util.Comparator;
import java.util.PriorityQueue;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.server.util.timer.Timer;
import org.apache.kafka.server.util.timer.TimerTask;
import org.apache.kafka.server.util.timer.TimerTaskEntry;
import org.jspecify.annotations.Nullable;

/** A clock and a timer that move when a test says so; what is due runs on the test's thread. */
final class ManualTime implements Time, Timer {
    private final PriorityQueue<TimerTaskEntry> waiting =
            new PriorityQueue<>(
                    Comparator.comparingLong((TimerTaskEntry task) -> task.expirationMs));
    private long nowMs = 1_800_000_000_000L;

    void advance(long ms) {
        long untilMs = milliseconds() + ms;
        for (TimerTask task = due(untilMs); task != null; task = due(untilMs)) {
            task.run();
        }
        synchronized (this) {
            nowMs = untilMs;
        }
    }

    private synchronized @Nullable TimerTask due(long untilMs) {
        while (!waiting.isEmpty() && waiting.peek().expirationMs <= untilMs) {
            TimerTaskEntry entry = waiting.poll();
            nowMs = Math.max(nowMs, entry.expirationMs);
            if (!entry.cancelled()) {
                return entry.timerTask;
            }
        }
        return null;
    }

    @Override
    public void add(TimerTask task) {
        if (task.delayMs <= 0) {
            task.run();
            return;
        }
        synchronized (this) {
            waiting.add(new TimerTaskEntry(task, nowMs + task.delayMs));
        }
    }

    @Override
    public boolean advanceClock(long timeoutMs) {
        throw new UnsupportedOperationException("tests move the clock");
    }

    @Override
    public synchronized int size() {
        return waiting.size();
    }

    @Override
    public void close() {}

    @Override
    public synchronized long milliseconds() {
        return nowMs;
    }

    @Override
    public long nanoseconds() {
        return milliseconds() * 1_000_000;
    }

    @Override
    public void sleep(long ms) {
        throw new UnsupportedOperationException("nobody sleeps");
    }
}
