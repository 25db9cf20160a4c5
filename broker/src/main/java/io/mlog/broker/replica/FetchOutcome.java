package io.mlog.broker.replica;

import io.mlog.services.LeaderAnswer;

/** What became of a request to a leader. */
public sealed interface FetchOutcome {
    /** The leader answered. */
    record Answered(LeaderAnswer answer) implements FetchOutcome {}

    /**
     * There is no answer and there will be none; whether the leader has seen the request is not
     * known.
     *
     * @param reason for people, with the values
     */
    record Lost(Cause cause, String reason) implements FetchOutcome {}

    /** Why a request was lost. */
    enum Cause {
        /** The connection was refused, reset or closed: the leader's process may be gone. */
        UNREACHABLE,
        /** Nothing came for too long: the leader may be stopped, or the network cut. */
        SILENT,
        /** What came is no answer. */
        MALFORMED
    }
}
