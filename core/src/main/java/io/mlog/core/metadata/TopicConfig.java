package io.mlog.core.metadata;

import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One configuration value that a topic has.
 *
 * @param defaultValue what holds when neither topic nor broker set it
 * @param range what {@code values} accepts, for people
 * @param documentation one sentence
 */
public record TopicConfig(
        String name, Values values, String defaultValue, String range, String documentation) {
    /** What a value may be. */
    public sealed interface Values {
        /** Whole numbers of 32 bits, bounds included. */
        record Int32(int min, int max) implements Values {}

        /** Whole numbers of 64 bits, bounds included. */
        record Int64(long min, long max) implements Values {}

        /** Decimal numbers, bounds included. */
        record Decimal(double min, double max) implements Values {}

        /** {@code true} or {@code false}. */
        record Flag() implements Values {}

        /** One of these. */
        record OneOf(List<String> allowed) implements Values {}

        /** A comma-separated, not empty list of these. */
        record ListOf(List<String> allowed) implements Values {}

        /**
         * Exactly this.
         *
         * @param reason why nothing else
         */
        record Only(String value, String reason) implements Values {}
    }

    /** Whether edits may append to and subtract from the value. */
    public boolean isList() {
        return values instanceof Values.ListOf;
    }

    /**
     * The value in its one spelling.
     *
     * @throws MlogException INVALID_CONFIG, with what is allowed
     */
    public String check(String value) {
        if (value.length() > MetadataLimits.CONFIG_VALUE_LENGTH) {
            throw Decision.refuse(
                    ErrorCode.INVALID_CONFIG,
                    "the value of %s has %d characters, at most %d are allowed"
                            .formatted(name, value.length(), MetadataLimits.CONFIG_VALUE_LENGTH));
        }
        String text = value.trim();
        return switch (values) {
            case Values.Int32(int min, int max) -> number(text, min, max);
            case Values.Int64(long min, long max) -> number(text, min, max);
            case Values.Decimal(double min, double max) -> decimal(text, min, max);
            case Values.Flag() -> among(text, List.of("true", "false"));
            case Values.OneOf(var allowed) -> among(text, allowed);
            case Values.ListOf(var allowed) -> {
                Set<String> items = items(text);
                items.forEach(item -> among(item, allowed));
                if (items.isEmpty()) {
                    throw invalid(value);
                }
                yield String.join(",", items);
            }
            case Values.Only(var only, var reason) -> {
                if (!text.equals(only)) {
                    throw Decision.refuse(
                            ErrorCode.INVALID_CONFIG,
                            "%s is '%s', only %s is supported: %s"
                                    .formatted(name, value, only, reason));
                }
                yield only;
            }
        };
    }

    /** The items of a list value, in order, each once. */
    static Set<String> items(String value) {
        return Arrays.stream(value.split(",", -1))
                .map(String::trim)
                .filter(item -> !item.isEmpty())
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private String number(String text, long min, long max) {
        try {
            long number = Long.parseLong(text);
            if (number >= min && number <= max) {
                return Long.toString(number);
            }
        } catch (NumberFormatException e) {
            // Said below, together with what is allowed.
        }
        throw invalid(text);
    }

    private String decimal(String text, double min, double max) {
        try {
            double number = Double.parseDouble(text);
            if (number >= min && number <= max) {
                return Double.toString(number);
            }
        } catch (NumberFormatException e) {
            // Said below, together with what is allowed.
        }
        throw invalid(text);
    }

    private String among(String text, List<String> allowed) {
        if (!allowed.contains(text)) {
            throw invalid(text);
        }
        return text;
    }

    private MlogException invalid(String value) {
        return Decision.refuse(
                ErrorCode.INVALID_CONFIG,
                "%s is '%s', allowed is %s".formatted(name, value, range));
    }
}
