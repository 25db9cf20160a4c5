package io.mlog.protocol;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A record as it was read: {@code {"offset":5,"timestampMs":1764000000000,"value":"…base64…"}}.
 *
 * @param timestampMs ms since the epoch, -1 when the record has none
 * @param key null for none
 * @param value null marks the key as deleted
 * @param headers in order
 */
public record FetchedRecord(
        long offset,
        long timestampMs,
        @Nullable Bytes key,
        @Nullable Bytes value,
        List<RecordHeader> headers) {
    public FetchedRecord {
        headers = List.copyOf(headers);
    }

    static FetchedRecord read(JsonReader in) throws IOException {
        Long offset = null;
        long timestampMs = -1;
        Bytes key = null;
        Bytes value = null;
        List<RecordHeader> headers = List.of();
        in.object();
        for (String field = in.nextField(); field != null; field = in.nextField()) {
            switch (field) {
                case "offset" -> offset = in.int64();
                case "timestampMs" -> timestampMs = in.int64();
                case "key" -> key = in.bytesOrNull();
                case "value" -> value = in.bytesOrNull();
                case "headers" -> headers = RecordHeader.readList(in);
                default -> in.skip();
            }
        }
        return new FetchedRecord(in.required("offset", offset), timestampMs, key, value, headers);
    }

    static void write(JsonWriter out, FetchedRecord record) throws IOException {
        out.beginObject();
        out.number("offset", record.offset);
        out.number("timestampMs", record.timestampMs);
        if (record.key != null) {
            out.bytes("key", record.key);
        }
        out.bytes("value", record.value);
        RecordHeader.writeList(out, record.headers);
        out.endObject();
    }
}
