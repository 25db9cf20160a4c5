package io.mlog.records;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Against bytes that kafka-clients 4.4.0 wrote ({@code MemoryRecords.withIdempotentRecords}): base
 * offset 40, producer id 4711, epoch 3, sequence 17, leader epoch 9, and the records below.
 */
class KafkaBytesTest {
    private static final long BASE_MS = 1_700_000_000_000L;
    private static final List<LogRecord> EXPECTED =
            List.of(
                    new LogRecord(40, BASE_MS, Batches.utf8("k0"), Batches.utf8("v0"), List.of()),
                    new LogRecord(41, BASE_MS + 5, null, Batches.utf8("no key"), List.of()),
                    new LogRecord(42, BASE_MS - 10, Batches.utf8("tombstone"), null, List.of()),
                    new LogRecord(43, BASE_MS + 7, Batches.utf8(""), Batches.utf8(""), List.of()),
                    new LogRecord(
                            44,
                            BASE_MS + 1000,
                            Batches.utf8("h"),
                            Batches.utf8("abcdefghij".repeat(200)),
                            List.of(
                                    new RecordHeader("ä", ByteBuffer.wrap(new byte[] {1, 2, -1})),
                                    new RecordHeader("null", null),
                                    new RecordHeader("", Batches.utf8("")))));

    @ParameterizedTest
    @EnumSource(Codec.class)
    void whatKafkaWroteIsAcceptedAndRead(Codec codec) throws IOException {
        ByteBuffer batch = kafkas(codec);

        BatchLimits limits = BatchLimits.anyTimestamp(batch.remaining(), 1);
        assertThat(BatchCheck.produced(batch, limits, BASE_MS)).isEqualTo(1);
        assertThat(BatchHeader.codecId(batch, 0)).isEqualTo(codec.id());
        assertThat(BatchHeader.baseOffset(batch, 0)).isEqualTo(40);
        assertThat(BatchHeader.lastOffset(batch, 0)).isEqualTo(44);
        assertThat(BatchHeader.leaderEpoch(batch, 0)).isEqualTo(9);
        assertThat(BatchHeader.producerId(batch, 0)).isEqualTo(4711);
        assertThat(BatchHeader.producerEpoch(batch, 0)).isEqualTo((short) 3);
        assertThat(BatchHeader.baseSequence(batch, 0)).isEqualTo(17);
        assertThat(BatchHeader.maxTimestamp(batch, 0)).isEqualTo(BASE_MS + 1000);
        assertThat(Batches.read(batch)).isEqualTo(EXPECTED);
        assertThat(Batches.read(Batches.direct(batch, 11))).isEqualTo(EXPECTED);
    }

    @Test
    void withoutCompressionWeWriteKafkasVeryBytes() throws IOException {
        assertThat(ours(Codec.NONE)).isEqualTo(kafkas(Codec.NONE));
    }

    /** The framing is the same to the byte, since it is the same library with the same settings. */
    @Test
    void inSnappyWeWriteKafkasVeryBytes() throws IOException {
        assertThat(ours(Codec.SNAPPY)).isEqualTo(kafkas(Codec.SNAPPY));
    }

    private static ByteBuffer ours(Codec codec) {
        RecordBatchBuilder builder = new RecordBatchBuilder(61, 1 << 20);
        builder.reset(codec);
        builder.producer(4711, (short) 3, 17);
        for (LogRecord r : EXPECTED) {
            assertThat(builder.append(r.timestampMs(), r.key(), r.value(), r.headers())).isTrue();
        }
        ByteBuffer batch = builder.build();
        BatchHeader.assign(batch, 0, 40, 9);
        return batch;
    }

    private static ByteBuffer kafkas(Codec codec) throws IOException {
        String name = "kafka-" + codec.name().toLowerCase(Locale.ROOT) + ".hex";
        try (InputStream in = KafkaBytesTest.class.getResourceAsStream(name)) {
            String hex = new String(Objects.requireNonNull(in, name).readAllBytes(), US_ASCII);
            return ByteBuffer.wrap(HexFormat.of().parseHex(hex.replace("\n", "")));
        }
    }
}
