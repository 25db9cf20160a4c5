package io.mlog.services;

import java.util.function.Consumer;

/** What the replicas of other brokers may ask of this one. */
public interface ReplicaService {
    /**
     * Takes the asks of one request and answers it when there is something to tell for any ask of
     * its session, when its wait is over, or when later requests of the session have come so many
     * that the oldest is due. May be called on an event loop: it waits for nothing.
     *
     * @param done runs at most once (not at all when cancelled), on this thread or another (which
     *     must not be blocked), and then owns the slices
     * @return to be cancelled when the connection closes first, which ends the session
     */
    WaitingFetch fetch(ReplicaFetchCommand command, Consumer<ReplicaFetched> done);
}
