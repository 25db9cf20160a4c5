package io.mlog.protocol;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.mlog.model.Acks;
import io.mlog.model.ErrorCode;
import io.mlog.model.HostPort;
import io.mlog.model.MlogException;
import io.mlog.model.TopicId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Reads the fields of one message from a stream of tokens, and refuses by naming the field. One
 * thread, one message.
 *
 * <p>A message asks {@link #nextField} for a name and then either reads the value with the method
 * of the type it wants or {@link #skip}s it.
 */
final class JsonReader {
    private final JsonParser parser;

    /** Stands on the object's start, or on a field's value after which fields follow. */
    JsonReader(JsonParser parser) {
        this.parser = parser;
    }

    /** One element of a list. */
    interface ElementReader<T> {
        T read(JsonReader in) throws IOException;
    }

    /** Expects that the present value is an object; its fields come next. */
    void object() {
        expect(JsonToken.START_OBJECT, "an object");
    }

    /** Name of the next field, with its value as the present value; null at the object's end. */
    @Nullable String nextField() throws IOException {
        String name = parser.nextFieldName();
        if (name != null) {
            parser.nextToken();
        }
        return name;
    }

    void skip() throws IOException {
        parser.skipChildren();
    }

    /** Passes over every field that is left. */
    void skipFields() throws IOException {
        while (nextField() != null) {
            skip();
        }
    }

    boolean isNull() {
        return parser.currentToken() == JsonToken.VALUE_NULL;
    }

    String string() throws IOException {
        expect(JsonToken.VALUE_STRING, "a string");
        return parser.getText();
    }

    @Nullable String stringOrNull() throws IOException {
        return isNull() ? null : string();
    }

    Optional<String> optionalString() throws IOException {
        return Optional.ofNullable(stringOrNull());
    }

    @Nullable Bytes bytesOrNull() throws IOException {
        if (isNull()) {
            return null;
        }
        expect(JsonToken.VALUE_STRING, "a base64 string or null");
        return Bytes.of(parser.getBinaryValue());
    }

    long int64() throws IOException {
        expect(JsonToken.VALUE_NUMBER_INT, "an integer");
        return parser.getLongValue();
    }

    long int64(long min, long max) throws IOException {
        long value = int64();
        if (value < min || value > max) {
            throw refuse("field '" + path() + "' is " + value + ", not " + min + " to " + max);
        }
        return value;
    }

    int int32(int min, int max) throws IOException {
        return (int) int64(min, max);
    }

    boolean bool() {
        JsonToken token = parser.currentToken();
        if (token == JsonToken.VALUE_TRUE || token == JsonToken.VALUE_FALSE) {
            return token == JsonToken.VALUE_TRUE;
        }
        throw wrongType("true or false");
    }

    boolean standsOnString() {
        return parser.currentToken() == JsonToken.VALUE_STRING;
    }

    Acks acks() throws IOException {
        long number = int64();
        if (number == 0) {
            return Acks.NONE;
        }
        if (number == 1) {
            return Acks.LEADER;
        }
        if (number == 2) {
            return Acks.ALL;
        }
        throw new MlogException(
                ErrorCode.INVALID_REQUIRED_ACKS,
                "acks "
                        + number
                        + " is none of 0 (no reply), 1 (the leader has it), 2 (all in-sync"
                        + " replicas have it)");
    }

    OptionalLong optionalInt64() throws IOException {
        return isNull() ? OptionalLong.empty() : OptionalLong.of(int64());
    }

    TopicId topicId() throws IOException {
        String text = string();
        try {
            return TopicId.parse(text);
        } catch (IllegalArgumentException e) {
            throw refuse("field '" + path() + "': " + e.getMessage());
        }
    }

    Optional<HostPort> optionalAddress() throws IOException {
        return isNull() ? Optional.empty() : Optional.of(address());
    }

    HostPort address() throws IOException {
        String text = string();
        try {
            return HostPort.parse(text);
        } catch (IllegalArgumentException e) {
            throw refuse("field '" + path() + "': " + e.getMessage());
        }
    }

    <T> List<T> list(ElementReader<T> element) throws IOException {
        expect(JsonToken.START_ARRAY, "an array");
        List<T> elements = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            elements.add(element.read(this));
        }
        return elements;
    }

    /** An object of strings, in the order of the text. */
    Map<String, String> stringMap() throws IOException {
        object();
        Map<String, String> map = new LinkedHashMap<>();
        for (String name = nextField(); name != null; name = nextField()) {
            map.put(name, string());
        }
        return map;
    }

    /** An object of strings and nulls, in the order of the text. */
    Map<String, Optional<String>> optionalStringMap() throws IOException {
        object();
        Map<String, Optional<String>> map = new LinkedHashMap<>();
        for (String name = nextField(); name != null; name = nextField()) {
            map.put(name, optionalString());
        }
        return map;
    }

    /** The value of a field that may not be left out. */
    <T> T required(String field, @Nullable T value) {
        if (value == null) {
            throw refuse("field '" + field + "' is missing");
        }
        return value;
    }

    MlogException refuse(String message) {
        return new MlogException(ErrorCode.INVALID_REQUEST, message);
    }

    /** Where the present value lies, such as {@code records[3].key}. */
    String path() {
        return parser.getParsingContext()
                .pathAsPointer()
                .toString()
                .replaceFirst("^/", "")
                .replaceAll("/(\\d+)(?=/|$)", "[$1]")
                .replace('/', '.');
    }

    private void expect(JsonToken token, String wanted) {
        if (parser.currentToken() != token) {
            throw wrongType(wanted);
        }
    }

    private MlogException wrongType(String wanted) {
        return refuse("field '" + path() + "' must be " + wanted + ", not " + found());
    }

    private String found() {
        return switch (parser.currentToken()) {
            case VALUE_STRING -> "a string";
            case VALUE_NUMBER_INT -> "an integer";
            case VALUE_NUMBER_FLOAT -> "a decimal number";
            case VALUE_TRUE, VALUE_FALSE -> "a boolean";
            case VALUE_NULL -> "null";
            case START_OBJECT -> "an object";
            case START_ARRAY -> "an array";
            case null, default -> "the end";
        };
    }
}
