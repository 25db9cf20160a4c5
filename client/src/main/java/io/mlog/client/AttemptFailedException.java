package io.mlog.client;

import java.util.concurrent.CompletionException;

/**
 * One attempt at a request that got no reply: not connected, connection lost, or nothing in time.
 * Inside the client only; callers see an {@code MlogException}.
 */
final class AttemptFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean maybeSent;

    AttemptFailedException(String message, boolean maybeSent) {
        super(message, null, false, false);
        this.maybeSent = maybeSent;
    }

    /** Whether the node may have received the request, and acted on it. */
    boolean maybeSent() {
        return maybeSent;
    }

    /** The failure without what futures wrap around it. */
    static Throwable unwrap(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null
                ? failure.getCause()
                : failure;
    }
}
