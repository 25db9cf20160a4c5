package io.mlog.cluster.raft;

import io.mlog.core.metadata.CommandResult;
import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;

/**
 * A command of this node on its way through the log. Completes once, with the machine's answer or
 * an {@link MlogException}; whoever comes first decides. Guarded by its monitor.
 *
 * <table>
 * <caption>Where the command is, until it is done</caption>
 * <tr><td>untaken</td><td>in no log; → taken when it is given to the leader of a term</td></tr>
 * <tr><td>taken</td><td>perhaps in the log; → untaken when the leader says that it is not, or when
 * an entry of a later term was applied: whatever is not applied by then never will be; → unknowable
 * when entries were skipped by a snapshot</td></tr>
 * <tr><td>unknowable</td><td>perhaps in what was skipped: only the leader's answer can tell</td></tr>
 * </table>
 */
final class Submission {
    private enum State {
        UNTAKEN,
        TAKEN,
        UNKNOWABLE
    }

    private final ByteString command;
    private final long deadlineNanos;
    private final CompletableFuture<CommandResult> result = new CompletableFuture<>();
    private State state = State.UNTAKEN;
    private long callId;
    private long term;
    private String reason = "no leader of the metadata is known";

    Submission(ByteString command, int timeoutMs) {
        this.command = command;
        deadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
    }

    ByteString command() {
        return command;
    }

    CompletableFuture<CommandResult> result() {
        return result;
    }

    boolean isDone() {
        return result.isDone();
    }

    /** Time left, at least 1 ms. */
    int remainingMs() {
        long left = TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime());
        return (int) Math.max(1, left);
    }

    /**
     * About to be given to the leader of a term.
     *
     * @param newCallId never used before
     * @return false when it is with somebody already, or done
     */
    synchronized boolean take(long newCallId, long leadersTerm) {
        if (state != State.UNTAKEN || isDone()) {
            return false;
        }
        state = State.TAKEN;
        callId = newCallId;
        term = leadersTerm;
        return true;
    }

    /**
     * The leader that was given it as {@code givenCallId} certainly did not take it.
     *
     * @return whether it is to be given to another one
     */
    synchronized boolean untaken(long givenCallId, String why) {
        if (state == State.UNTAKEN || callId != givenCallId || isDone()) {
            return false;
        }
        state = State.UNTAKEN;
        reason = why;
        return true;
    }

    /**
     * An entry of a later term was applied.
     *
     * @return the call that was lost with its leader, when it is to be made again
     */
    synchronized OptionalLong lost(long laterTerm) {
        if (state != State.TAKEN || term >= laterTerm || isDone()) {
            return OptionalLong.empty();
        }
        state = State.UNTAKEN;
        reason = "the leader of the metadata was lost";
        return OptionalLong.of(callId);
    }

    /** Entries of terms up to {@code skippedTerm} were not applied one by one. */
    synchronized void skipped(long skippedTerm) {
        if (state == State.TAKEN && term <= skippedTerm) {
            state = State.UNKNOWABLE;
        }
    }

    /** Under which call it is known now; empty when nobody has it. */
    synchronized OptionalLong call() {
        return state == State.UNTAKEN ? OptionalLong.empty() : OptionalLong.of(callId);
    }

    void answer(CommandResult answer) {
        result.complete(answer);
    }

    void fail(ErrorCode code, String message) {
        result.completeExceptionally(new MlogException(code, message));
    }

    /** Its time is over. */
    void expire(int timeoutMs) {
        boolean untaken;
        String why;
        synchronized (this) {
            untaken = state == State.UNTAKEN;
            why = reason;
        }
        if (untaken) {
            fail(
                    ErrorCode.NOT_CONTROLLER,
                    "no leader of the metadata took the change within %d ms: %s"
                            .formatted(timeoutMs, why));
        } else {
            fail(
                    ErrorCode.REQUEST_TIMED_OUT,
                    "the change of metadata was not confirmed within %d ms; it may still happen"
                            .formatted(timeoutMs));
        }
    }
}
