package io.mlog.cli.records;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlog.cli.terminal.Output;
import io.mlog.client.ConsumedRecord;
import io.mlog.model.TopicPartition;
import io.mlog.protocol.Bytes;
import io.mlog.protocol.RecordHeader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class RecordPrinterTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @Test
    void plainIsTheBytesOfTheValueAndALineEnd() throws IOException {
        RecordPrinter printer = new RecordPrinter(out, Output.PLAIN);
        printer.print(record(1, null, Bytes.of(new byte[] {(byte) 0xff, 0})));
        printer.print(record(2, null, null));
        printer.print(record(3, Bytes.utf8("key"), Bytes.utf8("größer")));
        assertThat(out.size()).as("printed before flush").isZero();
        printer.flush();
        assertThat(out.toByteArray())
                .isEqualTo(
                        concat(
                                new byte[] {(byte) 0xff, 0, '\n', '\n'},
                                "größer\n".getBytes(UTF_8)));
    }

    @Test
    void valuesOfEverySizeAroundTheBufferArePrintedWhole() throws IOException {
        RecordPrinter printer = new RecordPrinter(out, Output.PLAIN);
        StringBuilder expected = new StringBuilder();
        for (int size : new int[] {262_143, 1, 262_144, 0, 262_145, 100_000, 200_000, 1_000_000}) {
            String value = "x".repeat(size);
            printer.print(record(0, null, Bytes.utf8(value)));
            expected.append(value).append('\n');
        }
        printer.flush();
        assertThat(out.toString(UTF_8)).isEqualTo(expected.toString());
    }

    @Test
    void jsonHasTextsWhereBytesAreUtf8AndBase64WhereNot() {
        assertThat(RecordPrinter.json(record(7, Bytes.utf8("k\"1"), Bytes.utf8("zwei\nÄpfel"))))
                .isEqualTo(
                        "{\"partition\":0,\"offset\":7,\"timestampMs\":1000,\"key\":\"k\\\"1\","
                                + "\"value\":\"zwei\\nÄpfel\"}");
        assertThat(RecordPrinter.json(record(0, null, Bytes.of(new byte[] {(byte) 0xff}))))
                .contains("\"key\":null,\"valueBase64\":\"/w==\"");
        assertThat(
                        RecordPrinter.json(
                                new ConsumedRecord(
                                        new TopicPartition("t", 0),
                                        0,
                                        -1,
                                        null,
                                        null,
                                        List.of(
                                                new RecordHeader("h", Bytes.utf8("v")),
                                                new RecordHeader("i", null)))))
                .endsWith(
                        "\"value\":null,\"headers\":[{\"key\":\"h\",\"value\":\"v\"},"
                                + "{\"key\":\"i\",\"value\":null}]}");
    }

    @Test
    void closedPipeIsAnError() throws IOException {
        RecordPrinter printer = new RecordPrinter(closedPipe(), Output.PLAIN);
        printer.print(record(0, null, Bytes.EMPTY));
        assertThatThrownBy(printer::flush).isInstanceOf(IOException.class);
    }

    private static OutputStream closedPipe() {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("Broken pipe");
            }
        };
    }

    private static ConsumedRecord record(long offset, @Nullable Bytes key, @Nullable Bytes value) {
        return new ConsumedRecord(new TopicPartition("t", 0), offset, 1000, key, value, List.of());
    }

    private static byte[] concat(byte[] first, byte[] second) {
        byte[] both = java.util.Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}
