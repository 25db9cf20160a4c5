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
     * Proposes a command, on any node: one that does not lead hands it to the leader. The future
     * completes once the command is durable on a majority and applied on this node, so that {@link
     * #image} shows it, with the machine's answer; a refusal is a {@link CommandResult.Refused}.
     *
     * <p>A command is applied at most once. It is proposed again, within its time, only when it is
     * certain that it was not taken, or that it was lost with the leader that took it.
     *
     * <p>It fails with {@link io.mlog.model.MlogException}: NOT_CONTROLLER when no leader was found
     * in time, and NOT_READY, INVALID_REQUEST, STORAGE_ERROR or DISK_FULL when too many commands
     * wait, the log is closed, the command is too large or the log cannot be written; nothing
     * happened then. REQUEST_TIMED_OUT means that the outcome is not known in time: the command may
     * have been applied or may still be. Commands that compare before they set, or that may be
     * repeated, can be sent again; for others the image tells.
     *
     * <p>It completes on a thread of the log: do not block there.
     */
    CompletableFuture<CommandResult> submit(MetadataCommand command);

    /**
     * Catches up: completes once this node has applied everything that was committed anywhere
     * before the call, with the index it applied. The leader confirms with a majority that it still
     * leads, so that nobody is told an outdated state.
     *
     * <p>Fails with {@link io.mlog.model.MlogException}: NOT_CONTROLLER when no leader was found in
     * time, REQUEST_TIMED_OUT when the leader or this node was too slow, NOT_READY when too many
     * wait or the log is closed, STORAGE_ERROR or DISK_FULL while it cannot be written. It
     * completes on a thread of the log: do not block there.
     */
    CompletableFuture<Long> barrier();

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
