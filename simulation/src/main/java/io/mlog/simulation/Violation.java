package io.mlog.simulation;

/** A promise of the cluster is broken, or a bug of ours came out: the run ends. */
final class Violation extends RuntimeException {
    private static final long serialVersionUID = 1;

    Violation(String message) {
        super(message);
    }

    Violation(String message, Throwable cause) {
        super(message, cause);
    }
}
