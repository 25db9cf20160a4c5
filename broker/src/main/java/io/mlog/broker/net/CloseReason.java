package io.mlog.broker.net;

import java.util.Locale;

/** Why this broker closes a connection by itself. */
enum CloseReason {
    /** There are as many connections as allowed. */
    TOO_MANY,
    /** The first bytes are no language of ours, or TLS, which is not configured. */
    UNKNOWN_LANGUAGE,
    /** The first request did not come in time. */
    NO_REQUEST,
    /** A request began and did not go on. */
    HALF_REQUEST,
    /** A frame is empty, too long, or more than memory is set aside for. */
    BAD_FRAME,
    /** Nothing came and nothing was waited for. */
    IDLE,
    /** The peer does not read what it asked for. */
    NOT_READING,
    /** The request cannot be answered in its language. */
    REFUSED,
    /** Reading records from disk failed, or we met a bug of ours. */
    FAILED;

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
