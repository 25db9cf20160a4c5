package io.mlog.records;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RecordBatchBuilderTest {
    private static final long NOW_MS = Batches.NOW_MS;

    @ParameterizedTest
    @EnumSource(Codec.class)
    void whatWasAppendedIsReadBack(Codec codec) {
        List<LogRecord> records = someRecords(new Random(7), 500);
        RecordBatchBuilder builder = new RecordBatchBuilder(128, 1 << 24);
        builder.reset(codec);
        builder.producer(4711, (short) 3, 17);
        append(builder, records);
        ByteBuffer batch = builder.build();

        assertThat(BatchCheck.produced(batch, BatchLimits.anyTimestamp(1 << 24, 1), NOW_MS))
                .isEqualTo(1);
        assertThat(BatchHeader.codecId(batch, 0)).isEqualTo(codec.id());
        assertThat(BatchHeader.producerId(batch, 0)).isEqualTo(4711);
        assertThat(BatchHeader.producerEpoch(batch, 0)).isEqualTo((short) 3);
        assertThat(BatchHeader.baseSequence(batch, 0)).isEqualTo(17);
        assertThat(BatchHeader.recordCount(batch, 0)).isEqualTo(500);
        assertThat(BatchHeader.maxTimestamp(batch, 0))
                .isEqualTo(records.stream().mapToLong(LogRecord::timestampMs).max().orElse(0));
        assertThat(Batches.read(batch)).isEqualTo(records);
        assertThat(Batches.read(Batches.direct(batch, 3))).isEqualTo(records);
    }

    @Test
    void valuesOnlyBatchesAreTheSameBytesAsGeneralOnes() {
        RecordBatchBuilder values = new RecordBatchBuilder(61, 1 << 20);
        RecordBatchBuilder general = new RecordBatchBuilder(61, 1 << 20);
        for (int i = 0; i < 300; i++) {
            byte[] bytes = ("__" + "v".repeat(i)).getBytes(UTF_8);
            assertThat(values.appendValue(NOW_MS + i, bytes, 2, i)).isTrue();
            ByteBuffer value = ByteBuffer.wrap(bytes, 2, i);
            assertThat(general.append(NOW_MS + i, null, value, List.of())).isTrue();
        }
        assertThat(values.build()).isEqualTo(general.build());
    }

    @Test
    void aRecordThatDoesNotFitChangesNothing() {
        RecordBatchBuilder builder = new RecordBatchBuilder(61, 200);
        assertThat(builder.appendValue(NOW_MS, new byte[50], 0, 50)).isTrue();
        int before = builder.sizeBytes();

        assertThat(builder.appendValue(NOW_MS, new byte[100], 0, 100)).isFalse();
        assertThat(builder.append(NOW_MS, Batches.utf8("k".repeat(100)), null, List.of()))
                .isFalse();
        assertThat(builder.sizeBytes()).isEqualTo(before);
        assertThat(builder.count()).isEqualTo(1);

        // Two lengths of 2 bytes each; attributes, both deltas, key and headers of 1 byte each.
        int left = 200 - before - 9;
        assertThat(builder.appendValue(NOW_MS, new byte[200], 0, left + 1)).isFalse();
        assertThat(builder.appendValue(NOW_MS, new byte[200], 0, left)).isTrue();
        assertThat(builder.build().remaining()).isEqualTo(builder.sizeBytes()).isLessThan(201);
    }

    @ParameterizedTest
    @EnumSource(Codec.class)
    void recordsThatDoNotShrinkAreStoredAsTheyAre(Codec codec) {
        RecordBatchBuilder builder = new RecordBatchBuilder(61, 1 << 20);
        builder.reset(codec);
        assertThat(builder.appendValue(NOW_MS, new byte[] {1}, 0, 1)).isTrue();
        ByteBuffer batch = builder.build();

        assertThat(BatchHeader.codecId(batch, 0)).isEqualTo(Codec.NONE.id());
        assertThat(batch.remaining()).isEqualTo(builder.sizeBytes());
        assertThat(Batches.read(batch)).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(Codec.class)
    void nothingOfOneBatchIsLeftInTheNext(Codec codec) {
        RecordBatchBuilder builder = new RecordBatchBuilder(61, 1 << 24);
        builder.reset(codec);
        builder.producer(1, (short) 1, 1);
        append(builder, someRecords(new Random(1), 2000));
        assertThat(builder.build().remaining()).isPositive();

        builder.reset(codec);
        RecordBatchBuilder fresh = new RecordBatchBuilder(61, 1 << 24);
        fresh.reset(codec);
        List<LogRecord> records = someRecords(new Random(2), 50);
        append(builder, records);
        append(fresh, records);
        assertThat(builder.build()).isEqualTo(fresh.build());
    }

    @Test
    void recordsMayLieBeforeTheFirstOneInTime() {
        RecordBatchBuilder builder = new RecordBatchBuilder(61, 1000);
        assertThat(builder.appendValue(1000, new byte[1], 0, 1)).isTrue();
        assertThat(builder.appendValue(-1, new byte[1], 0, 1)).isTrue();
        assertThat(builder.appendValue(0, new byte[1], 0, 1)).isTrue();
        ByteBuffer batch = builder.build();
        assertThat(BatchHeader.maxTimestamp(batch, 0)).isEqualTo(1000);
        assertThat(Batches.read(batch))
                .extracting(LogRecord::timestampMs)
                .containsExactly(1000L, -1L, 0L);
    }

    @Test
    void misuseIsRefused() {
        RecordBatchBuilder builder = new RecordBatchBuilder(61, 100);
        assertThatThrownBy(builder::build).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> builder.producer(-1, (short) 0, 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.appendValue(-2, new byte[1], 0, 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new RecordBatchBuilder(60, 100))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void logAppendTimeStampsEveryRecordAndKeepsTheChecksumGood() {
        for (ByteBuffer batch :
                List.of(Batches.of("a", "b"), Batches.direct(Batches.of("a", "b"), 5))) {
            int at = batch.position();
            BatchStamp.logAppendTime(batch, at, NOW_MS + 99);
            assertThat(BatchCheck.whole(batch, at).isWhole()).isTrue();
            assertThat(BatchHeader.logAppendTime(batch, at)).isTrue();
            assertThat(Batches.read(batch))
                    .extracting(LogRecord::timestampMs)
                    .containsExactly(NOW_MS + 99, NOW_MS + 99);
        }
    }

    private static void append(RecordBatchBuilder builder, List<LogRecord> records) {
        for (LogRecord r : records) {
            assertThat(builder.append(r.timestampMs(), r.key(), r.value(), r.headers())).isTrue();
        }
    }

    private static List<LogRecord> someRecords(Random random, int count) {
        List<LogRecord> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ByteBuffer value = Batches.utf8("abc ".repeat(random.nextInt(60)));
            byte[] noise = new byte[random.nextInt(20)];
            random.nextBytes(noise);
            List<RecordHeader> headers =
                    random.nextInt(4) == 0
                            ? List.of(
                                    new RecordHeader("ä" + i, ByteBuffer.wrap(noise)),
                                    new RecordHeader("", null))
                            : List.of();
            records.add(
                    new LogRecord(
                            i,
                            NOW_MS + random.nextInt(-5000, 5000),
                            random.nextBoolean() ? null : ByteBuffer.wrap(noise),
                            random.nextInt(5) == 0 ? null : value,
                            headers));
        }
        return records;
    }
}
