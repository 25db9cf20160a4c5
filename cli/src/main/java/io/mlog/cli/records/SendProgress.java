package io.mlog.cli.records;

import io.mlog.cli.terminal.Failure;
import io.mlog.client.Acknowledged;
import io.mlog.model.Acks;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Counts what was sent and acknowledged, and tells it on stderr: each record to a person who types,
 * else a summary. Any thread.
 */
final class SendProgress {
    private final PrintWriter err;
    private final boolean each;
    private final long startNanos = System.nanoTime();
    private final LongAdder sent = new LongAdder();
    private final LongAdder acknowledged = new LongAdder();
    private final AtomicReference<@Nullable String> failure = new AtomicReference<>();
    private volatile boolean interrupted;

    SendProgress(PrintWriter err, boolean each) {
        this.err = err;
        this.each = each;
    }

    void sent() {
        sent.increment();
    }

    /** A record was acknowledged, or failed with {@code error}. */
    void settled(long line, @Nullable Acknowledged where, @Nullable Throwable error) {
        if (error != null) {
            refused(line, Failure.describe(error));
            return;
        }
        acknowledged.increment();
        if (each && where != null && where.offset() != Acknowledged.UNKNOWN_OFFSET) {
            err.println(
                    "  partition %d, offset %d"
                            .formatted(where.partition().partition(), where.offset()));
            err.flush();
        }
    }

    /** From now on records fail because the process is told to end, which is no news. */
    void interrupted() {
        interrupted = true;
    }

    /** The record of a line failed; the first one is told. */
    void refused(long line, String reason) {
        if (!interrupted && failure.compareAndSet(null, reason)) {
            err.println("mlog producer: line " + line + ": " + reason);
            err.flush();
        }
    }

    /** Why the first record failed that did; empty while all is well. */
    Optional<String> failure() {
        return Optional.ofNullable(failure.get());
    }

    /** Whether everything that was sent has been acknowledged. */
    boolean isComplete() {
        return acknowledged.sum() == sent.sum();
    }

    /** Writes the summary. */
    void finish(Acks acks) {
        double seconds =
                Math.max(1, System.nanoTime() - startNanos) / (double) TimeUnit.SECONDS.toNanos(1);
        long count = acknowledged.sum();
        err.println(
                String.format(
                        Locale.ROOT,
                        "%d records sent, %d acknowledged (acks=%s) in %.1f s, %.0f records/s",
                        sent.sum(),
                        count,
                        acks.name().toLowerCase(Locale.ROOT),
                        seconds,
                        count / seconds));
        err.flush();
    }
}
