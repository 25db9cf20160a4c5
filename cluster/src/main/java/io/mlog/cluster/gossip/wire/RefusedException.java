package io.mlog.cluster.gossip.wire;

import java.io.IOException;

/** Gossip that was not taken; an answer, not a bug, so it has no stack trace to speak of. */
final class RefusedException extends IOException {
    private static final long serialVersionUID = 1L;

    private final Refusal refusal;

    /**
     * @param detail what was found, empty when the refusal says it all
     */
    RefusedException(Refusal refusal, String detail) {
        super(detail.isEmpty() ? refusal.here() : refusal.here() + " (" + detail + ")");
        this.refusal = refusal;
    }

    Refusal refusal() {
        return refusal;
    }
}
