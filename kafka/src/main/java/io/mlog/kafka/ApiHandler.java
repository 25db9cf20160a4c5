package io.mlog.kafka;

import org.apache.kafka.common.protocol.Readable;

/**
 * Answers one API. Thread-safe; keeps nothing between calls.
 *
 * @param <Q> the parsed request
 */
interface ApiHandler<Q> {
    /** The API with the versions that this handler answers: what ApiVersions tells clients. */
    ApiVersionRange versions();

    /**
     * Most elements of the array that comes first in a request, when that is less than the limits
     * say: Kafka's classes read some arrays into hash tables that are filled in cubic time when
     * hashes collide.
     */
    default int maxOfFirstArray() {
        return Integer.MAX_VALUE;
    }

    /** Reads a request of one of those versions; throws any unchecked exception when malformed. */
    Q parse(Readable request, short version);

    /** Sees to it that the call is answered exactly once, now or later. Does not block. */
    void answer(Q request, Call call);
}
