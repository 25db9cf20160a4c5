package io.mlog.cluster.raft;

import io.mlog.cluster.raft.rpc.CommandOutcome;
import io.mlog.core.metadata.CommandResult;
import io.mlog.core.metadata.ResultCodec;
import io.mlog.model.ErrorCode;
import java.util.concurrent.CompletableFuture;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;

/**
 * A command that this node, as leader, was asked to put into the log. Completes once; whoever comes
 * first decides. Any thread.
 *
 * <p>It is appended in {@code term} only. Whether it was, decides what a failure means: a command
 * that reached the log may be committed by a later leader.
 */
final class Proposal {
    /** What a proposal came to. */
    sealed interface Settled {
        /** Applied here. */
        record Applied(long index, CommandResult result) implements Settled {}

        /** Not applied here, or not yet. */
        record Otherwise(CommandOutcome outcome) implements Settled {}
    }

    private final long term;
    private final CompletableFuture<Settled> settled = new CompletableFuture<>();
    private volatile boolean appended;

    Proposal(long term) {
        this.term = term;
    }

    CompletableFuture<Settled> settled() {
        return settled;
    }

    /**
     * About to be appended in {@code present}.
     *
     * @return whether it may
     */
    boolean append(long present) {
        appended = present == term;
        return appended;
    }

    /** Whether it has reached the log, so that it may happen whatever fails afterwards. */
    boolean isAppended() {
        return appended;
    }

    void applied(long index, CommandResult result) {
        settled.complete(new Settled.Applied(index, result));
    }

    /** It failed in a way that may pass. */
    void failed(String reason) {
        settled.complete(
                new Settled.Otherwise(
                        appended
                                ? new CommandOutcome.Unknown(reason)
                                : new CommandOutcome.Untaken(reason)));
    }

    /** It failed for good. */
    void refused(ErrorCode code, String sentence) {
        settled.complete(new Settled.Otherwise(new CommandOutcome.Refused(code, sentence)));
    }

    /** What another node is told of it. */
    static CommandOutcome toOutcome(Settled settled) {
        return switch (settled) {
            case Settled.Applied(long index, CommandResult result) ->
                    new CommandOutcome.Applied(
                            index, UnsafeByteOperations.unsafeWrap(ResultCodec.encode(result)));
            case Settled.Otherwise(CommandOutcome outcome) -> outcome;
        };
    }
}
