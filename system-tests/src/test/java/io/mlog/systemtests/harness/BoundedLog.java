package io.mlog.systemtests.harness;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * The newest lines a process wrote: at most {@link #MOST_LINES}, older ones are dropped and
 * counted. Written by one pump thread, read by any.
 */
public final class BoundedLog {
    private static final int MOST_LINES = 2_000;
    private static final int MOST_CHARACTERS = 4_000;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<String> lines = new ArrayDeque<>();
    private long dropped;
    private boolean ended;

    void add(String line) {
        lock.lock();
        try {
            if (lines.size() == MOST_LINES) {
                lines.removeFirst();
                dropped++;
            }
            lines.addLast(
                    line.length() > MOST_CHARACTERS
                            ? line.substring(0, MOST_CHARACTERS) + "…"
                            : line);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Says that no line will follow. */
    void end() {
        lock.lock();
        try {
            ended = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the writer has ended, so that {@link #text()} is whole. */
    public void awaitEnd(Duration limit) throws InterruptedException {
        await(limit, "its end", () -> ended);
    }

    /**
     * Waits for a line that passes; lines written before the call count too.
     *
     * @throws AssertionError when the writer ended or {@code limit} passed without such a line
     */
    public String awaitLine(Duration limit, String what, Predicate<String> passes)
            throws InterruptedException {
        String[] found = new String[1];
        await(
                limit,
                what,
                () -> {
                    lines.stream().filter(passes).findFirst().ifPresent(line -> found[0] = line);
                    return found[0] != null;
                });
        return found[0];
    }

    private void await(Duration limit, String what, BooleanSupplier there)
            throws InterruptedException {
        long left = limit.toNanos();
        lock.lock();
        try {
            while (!there.getAsBoolean()) {
                if (ended || left <= 0) {
                    throw new AssertionError(
                            (ended ? "the process ended" : "waited " + limit)
                                    + " without "
                                    + what
                                    + "; its output:\n"
                                    + text());
                }
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    /** The kept lines, each with its line end; begins with a count when older ones were dropped. */
    public String text() {
        lock.lock();
        try {
            StringBuilder text = new StringBuilder();
            if (dropped > 0) {
                text.append("… ").append(dropped).append(" earlier lines dropped\n");
            }
            lines.forEach(line -> text.append(line).append('\n'));
            return text.toString();
        } finally {
            lock.unlock();
        }
    }

    /** How many lines were written, dropped ones included. */
    public long count() {
        lock.lock();
        try {
            return dropped + lines.size();
        } finally {
            lock.unlock();
        }
    }
}
