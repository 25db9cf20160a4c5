package io.mlog.kafka;

import java.util.List;
import org.apache.kafka.common.protocol.Errors;

/** What one Fetch of a consumer means, alone or in its session (KIP-227). */
sealed interface FetchTurn {
    /** The request does not fit its session; the client begins another. */
    record Refused(Errors error) implements FetchTurn {}

    /** The request is answered. */
    sealed interface Served extends FetchTurn {
        /** What the consumer wants now, in the order in which it is served. */
        List<FetchWish> wishes();
    }

    /** The request stands alone: everything is told. */
    record Whole(List<FetchWish> wishes) implements Served {}

    /**
     * The request begins a session, or goes on with it.
     *
     * @param nextEpoch of the request that follows this one
     * @param everything whether partitions are told of which there is nothing new
     */
    record InSession(
            FetchSession session, int nextEpoch, List<FetchWish> wishes, boolean everything)
            implements Served {}
}
