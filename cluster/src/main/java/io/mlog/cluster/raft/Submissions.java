package io.mlog.cluster.raft;

import io.mlog.core.metadata.CommandResult;
import io.mlog.model.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;

/**
 * The commands of this node that wait for their outcome: at most a fixed number, each for a bounded
 * time. Any thread.
 */
final class Submissions {
    private final int most;
    private final int timeoutMs;
    private final AtomicInteger count = new AtomicInteger();
    private final Set<Submission> waiting = ConcurrentHashMap.newKeySet();
    private final Map<Long, Submission> byCall = new ConcurrentHashMap<>();
    private volatile long appliedTerm;

    Submissions(int most, int timeoutMs) {
        this.most = most;
        this.timeoutMs = timeoutMs;
    }

    /** A new one; already failed when too many wait. */
    Submission open(ByteString command) {
        Submission submission = new Submission(command, timeoutMs);
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
                    submission.call().ifPresent(byCall::remove);
                    count.decrementAndGet();
                });
        return submission;
    }

    /**
     * About to give the command to the leader of {@code term} under {@code callId}.
     *
     * @return false when it is not to be given to it
     */
    boolean take(Submission submission, long callId, long term) {
        byCall.put(callId, submission);
        if (submission.take(callId, term) && !submission.isDone()) {
            if (term >= appliedTerm) {
                return true;
            }
            // Too late to be told that it was lost.
            submission.untaken(callId, "its leader was replaced");
        }
        byCall.remove(callId);
        return false;
    }

    /**
     * The leader certainly did not take it.
     *
     * @return whether it is to be given to another one
     */
    boolean untaken(Submission submission, long callId, String reason) {
        boolean again = submission.untaken(callId, reason);
        if (again) {
            byCall.remove(callId);
        }
        return again;
    }

    /** A command of this node was applied. Apply thread. */
    void applied(long callId, CommandResult result) {
        Submission submission = byCall.get(callId);
        if (submission != null) {
            submission.answer(result);
        }
    }

    /**
     * An entry of {@code term} was applied. Apply thread.
     *
     * @return commands that were lost and are to be given to the new leader
     */
    List<Submission> termApplied(long term) {
        if (term == appliedTerm) {
            return List.of();
        }
        appliedTerm = term;
        List<Submission> lost = new ArrayList<>();
        for (Submission submission : waiting) {
            submission
                    .lost(term)
                    .ifPresent(callId -> {
                        byCall.remove(callId);
                        lost.add(submission);
                    });
        }
        return lost;
    }

    /** Entries up to one of {@code term} were skipped by a snapshot. Apply thread. */
    void skipped(long term) {
        waiting.forEach(submission -> submission.skipped(term));
    }

    /** Waits until none waits any more, at most so long. */
    void awaitNone(long limitMs) throws InterruptedException {
        try {
            CompletableFuture.allOf(
                            waiting.stream()
                                    .map(Submission::result)
                                    .toArray(CompletableFuture<?>[]::new))
                    .get(limitMs, TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            // A refusal is an end, too; what still waits is failed.
        }
    }

    /** Fails all that wait. */
    void failAll(ErrorCode code, String message) {
        waiting.forEach(submission -> submission.fail(code, message));
    }

    private CompletableFuture<Void> expire(Submission submission) {
        return new CompletableFuture<Void>()
                .orTimeout(timeoutMs, TimeUnit.MILLISECONDS)
                .exceptionally(timeout -> {
                    submission.expire(timeoutMs);
                    return null;
                });
    }
}
