package io.mlog.storage;

import io.mlog.records.LogRecord;
import io.mlog.records.RecordHeader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A record as a line: bytes that are UTF-8 are a text, others are in base64 under their name with
 * {@code Base64} added. Of long ones only the beginning is shown.
 */
final class RecordLine {
    private static final int SHOWN_BYTES = 4096;

    private RecordLine() {}

    static DumpLine of(LogRecord record) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("offset", record.offset());
        fields.put("timestampMs", record.timestampMs());
        put(fields, "key", record.key());
        put(fields, "value", record.value());
        if (!record.headers().isEmpty()) {
            fields.put("headers", headers(record.headers()));
        }
        return new DumpLine("record", fields);
    }

    private static List<Map<String, Object>> headers(List<RecordHeader> headers) {
        List<Map<String, Object>> all = new ArrayList<>();
        for (RecordHeader header : headers) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("key", header.key());
            put(fields, "value", header.value());
            all.add(fields);
        }
        return all;
    }

    private static void put(Map<String, Object> fields, String name, @Nullable ByteBuffer bytes) {
        if (bytes == null) {
            fields.put(name, Optional.empty());
            return;
        }
        int length = bytes.remaining();
        ByteBuffer shown = bytes.slice(bytes.position(), Math.min(length, SHOWN_BYTES));
        String text = text(shown.duplicate(), length <= SHOWN_BYTES);
        if (text != null) {
            fields.put(name, text);
        } else {
            byte[] raw = new byte[shown.remaining()];
            shown.get(raw);
            fields.put(name + "Base64", Base64.getEncoder().encodeToString(raw));
        }
        if (length > SHOWN_BYTES) {
            fields.put(name + "Bytes", length);
        }
    }

    /** Null when it is no UTF-8; a character that the cut goes through is left out. */
    private static @Nullable String text(ByteBuffer bytes, boolean whole) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        CharBuffer chars = CharBuffer.allocate(bytes.remaining());
        CoderResult result = decoder.decode(bytes, chars, whole);
        return result.isError() ? null : chars.flip().toString();
    }
}
