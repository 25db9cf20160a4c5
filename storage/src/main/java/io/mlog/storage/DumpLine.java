package io.mlog.storage;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One thing found in a file, to be printed on a line.
 *
 * @param type what it is, such as {@code batch}
 * @param fields its values in the order they are told: texts, numbers, truth values, lists and maps
 *     of these; an empty {@link java.util.Optional} for what is not there
 */
public record DumpLine(String type, Map<String, Object> fields) {
    public DumpLine {
        fields = Collections.unmodifiableMap(fields);
    }

    /** A line of names and values by turns. */
    public static DumpLine of(String type, Object... namesAndValues) {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            fields.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return new DumpLine(type, fields);
    }
}
