package io.mlog.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.records.BatchCheck;
import io.mlog.records.BatchHeader;
import io.mlog.records.BatchLimits;
import io.mlog.records.BatchStamp;
import io.mlog.records.Codec;
import io.mlog.records.LogRecord;
import io.mlog.records.RecordBatchBuilder;
import io.mlog.records.RecordHeader;
import io.mlog.records.RecordReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Our batches against the very classes of Kafka's clients, both ways, in every codec. */
class RecordBatchInteropTest {
    private static final long NOW_MS = 1_700_000_000_000L;
    private static final int LIMIT = 1 << 26;

    /** About a megabyte, so that Snappy and LZ4 have many blocks; a third of it does not shrink. */
    private static final List<LogRecord> RECORDS = records(new Random(11), 2000);

    @ParameterizedTest
    @EnumSource(Codec.class)
    void kafkasClassesReadWhatWeWrite(Codec codec) {
        MutableRecordBatch batch = kafkas(ours(codec));

        batch.ensureValid();
        assertThat(batch.compressionType().id).isEqualTo((byte) codec.id());
        assertThat(batch.baseOffset()).isEqualTo(1_000_000_007L);
        assertThat(batch.lastOffset()).isEqualTo(1_000_000_007L + RECORDS.size() - 1);
        assertThat(batch.partitionLeaderEpoch()).isEqualTo(12);
        assertThat(batch.producerId()).isEqualTo(4711);
        assertThat(batch.producerEpoch()).isEqualTo((short) 3);
        assertThat(batch.baseSequence()).isEqualTo(17);
        assertThat(batch.lastSequence()).isEqualTo(17 + RECORDS.size() - 1);
        assertThat(batch.countOrNull()).isEqualTo(RECORDS.size());
        assertThat(batch.isTransactional()).isFalse();
        assertThat(read(batch)).isEqualTo(RECORDS);
    }

    @ParameterizedTest
    @EnumSource(Codec.class)
    void weReadWhatKafkasClassesWrite(Codec codec) {
        SimpleRecord[] simple =
                RECORDS.stream().map(RecordBatchInteropTest::simple).toArray(SimpleRecord[]::new);
        ByteBuffer batch =
                MemoryRecords.withRecords(
                                RECORDS.getFirst().offset(),
                                Compression.of(CompressionType.forId(codec.id())).build(),
                                simple)
                        .buffer();

        assertThat(BatchCheck.produced(batch, BatchLimits.anyTimestamp(LIMIT, 1), NOW_MS))
                .isEqualTo(1);
        assertThat(BatchHeader.codecId(batch, 0)).isEqualTo(codec.id());
        List<LogRecord> read = new ArrayList<>();
        try (RecordReader reader = RecordReader.open(batch, 0, LIMIT)) {
            reader.forEachRemaining(read::add);
        }
        assertThat(read).isEqualTo(RECORDS);
    }

    @ParameterizedTest
    @EnumSource(Codec.class)
    void kafkasClassesReadOurStamp(Codec codec) {
        ByteBuffer ours = ours(codec);
        BatchStamp.logAppendTime(ours, 0, NOW_MS + 77);
        MutableRecordBatch batch = kafkas(ours);

        batch.ensureValid();
        assertThat(batch.timestampType()).isEqualTo(TimestampType.LOG_APPEND_TIME);
        assertThat(read(batch)).extracting(LogRecord::timestampMs).containsOnly(NOW_MS + 77);
    }

    private static ByteBuffer ours(Codec codec) {
        RecordBatchBuilder builder = new RecordBatchBuilder(1024, LIMIT);
        builder.reset(codec);
        builder.producer(4711, (short) 3, 17);
        for (LogRecord r : RECORDS) {
            assertThat(builder.append(r.timestampMs(), r.key(), r.value(), r.headers())).isTrue();
        }
        ByteBuffer batch = builder.build();
        BatchHeader.assign(batch, 0, RECORDS.getFirst().offset(), 12);
        return batch;
    }

    private static MutableRecordBatch kafkas(ByteBuffer batch) {
        List<MutableRecordBatch> batches = new ArrayList<>();
        MemoryRecords.readableRecords(batch).batches().forEach(batches::add);
        assertThat(batches).hasSize(1);
        return batches.getFirst();
    }

    private static List<LogRecord> read(MutableRecordBatch batch) {
        List<LogRecord> read = new ArrayList<>();
        for (Record r : batch) {
            read.add(ourRecord(r));
        }
        return read;
    }

    private static LogRecord ourRecord(Record r) {
        List<RecordHeader> headers =
                Stream.of(r.headers())
                        .map(h -> new RecordHeader(h.key(), wrapped(h.value())))
                        .toList();
        return new LogRecord(
                r.offset(),
                r.timestamp(),
                r.hasKey() ? copy(r.key()) : null,
                r.hasValue() ? copy(r.value()) : null,
                headers);
    }

    private static SimpleRecord simple(LogRecord r) {
        Header[] headers =
                r.headers().stream()
                        .map(h ->
                                new org.apache.kafka.common.header.internals.RecordHeader(
                                        h.key(), bytes(h.value())))
                        .toArray(Header[]::new);
        return new SimpleRecord(r.timestampMs(), bytes(r.key()), bytes(r.value()), headers);
    }

    private static byte @Nullable [] bytes(@Nullable ByteBuffer buffer) {
        if (buffer == null) {
            return null;
        }
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(buffer.position(), bytes);
        return bytes;
    }

    private static @Nullable ByteBuffer wrapped(byte @Nullable [] bytes) {
        return bytes == null ? null : ByteBuffer.wrap(bytes);
    }

    private static ByteBuffer copy(ByteBuffer from) {
        return ByteBuffer.allocate(from.remaining()).put(from.duplicate()).flip();
    }

    private static List<LogRecord> records(Random random, int count) {
        List<LogRecord> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] noise = new byte[random.nextInt(300)];
            random.nextBytes(noise);
            byte[] text = "some text ".repeat(random.nextInt(60)).getBytes(StandardCharsets.UTF_8);
            List<RecordHeader> headers =
                    i % 3 == 0
                            ? List.of(
                                    new RecordHeader("schlüssel", ByteBuffer.wrap(noise)),
                                    new RecordHeader("", null))
                            : List.of();
            records.add(
                    new LogRecord(
                            1_000_000_007L + i,
                            NOW_MS + random.nextInt(-10_000, 10_000),
                            i % 5 == 0 ? null : ByteBuffer.wrap(noise),
                            i % 7 == 0 ? null : ByteBuffer.wrap(text),
                            headers));
        }
        return records;
    }
}
