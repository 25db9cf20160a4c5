package io.mlog.services;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A configuration value as it is shown.
 *
 * @param value null when there is none
 * @param source where the value comes from
 * @param fallbacks what would hold in its place if it were not set there, the nearest first
 */
public record ConfigEntry(
        String name,
        @Nullable String value,
        Source source,
        boolean readOnly,
        Type type,
        String documentation,
        List<Fallback> fallbacks) {
    /** A value further away. */
    public record Fallback(@Nullable String value, Source source) {}

    /** A value that nothing stands behind. */
    public ConfigEntry(
            String name,
            @Nullable String value,
            Source source,
            boolean readOnly,
            Type type,
            String documentation) {
        this(name, value, source, readOnly, type, documentation, List.of());
    }

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
        DOUBLE,
        LIST
    }
}
