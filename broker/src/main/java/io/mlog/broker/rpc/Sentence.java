package io.mlog.broker.rpc;

import io.mlog.model.ErrorCode;
import org.jspecify.annotations.Nullable;

/** The sentence of a refusal. */
final class Sentence {
    private Sentence() {}

    /** The service's own, or the code where there is none. */
    static String of(ErrorCode code, @Nullable String message) {
        return message == null ? "refused as " + code : message;
    }
}
