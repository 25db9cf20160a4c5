package io.mlog.core.metadata;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The replicated log of commands with the machine that applies them. Commands are applied in one
 * order on every node; each node's images are told, on its apply thread, to the listener given to
 * the adapter. Methods may be called from any thread and do not block, except {@link #close}.
 */
public interface MetadataLog extends AutoCloseable {
    /**
     * Proposes a command. The future completes once the command is durable on a majority and
     * applied on this node, with the machine's answer; a refusal is a {@link
     * CommandResult.Refused}.
     *
     * <p>It fails with {@link io.mlog.model.MlogException}: NOT_CONTROLLER when another node leads,
     * REQUEST_TIMED_OUT when no outcome is known in time (the command may still be applied),
     * NOT_READY when too many commands wait or the log is closed, STORAGE_ERROR or DISK_FULL when
     * the log cannot be written. It completes on the apply thread: do not block there.
     */
    CompletableFuture<CommandResult> submit(MetadataCommand command);

    /** The metadata as this node has applied it. */
    MetadataImage image();

    /** Index of the last command that this node has applied. */
    default long appliedIndex() {
        return image().appliedIndex();
    }

    /** Who leads, as far as this node knows. */
    Leadership leadership();

    /** Stops taking part, within a few seconds. Idempotent; blocks. */
    @Override
    void close();

    /**
     * A view of the quorum.
     *
     * @param leaderNodeId empty while none is known
     * @param term number of the present Raft leadership
     * @param voters node ids
     */
    record Leadership(Optional<String> leaderNodeId, long term, List<String> voters) {
        public Leadership {
            voters = List.copyOf(voters);
        }
    }
}
