package io.mlog.cli.files;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Java records as names and values, whichever they are: what the metadata log holds grows with each
 * version, and all of it is to be seen. Words of the glossary are printed as they print themselves.
 */
final class RecordFields {
    private static final String GLOSSARY = "io.mlog.model";

    private RecordFields() {}

    /** The record's components in their order. */
    static Map<String, Object> of(Record record) {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (RecordComponent component : record.getClass().getRecordComponents()) {
            fields.put(component.getName(), value(component(record, component)));
        }
        return fields;
    }

    /** A component as it is. */
    static @Nullable Object component(Record record, RecordComponent component) {
        try {
            component.getAccessor().setAccessible(true);
            return component.getAccessor().invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot read " + component, e);
        }
    }

    /** A value as it is printed. */
    static Object value(@Nullable Object value) {
        return switch (value) {
            case null -> Optional.empty();
            case Number number when number instanceof Integer || number instanceof Long -> number;
            case Number number -> number.longValue();
            case Boolean truth -> truth;
            case Map<?, ?> map -> sorted(map);
            case Collection<?> all -> list(all);
            case Record record when !record.getClass().getPackageName().equals(GLOSSARY) ->
                    record.getClass().isMemberClass() ? named(record) : of(record);
            default -> value.toString();
        };
    }

    /** A choice among several says which one it is. */
    private static Map<String, Object> named(Record record) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("type", record.getClass().getSimpleName());
        fields.putAll(of(record));
        return fields;
    }

    private static Map<String, Object> sorted(Map<?, ?> map) {
        Map<String, Object> sorted = new TreeMap<>();
        map.forEach((key, value) -> sorted.put(String.valueOf(key), value(value)));
        return sorted;
    }

    private static List<Object> list(Collection<?> all) {
        List<Object> values = new ArrayList<>();
        all.forEach(each -> values.add(value(each)));
        return values;
    }
}
