package io.mlog.broker.config;

/**
 * A configuration that the broker does not start with. The message is one line for the operator:
 * the setting, the value, where it came from, and what is allowed. It carries no stack trace
 * because it is an answer, not a bug.
 */
public final class ConfigRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Refuses with one line for the operator. */
    public ConfigRefusedException(String message) {
        super(message, null, false, false);
    }
}
