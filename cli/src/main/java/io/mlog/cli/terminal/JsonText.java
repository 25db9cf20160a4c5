package io.mlog.cli.terminal;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Writes values as JSON: maps in their order, lists, texts, numbers, truth values, and null for
 * what is empty. For what scripts read; records on the wire have their own codec.
 */
public final class JsonText {
    private JsonText() {}

    /** The value on one line. */
    public static String of(Object value) {
        StringBuilder out = new StringBuilder();
        append(out, value);
        return out.toString();
    }

    private static void append(StringBuilder out, Object value) {
        switch (value) {
            case Map<?, ?> object -> appendObject(out, object);
            case List<?> array -> appendArray(out, array);
            case Optional<?> optional when optional.isPresent() -> append(out, optional.get());
            case Optional<?> _ -> out.append("null");
            case OptionalInt optional when optional.isPresent() -> out.append(optional.getAsInt());
            case OptionalInt _ -> out.append("null");
            case OptionalLong optional when optional.isPresent() ->
                    out.append(optional.getAsLong());
            case OptionalLong _ -> out.append("null");
            case Integer number -> out.append(number);
            case Long number -> out.append(number);
            case Boolean truth -> out.append(truth);
            default -> appendText(out, value.toString());
        }
    }

    private static void appendObject(StringBuilder out, Map<?, ?> object) {
        out.append('{');
        String between = "";
        for (Map.Entry<?, ?> entry : object.entrySet()) {
            out.append(between);
            appendText(out, String.valueOf(entry.getKey()));
            out.append(':');
            append(out, entry.getValue());
            between = ",";
        }
        out.append('}');
    }

    private static void appendArray(StringBuilder out, List<?> array) {
        out.append('[');
        String between = "";
        for (Object element : array) {
            out.append(between);
            append(out, element);
            between = ",";
        }
        out.append(']');
    }

    /** Appends a text in quotes, with what JSON does not allow in it escaped. */
    public static void appendText(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < 0x20) {
                        out.append("\\u%04x".formatted((int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
