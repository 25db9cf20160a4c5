package io.mlog.cluster.raft;

import io.mlog.model.ErrorCode;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The commands that wait for their outcome: at most a fixed number, each for a bounded time. Any
 * thread.
 */
final class Submissions {
    private final int most;
    private final int timeoutMs;
    private final AtomicInteger count = new AtomicInteger();
    private final Set<Submission> waiting = ConcurrentHashMap.newKeySet();

    Submissions(int most, int timeoutMs) {
        this.most = most;
        this.timeoutMs = timeoutMs;
    }

    /** A new one; already failed when too many wait. */
    Submission open() {
        Submission submission = new Submission();
        if (count.incrementAndGet() > most) {
            count.decrementAndGet();
            submission.fail(
                    ErrorCode.NOT_READY,
                    "%d changes of metadata wait already, which is the most; try again"
                            .formatted(most));
            return submission;
        }
        waiting.add(submission);
        CompletableFuture<Void> timer = expire(submission);
        submission
                .result()
                .whenComplete((result, failure) -> {
                    timer.cancel(false);
                    waiting.remove(submission);
                    count.decrementAndGet();
                });
        return submission;
    }

    /** Fails all that wait. */
    void failAll(ErrorCode code, String message) {
        waiting.forEach(submission -> submission.fail(code, message));
    }

    /** Runs {@code action} on another thread after a delay. */
    static void later(int delayMs, Runnable action) {
        Executor delayed = CompletableFuture.delayedExecutor(delayMs, TimeUnit.MILLISECONDS);
        CompletableFuture.runAsync(action, delayed);
    }

    private CompletableFuture<Void> expire(Submission submission) {
        return new CompletableFuture<Void>()
                .orTimeout(timeoutMs, TimeUnit.MILLISECONDS)
                .exceptionally(timeout -> {
                    submission.fail(
                            ErrorCode.REQUEST_TIMED_OUT,
                            "the change of metadata was not confirmed within %d ms; it may still happen"
                                    .formatted(timeoutMs));
                    return null;
                });
    }
}
