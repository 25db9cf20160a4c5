package io.mlog.broker.replica;

import io.mlog.services.ReplicaFetchCommand;
import java.util.function.Consumer;

/**
 * Requests of one fetcher to one leader, and the answers. One thread at a time, its owner, calls
 * {@link #fetch} and is called back; {@link #execute} brings others onto it.
 *
 * <p>Requests reach the leader in order or not at all: when one is lost, all that are outstanding
 * are, and the next one connects anew.
 */
public interface ReplicaLink {
    /**
     * Sends a request. Owner only; does not block.
     *
     * @param done called exactly once, by the owner and never within this call, in the order of the
     *     requests; after {@link #close} not at all. What it is given is borrowed for the call. A
     *     leader that is silent for longer than the request's wait and a few seconds is given up.
     */
    void fetch(ReplicaFetchCommand command, Consumer<FetchOutcome> done);

    /** Runs a task on the owner, soon and never within this call. Any thread. */
    void execute(Runnable task);

    /** Lets the connection go. Owner only; idempotent; {@link #execute} goes on working. */
    void close();
}
