package io.mlog.protocol;

import com.fasterxml.jackson.core.JsonGenerator;
import io.mlog.model.HostPort;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Writes the fields of one message. One thread, one message. */
final class JsonWriter {
    private final JsonGenerator generator;

    JsonWriter(JsonGenerator generator) {
        this.generator = generator;
    }

    /** Writes one element of a list. */
    interface ElementWriter<T> {
        void write(JsonWriter out, T element) throws IOException;
    }

    void beginObject() throws IOException {
        generator.writeStartObject();
    }

    void endObject() throws IOException {
        generator.writeEndObject();
    }

    void field(String name) throws IOException {
        generator.writeFieldName(name);
    }

    void string(String name, String value) throws IOException {
        generator.writeStringField(name, value);
    }

    void stringElement(String value) throws IOException {
        generator.writeString(value);
    }

    void number(String name, long value) throws IOException {
        generator.writeNumberField(name, value);
    }

    void bool(String name, boolean value) throws IOException {
        generator.writeBooleanField(name, value);
    }

    void nullValue(String name) throws IOException {
        generator.writeNullField(name);
    }

    /** Base64, or null. */
    void bytes(String name, @Nullable Bytes value) throws IOException {
        generator.writeFieldName(name);
        bytesElement(value);
    }

    void bytesElement(@Nullable Bytes value) throws IOException {
        if (value == null) {
            generator.writeNull();
        } else {
            generator.writeBinary(value.array(), value.offset(), value.length());
        }
    }

    /** Leaves the field out when there is no value. */
    void optional(String name, OptionalInt value) throws IOException {
        if (value.isPresent()) {
            number(name, value.getAsInt());
        }
    }

    /** Leaves the field out when there is no value. */
    void optional(String name, OptionalLong value) throws IOException {
        if (value.isPresent()) {
            number(name, value.getAsLong());
        }
    }

    /** Leaves the field out when there is no value. */
    void optional(String name, Optional<String> value) throws IOException {
        if (value.isPresent()) {
            string(name, value.get());
        }
    }

    /** Leaves the field out when it is false. */
    void flag(String name, boolean value) throws IOException {
        if (value) {
            bool(name, true);
        }
    }

    /** The number, or null. */
    void numberOrNull(String name, OptionalLong value) throws IOException {
        if (value.isPresent()) {
            number(name, value.getAsLong());
        } else {
            nullValue(name);
        }
    }

    /** The string, or null. */
    void stringOrNull(String name, Optional<String> value) throws IOException {
        if (value.isPresent()) {
            string(name, value.get());
        } else {
            nullValue(name);
        }
    }

    /** The address as text, or null. */
    void addressOrNull(String name, Optional<HostPort> value) throws IOException {
        stringOrNull(name, value.map(HostPort::toString));
    }

    <T> void list(String name, List<T> elements, ElementWriter<T> writer) throws IOException {
        generator.writeArrayFieldStart(name);
        for (T element : elements) {
            writer.write(this, element);
        }
        generator.writeEndArray();
    }

    void stringList(String name, List<String> elements) throws IOException {
        list(name, elements, JsonWriter::stringElement);
    }

    void stringMap(String name, Map<String, String> map) throws IOException {
        generator.writeObjectFieldStart(name);
        for (Map.Entry<String, String> entry : new TreeMap<>(map).entrySet()) {
            string(entry.getKey(), entry.getValue());
        }
        generator.writeEndObject();
    }

    void optionalStringMap(String name, Map<String, Optional<String>> map) throws IOException {
        generator.writeObjectFieldStart(name);
        for (Map.Entry<String, Optional<String>> entry : new TreeMap<>(map).entrySet()) {
            stringOrNull(entry.getKey(), entry.getValue());
        }
        generator.writeEndObject();
    }
}
