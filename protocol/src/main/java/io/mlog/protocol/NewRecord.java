package io.mlog.protocol;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A record to be appended.
 *
 * @param key decides the partition where none is given, and what compaction keeps; null for none
 * @param value null deletes the key in a compacted topic
 * @param headers in order
 */
public record NewRecord(@Nullable Bytes key, @Nullable Bytes value, List<RecordHeader> headers) {
    public NewRecord {
        headers = List.copyOf(headers);
    }

    /** A record of a value alone. */
    public static NewRecord of(Bytes value) {
        return new NewRecord(null, Objects.requireNonNull(value), List.of());
    }

    /** A record of a key and a value. */
    public static NewRecord of(Bytes key, Bytes value) {
        return new NewRecord(Objects.requireNonNull(key), Objects.requireNonNull(value), List.of());
    }

    /** A record of a text, in UTF-8. */
    public static NewRecord of(String value) {
        return of(Bytes.utf8(value));
    }

    /** A record of a key and a text, both in UTF-8. */
    public static NewRecord of(String key, String value) {
        return of(Bytes.utf8(key), Bytes.utf8(value));
    }

    /** Bytes of key, value and headers, without any framing. */
    public int sizeBytes() {
        int bytes = length(key) + length(value);
        for (RecordHeader header : headers) {
            bytes += header.key().length() + length(header.value());
        }
        return bytes;
    }

    boolean isValueOnly() {
        return key == null && headers.isEmpty();
    }

    static NewRecord read(JsonReader in) throws IOException {
        Bytes key = null;
        ValueField value = new ValueField();
        List<RecordHeader> headers = List.of();
        in.object();
        for (String field = in.nextField(); field != null; field = in.nextField()) {
            switch (field) {
                case "key" -> key = in.bytesOrNull();
                case "value" -> value.base64(in);
                case "text" -> value.text(in);
                case "headers" -> headers = RecordHeader.readList(in);
                default -> in.skip();
            }
        }
        return new NewRecord(key, value.required(in), headers);
    }

    static void write(JsonWriter out, NewRecord record) throws IOException {
        out.beginObject();
        record.writeFields(out);
        out.endObject();
    }

    void writeFields(JsonWriter out) throws IOException {
        if (key != null) {
            out.bytes("key", key);
        }
        out.bytes("value", value);
        RecordHeader.writeList(out, headers);
    }

    private static int length(@Nullable Bytes bytes) {
        return bytes == null ? 0 : bytes.length();
    }
}
