package io.mlog.cluster.raft.rpc;

import java.io.IOException;

/** A call that certainly did not reach the peer. */
public final class NotSentException extends IOException {
    private static final long serialVersionUID = 1L;

    NotSentException(String message, IOException cause) {
        super(message + ": " + cause.getMessage(), cause);
    }

    NotSentException(String message) {
        super(message);
    }
}
