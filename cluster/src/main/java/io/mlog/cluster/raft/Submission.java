package io.mlog.cluster.raft;

import io.mlog.core.metadata.CommandResult;
import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import java.util.concurrent.CompletableFuture;

/**
 * A command on its way through the log. Completes once, with the machine's answer or an {@link
 * MlogException}; whoever comes first decides. Any thread.
 */
final class Submission {
    private final CompletableFuture<CommandResult> result = new CompletableFuture<>();
    private volatile String delay = "no majority of the voters has confirmed it";

    CompletableFuture<CommandResult> result() {
        return result;
    }

    boolean isDone() {
        return result.isDone();
    }

    /** Why it has not gone on so far. */
    void delayedBy(String reason) {
        delay = reason;
    }

    String delay() {
        return delay;
    }

    void answer(CommandResult answer) {
        result.complete(answer);
    }

    void fail(ErrorCode code, String message) {
        result.completeExceptionally(new MlogException(code, message));
    }
}
