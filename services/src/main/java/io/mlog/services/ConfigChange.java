package io.mlog.services;

import org.jspecify.annotations.Nullable;

/**
 * One change of a topic's configuration.
 *
 * @param operation what to do with {@code value}
 * @param value null only for {@link Operation#DELETE}
 */
public record ConfigChange(String name, Operation operation, @Nullable String value) {
    /** Kafka's incremental operations. */
    public enum Operation {
        SET,
        DELETE,
        /** Add to a list value such as {@code cleanup.policy}. */
        APPEND,
        /** Take out of a list value. */
        SUBTRACT
    }
}
