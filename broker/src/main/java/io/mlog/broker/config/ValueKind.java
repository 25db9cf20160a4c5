package io.mlog.broker.config;

import io.mlog.model.HostPort;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How a setting's text is read and which values it may have. Immutable.
 *
 * @param <T> the value's type
 */
public sealed interface ValueKind<T> {
    /**
     * Reads a value.
     *
     * @throws IllegalArgumentException when the text is no such value or out of range
     */
    T parse(String text);

    /** The allowed values, in words that complete "must be …". */
    String allowed();

    /** The unit for the settings table; empty when there is none. */
    default String unit() {
        return "";
    }

    /** What stands for the value in a usage line, such as {@code BYTES}. */
    String placeholder();

    /** Writes a value as {@link #parse} reads it. */
    default String format(T value) {
        return value.toString();
    }

    /** Whether values must not be shown to anyone, refused ones included. */
    default boolean isSecret() {
        return false;
    }

    /** A whole number between two bounds, both included. */
    record WholeNumber(long least, long most, String unit) implements ValueKind<Long> {
        @Override
        public Long parse(String text) {
            long value = Long.parseLong(text);
            if (value < least || value > most) {
                throw new IllegalArgumentException(text);
            }
            return value;
        }

        @Override
        public String allowed() {
            return "a whole number from " + least + " to " + most;
        }

        @Override
        public String placeholder() {
            return unit.isEmpty() ? "N" : unit.toUpperCase(Locale.ROOT);
        }
    }

    /** One constant of an enum, written in lower case. */
    record Choice<E extends Enum<E>>(Class<E> type) implements ValueKind<E> {
        @Override
        public E parse(String text) {
            for (E constant : type.getEnumConstants()) {
                if (format(constant).equals(text.toLowerCase(Locale.ROOT))) {
                    return constant;
                }
            }
            throw new IllegalArgumentException(text);
        }

        @Override
        public String format(E value) {
            return value.name().toLowerCase(Locale.ROOT);
        }

        @Override
        public String allowed() {
            return "one of " + names(", ");
        }

        @Override
        public String placeholder() {
            return names("|");
        }

        private String names(String between) {
            return Arrays.stream(type.getEnumConstants())
                    .map(this::format)
                    .collect(Collectors.joining(between));
        }
    }

    /** True or false; as a flag, its name alone means true. */
    record Switch() implements ValueKind<Boolean> {
        @Override
        public Boolean parse(String text) {
            return switch (text.toLowerCase(Locale.ROOT)) {
                case "true" -> true;
                case "false" -> false;
                default -> throw new IllegalArgumentException(text);
            };
        }

        @Override
        public String allowed() {
            return "true or false";
        }

        @Override
        public String placeholder() {
            return "true|false";
        }
    }

    /** {@code HOST:PORT}. */
    record Address() implements ValueKind<HostPort> {
        @Override
        public HostPort parse(String text) {
            return HostPort.parse(text);
        }

        @Override
        public String allowed() {
            return "HOST:PORT with a port from 0 to 65535";
        }

        @Override
        public String placeholder() {
            return "HOST:PORT";
        }
    }

    /** A short text of a given form. */
    record Name(Pattern form, String allowed, String placeholder) implements ValueKind<String> {
        @Override
        public String parse(String text) {
            if (!form.matcher(text).matches()) {
                throw new IllegalArgumentException(text);
            }
            return text;
        }
    }

    /** A text of a given form that nobody is shown. */
    record Hidden(Pattern form, String allowed, String placeholder) implements ValueKind<Secret> {
        @Override
        public Secret parse(String text) {
            if (!form.matcher(text).matches()) {
                throw new IllegalArgumentException("a secret of another form");
            }
            return new Secret(text);
        }

        @Override
        public String format(Secret value) {
            return value.text();
        }

        @Override
        public boolean isSecret() {
            return true;
        }
    }

    /** A directory's path. Whether it exists and is writable is found out when it is opened. */
    record Directory() implements ValueKind<Path> {
        @Override
        public Path parse(String text) {
            if (text.isEmpty()) {
                throw new IllegalArgumentException("empty path");
            }
            try {
                return Path.of(text);
            } catch (InvalidPathException e) {
                throw new IllegalArgumentException(text, e);
            }
        }

        @Override
        public String allowed() {
            return "the path of a directory";
        }

        @Override
        public String placeholder() {
            return "DIR";
        }
    }

    /** Several values: a repeated flag or file entry, or one text with commas. */
    record Repeated<T>(ValueKind<T> one) implements ValueKind<List<T>> {
        @Override
        public List<T> parse(String text) {
            List<T> values = new ArrayList<>();
            for (String part : text.split(",", -1)) {
                values.add(one.parse(part.strip()));
            }
            return List.copyOf(values);
        }

        @Override
        public String format(List<T> values) {
            return values.stream().map(one::format).collect(Collectors.joining(","));
        }

        @Override
        public String allowed() {
            return one.allowed() + "; several are separated by commas";
        }

        @Override
        public String placeholder() {
            return one.placeholder();
        }

        @Override
        public boolean isSecret() {
            return one.isSecret();
        }
    }
}
