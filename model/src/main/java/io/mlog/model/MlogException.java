package io.mlog.model;

import java.util.Objects;

/**
 * A request that was refused, with the code and the sentence the client is told. The sentence says
 * what was asked, what holds instead and what to do.
 *
 * <p>It carries no stack trace: it is an answer, not a bug. A broken invariant of ours is an {@link
 * IllegalStateException} or an {@link AssertionError} instead.
 */
public final class MlogException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;

    /** Refuses with {@code code}, telling the client {@code message}. */
    public MlogException(ErrorCode code, String message) {
        super(Objects.requireNonNull(message), null, false, false);
        this.code = Objects.requireNonNull(code);
    }

    /** What kind of refusal it is; never {@link ErrorCode#NONE}. */
    public ErrorCode code() {
        return code;
    }

    /** The sentence for the client. */
    public String reason() {
        return Objects.requireNonNull(getMessage());
    }
}
