package io.mlog.cli.records;

import io.mlog.cli.terminal.JsonText;
import io.mlog.cli.terminal.Output;
import io.mlog.client.ConsumedRecord;
import io.mlog.protocol.Bytes;
import io.mlog.protocol.RecordHeader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Writes records to a stream, a line each: the bytes of the value, or a JSON object. Gathers them
 * in a buffer of its own; nothing is printed before {@link #flush} or a full buffer. Owned by one
 * thread.
 *
 * <p>In JSON a key, value or header that is UTF-8 is a text; one that is not is in base64, under
 * its name with {@code Base64} added. What is absent is null.
 */
final class RecordPrinter {
    private static final int BUFFER_BYTES = 256 << 10;

    private final OutputStream out;
    private final Output form;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int filled;

    RecordPrinter(OutputStream out, Output form) {
        this.out = out;
        this.form = form;
    }

    void print(ConsumedRecord record) throws IOException {
        switch (form) {
            case PLAIN -> {
                Bytes value = record.value();
                if (value != null) {
                    write(value.array(), value.offset(), value.length());
                }
            }
            case JSON -> {
                byte[] line = json(record).getBytes(StandardCharsets.UTF_8);
                write(line, 0, line.length);
            }
        }
        if (filled == buffer.length) {
            writeOut();
        }
        buffer[filled++] = '\n';
    }

    /** Prints what was gathered. */
    void flush() throws IOException {
        writeOut();
        out.flush();
    }

    private void write(byte[] bytes, int offset, int length) throws IOException {
        if (length > buffer.length - filled) {
            writeOut();
            if (length > buffer.length) {
                out.write(bytes, offset, length);
                return;
            }
        }
        System.arraycopy(bytes, offset, buffer, filled, length);
        filled += length;
    }

    private void writeOut() throws IOException {
        out.write(buffer, 0, filled);
        filled = 0;
    }

    static String json(ConsumedRecord record) {
        StringBuilder line = new StringBuilder(200);
        line.append("{\"partition\":").append(record.partition().partition());
        line.append(",\"offset\":").append(record.offset());
        line.append(",\"timestampMs\":").append(record.timestampMs()).append(',');
        appendBytes(line, "key", record.key());
        line.append(',');
        appendBytes(line, "value", record.value());
        if (!record.headers().isEmpty()) {
            line.append(",\"headers\":[");
            String between = "";
            for (RecordHeader header : record.headers()) {
                line.append(between).append("{\"key\":");
                JsonText.appendText(line, header.key());
                line.append(',');
                appendBytes(line, "value", header.value());
                line.append('}');
                between = ",";
            }
            line.append(']');
        }
        return line.append('}').toString();
    }

    private static void appendBytes(StringBuilder line, String name, @Nullable Bytes bytes) {
        if (bytes == null) {
            line.append('"').append(name).append("\":null");
            return;
        }
        ByteBuffer view = bytes.asByteBuffer();
        try {
            String text = StandardCharsets.UTF_8.newDecoder().decode(view).toString();
            line.append('"').append(name).append("\":");
            JsonText.appendText(line, text);
        } catch (CharacterCodingException e) {
            line.append('"').append(name).append("Base64\":\"");
            line.append(Base64.getEncoder().encodeToString(bytes.toByteArray())).append('"');
        }
    }
}
