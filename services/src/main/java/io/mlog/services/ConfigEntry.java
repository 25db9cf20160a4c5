package io.mlog.services;

import org.jspecify.annotations.Nullable;

/**
 * A configuration value as it is shown.
 *
 * @param value null when there is none
 * @param source where the value comes from
 */
public record ConfigEntry(
        String name,
        @Nullable String value,
        Source source,
        boolean readOnly,
        Type type,
        String documentation) {
    /** Where a value comes from. */
    public enum Source {
        TOPIC,
        BROKER,
        DEFAULT
    }

    /** What a value is. */
    public enum Type {
        BOOLEAN,
        STRING,
        INT,
        LONG,
        LIST
    }
}
