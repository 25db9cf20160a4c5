package io.mlog.protocol;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A header of a record: {@code {"key":"trace","value":"…base64…"}}. A record may have several of
 * one key; their order is kept.
 *
 * @param value null when the header has none
 */
public record RecordHeader(String key, @Nullable Bytes value) {
    public RecordHeader {
        Objects.requireNonNull(key);
    }

    static List<RecordHeader> readList(JsonReader in) throws IOException {
        return in.list(RecordHeader::read);
    }

    static void writeList(JsonWriter out, List<RecordHeader> headers) throws IOException {
        if (!headers.isEmpty()) {
            out.list("headers", headers, RecordHeader::write);
        }
    }

    private static RecordHeader read(JsonReader in) throws IOException {
        String key = null;
        Bytes value = null;
        in.object();
        for (String field = in.nextField(); field != null; field = in.nextField()) {
            switch (field) {
                case "key" -> key = in.string();
                case "value" -> value = in.bytesOrNull();
                default -> in.skip();
            }
        }
        return new RecordHeader(in.required("key", key), value);
    }

    private static void write(JsonWriter out, RecordHeader header) throws IOException {
        out.beginObject();
        out.string("key", header.key());
        out.bytes("value", header.value());
        out.endObject();
    }
}
