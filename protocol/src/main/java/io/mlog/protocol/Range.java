package io.mlog.protocol;

import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;

/** Checks of field values that requests make in their constructors. */
final class Range {
    /** Longest wait that a request may ask for: a day. */
    static final int MAX_WAIT_MS = 86_400_000;

    private Range() {}

    static void check(String field, long value, long min, long max) {
        if (value < min || value > max) {
            throw new MlogException(
                    ErrorCode.INVALID_REQUEST,
                    "field '" + field + "' is " + value + ", not " + min + " to " + max);
        }
    }

    static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new MlogException(ErrorCode.INVALID_REQUEST, otherwise);
        }
    }
}
