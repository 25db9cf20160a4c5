package io.mlog.broker.replica;

/**
 * Where a fetcher is with its leader.
 *
 * <pre>
 * state    event                                  next
 * IDLE     something to ask                       OPENING  a request of epoch 0 with every ask, no wait
 * OPENING  answered with a session's number       OPEN
 * OPEN     answered                               OPEN
 * OPENING, OPEN  lost, refused, or nonsense       PAUSED   every ask is void
 * PAUSED   the pause is over                      IDLE
 * any      close                                  CLOSED   whatever is known goes elsewhere
 * </pre>
 */
sealed interface SessionState {
    /** No session, because there was nothing to ask yet or a pause is over. */
    record Idle() implements SessionState {}

    /** The request that begins a session is on its way; nothing else is sent meanwhile. */
    record Opening() implements SessionState {}

    /**
     * The leader keeps a session.
     *
     * @param epoch of the next request
     */
    record Open(int sessionId, int epoch) implements SessionState {}

    /** The last session failed; nothing is sent for a while. */
    record Paused() implements SessionState {}

    /** Nothing is sent any more. */
    record Closed() implements SessionState {}
}
