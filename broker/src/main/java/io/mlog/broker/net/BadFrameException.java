package io.mlog.broker.net;

/**
 * A stream of frames that cannot be followed any further; the connection closes. No stack trace.
 */
final class BadFrameException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String reason;

    BadFrameException(String message) {
        super(message, null, false, false);
        this.reason = message;
    }

    /** What is wrong, with the values. */
    String reason() {
        return reason;
    }
}
