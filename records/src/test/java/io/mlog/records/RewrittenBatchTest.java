package io.mlog.records;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RewrittenBatchTest {
    private static final long BASE_MS = 1_700_000_000_000L;

    /** Records k0=v0, k1=v1 …, stamped 10 ms apart, of producer 7; every third is a tombstone. */
    private static ByteBuffer batch(Codec codec, int count) {
        RecordBatchBuilder builder = new RecordBatchBuilder(256, 1 << 20);
        builder.reset(codec);
        builder.producer(7, (short) 2, 40);
        for (int i = 0; i < count; i++) {
            ByteBuffer value = i % 3 == 2 ? null : bytes("value " + "x".repeat(50) + i);
            List<RecordHeader> headers = List.of(new RecordHeader("h", bytes("head" + i)));
            assertThat(builder.append(BASE_MS + 10L * i, bytes("k" + i), value, headers)).isTrue();
        }
        ByteBuffer batch = Batches.copy(builder.build());
        BatchHeader.assign(batch, 0, 1000, 5);
        return batch;
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(UTF_8));
    }

    private static RewrittenBatch keeping(ByteBuffer batch, Predicate<RawRecords> wanted) {
        RewrittenBatch rewritten = new RewrittenBatch();
        rewritten.begin(batch, 0);
        try (RawRecords records = RawRecords.open(batch, 0, 1 << 20)) {
            while (records.next()) {
                if (wanted.test(records)) {
                    rewritten.keep(records);
                }
            }
        }
        return rewritten;
    }

    private static List<String> texts(ByteBuffer batch) {
        List<String> texts = new ArrayList<>();
        for (LogRecord each : Batches.read(batch)) {
            texts.add(each.toString() + text(each.key()) + text(each.value()));
        }
        return texts;
    }

    private static String text(@Nullable ByteBuffer bytes) {
        return bytes == null ? "null" : UTF_8.decode(bytes.duplicate()).toString();
    }

    private static void assertSameBut(ByteBuffer rewritten, ByteBuffer original) {
        assertThat(BatchHeader.baseOffset(rewritten, 0)).isEqualTo(1000);
        assertThat(BatchHeader.lastOffset(rewritten, 0))
                .isEqualTo(BatchHeader.lastOffset(original, 0));
        assertThat(BatchHeader.leaderEpoch(rewritten, 0)).isEqualTo(5);
        assertThat(BatchHeader.producerId(rewritten, 0)).isEqualTo(7);
        assertThat(BatchHeader.producerEpoch(rewritten, 0)).isEqualTo((short) 2);
        assertThat(BatchHeader.baseSequence(rewritten, 0)).isEqualTo(40);
    }

    @ParameterizedTest
    @EnumSource(Codec.class)
    void keepsTheChosenRecordsWithOffsetsTimesAndCodec(Codec codec) {
        ByteBuffer original = batch(codec, 90);
        ByteBuffer rewritten =
                Batches.copy(keeping(original, each -> each.offset() % 2 == 0).build());
        List<String> wanted = new ArrayList<>();
        List<String> all = texts(original);
        for (int i = 0; i < 90; i += 2) {
            wanted.add(all.get(i));
        }
        assertThat(texts(rewritten)).isEqualTo(wanted);
        assertThat(BatchHeader.recordCount(rewritten, 0)).isEqualTo(45);
        assertThat(BatchHeader.codecId(rewritten, 0)).isEqualTo(codec.id());
        assertThat(BatchHeader.maxTimestamp(rewritten, 0)).isEqualTo(BASE_MS + 880);
        assertSameBut(rewritten, original);
    }

    @ParameterizedTest
    @EnumSource(Codec.class)
    void aDeleteHorizonLeavesTheRecordsTimesAsTheyAre(Codec codec) {
        ByteBuffer original = batch(codec, 60);
        long horizonMs = BASE_MS + 3_600_000;
        ByteBuffer first =
                Batches.copy(
                        keeping(original, each -> each.offset() >= 1030)
                                .buildWithHorizon(horizonMs));
        assertThat(texts(first)).isEqualTo(texts(original).subList(30, 60));
        assertThat(RewrittenBatch.deleteHorizonMs(original, 0)).isEqualTo(-1);
        assertThat(RewrittenBatch.deleteHorizonMs(first, 0)).isEqualTo(horizonMs);
        assertThat(BatchHeader.maxTimestamp(first, 0)).isEqualTo(BASE_MS + 590);
        ByteBuffer second = Batches.copy(keeping(first, RawRecords::hasValue).build());
        assertThat(RewrittenBatch.deleteHorizonMs(second, 0)).isEqualTo(horizonMs);
        assertThat(Batches.read(second)).hasSize(20);
        assertThat(Batches.read(second).getFirst().timestampMs()).isEqualTo(BASE_MS + 300);
        assertSameBut(second, original);
    }

    @Test
    void logAppendTimeStays() {
        ByteBuffer original = batch(Codec.NONE, 6);
        BatchStamp.logAppendTime(original, 0, BASE_MS + 5000);
        ByteBuffer rewritten = keeping(original, each -> each.offset() == 1001).build();
        assertThat(BatchHeader.logAppendTime(rewritten, 0)).isTrue();
        assertThat(Batches.read(rewritten).getFirst().timestampMs()).isEqualTo(BASE_MS + 5000);
    }

    @Test
    void anEmptyBatchKeepsWhatItsProducerIsKnownBy() {
        ByteBuffer original = batch(Codec.GZIP, 6);
        ByteBuffer empty = keeping(original, each -> false).buildEmpty();
        assertThat(BatchCheck.whole(empty, 0).isWhole()).isTrue();
        assertThat(empty.remaining()).isEqualTo(BatchHeader.SIZE);
        assertThat(Batches.read(empty)).isEmpty();
        assertSameBut(empty, original);
    }

    @Test
    void aGapIsAWholeBatchWithoutRecordsAndProducer() {
        ByteBuffer gap = ByteBuffer.allocate(100);
        GapBatch.put(gap, 7, 300, 12, 4);
        gap.position(7).limit(7 + BatchHeader.SIZE);
        assertThat(BatchCheck.whole(gap, 7).isWhole()).isTrue();
        assertThat(GapBatch.is(gap, 7)).isTrue();
        assertThat(BatchHeader.lastOffset(gap, 7)).isEqualTo(311);
        assertThat(BatchHeader.leaderEpoch(gap, 7)).isEqualTo(4);
        assertThat(Batches.read(gap)).isEmpty();
    }

    @Test
    void refusesBytesThatAreNoRecords() {
        ByteBuffer original = batch(Codec.NONE, 3);
        Batches.resealed(original.putInt(57, 4));
        assertThatThrownBy(() -> keeping(original, each -> true))
                .hasMessageContaining("record 3 of 4 in the batch with base offset 1000");
    }
}
