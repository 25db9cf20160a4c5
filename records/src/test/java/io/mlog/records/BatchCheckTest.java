package io.mlog.records;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.THROWABLE;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BatchCheckTest {
    private static final long NOW_MS = Batches.NOW_MS;
    private static final BatchLimits LIMITS = new BatchLimits(1000, 2, 86_400_000, 3_600_000);

    @Test
    void countsTheWholeBatchesBetweenPositionAndLimit() {
        ByteBuffer one = Batches.of("a", "b");
        ByteBuffer two = ByteBuffer.allocate(1 + 2 * one.remaining() + 1);
        two.put((byte) 9).put(one.duplicate()).put(one.duplicate()).flip().position(1);

        assertThat(BatchCheck.produced(one, LIMITS, NOW_MS)).isEqualTo(1);
        assertThat(BatchCheck.produced(two, LIMITS, NOW_MS)).isEqualTo(2);
        assertThat(two.position()).isEqualTo(1);
        assertThat(BatchCheck.produced(Batches.direct(one, 7), LIMITS, NOW_MS)).isEqualTo(1);
    }

    @Test
    void everyPrefixOfABatchIsTruncatedAndRefused() {
        ByteBuffer batch = Batches.of("some value");
        for (int length = 0; length < batch.limit(); length++) {
            ByteBuffer prefix = batch.slice(0, length);
            assertThat(BatchCheck.whole(prefix, 0)).isInstanceOf(BatchState.Truncated.class);
            refused(prefix, ErrorCode.CORRUPT_MESSAGE);
        }
    }

    @Test
    void everyFlippedBitInsideTheChecksumIsFound() {
        ByteBuffer batch = Batches.of("some value");
        for (int at = BatchHeader.CRC_START - 4; at < batch.limit(); at++) {
            for (int bit = 0; bit < 8; bit++) {
                flip(batch, at, bit);
                assertThat(BatchCheck.whole(batch, 0)).isInstanceOf(BatchState.BadCrc.class);
                flip(batch, at, bit);
            }
        }
        assertThat(BatchCheck.whole(batch, 0).isWhole()).isTrue();
    }

    @Test
    void aFindingCarriesItsValues() {
        ByteBuffer batch = Batches.of("x");
        long good = BatchHeader.crc(batch, 0);
        batch.putInt(17, 0xCAFE_BABE);
        assertThat(BatchCheck.whole(batch, 0)).isEqualTo(new BatchState.BadCrc(0xCAFE_BABEL, good));
        assertThat(BatchCheck.whole(batch, 0).describe()).contains("0xcafebabe");

        batch.put(16, (byte) 1);
        assertThat(BatchCheck.whole(batch, 0)).isEqualTo(new BatchState.BadMagic((byte) 1));

        batch.putInt(8, 48);
        assertThat(BatchCheck.whole(batch, 0)).isEqualTo(new BatchState.BadLength(49, 48));

        batch.put(16, BatchHeader.MAGIC).putInt(8, Integer.MAX_VALUE);
        assertThat(BatchCheck.whole(batch, 0))
                .isEqualTo(new BatchState.Truncated(Integer.MAX_VALUE + 12L, batch.limit()));
    }

    @Test
    void zeroesAfterABatchAreNotABatch() {
        ByteBuffer batch = Batches.of("x");
        int end = batch.limit();
        ByteBuffer withZeroes = ByteBuffer.allocate(end + 4096).put(batch).position(0);

        assertThat(BatchCheck.whole(withZeroes, 0).isWhole()).isTrue();
        assertThat(BatchCheck.whole(withZeroes, end)).isEqualTo(new BatchState.BadLength(49, 0));
    }

    @Test
    void baseOffsetAndLeaderEpochLieOutsideTheChecksum() {
        ByteBuffer batch = Batches.of("x");
        BatchHeader.assign(batch, 0, Long.MAX_VALUE, 77);
        assertThat(BatchCheck.whole(batch, 0).isWhole()).isTrue();
    }

    @Test
    void tooLargeIsToldBeforeAnythingElseIsLookedAt() {
        ByteBuffer batch = Batches.of("x").putInt(8, 989).put(30, (byte) 9);
        refused(batch, ErrorCode.MESSAGE_TOO_LARGE)
                .hasMessageContaining("1001")
                .hasMessageContaining("1000");
        refused(Batches.of("x").putInt(8, 988), ErrorCode.CORRUPT_MESSAGE);
        refused(Batches.of("x").putInt(8, Integer.MAX_VALUE), ErrorCode.MESSAGE_TOO_LARGE);
        refused(Batches.of("x").putInt(8, -1), ErrorCode.CORRUPT_MESSAGE);
    }

    @Test
    void moreBatchesThanAllowedAreRefused() {
        ByteBuffer one = Batches.of("a");
        ByteBuffer three = ByteBuffer.allocate(3 * one.remaining());
        three.put(one.duplicate()).put(one.duplicate()).put(one.duplicate()).flip();
        refused(three, ErrorCode.INVALID_RECORD).hasMessageContaining("more than 2");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void otherMagicsAreRefusedWithTheirNumber(int magic) {
        refused(Batches.of("x").put(16, (byte) magic), ErrorCode.INVALID_RECORD)
                .hasMessageContaining("magic byte is " + magic);
    }

    @ParameterizedTest
    @ValueSource(ints = {0x10, 0x20, 0x30, 0x40, 0x80, 0x8000})
    void attributesThatAreNotAProducersAreRefused(int attributes) {
        refusedWhen(b -> b.putShort(21, (short) attributes), ErrorCode.INVALID_RECORD);
    }

    @Test
    void aProducerMayNotClaimLogAppendTime() {
        refusedWhen(b -> b.putShort(21, (short) 0x08), ErrorCode.INVALID_TIMESTAMP);
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 6, 7})
    void unknownCodecsAreRefused(int codec) {
        refusedWhen(b -> b.putShort(21, (short) codec), ErrorCode.UNSUPPORTED_COMPRESSION_TYPE);
    }

    @Test
    void countAndLastOffsetDeltaMustAgree() {
        refusedWhen(b -> b.putInt(23, 1), ErrorCode.INVALID_RECORD);
        refusedWhen(b -> b.putInt(57, 2), ErrorCode.INVALID_RECORD);
        refusedWhen(b -> b.putInt(57, 0).putInt(23, -1), ErrorCode.INVALID_RECORD);
        refusedWhen(b -> b.putInt(57, -5).putInt(23, -6), ErrorCode.INVALID_RECORD);
        refusedWhen(b -> b.putInt(23, -1).putInt(57, 0), ErrorCode.INVALID_RECORD);
    }

    @Test
    void aCountThatTheBytesCannotHoldIsRefused() {
        refusedWhen(b -> b.putInt(57, 1000).putInt(23, 999), ErrorCode.INVALID_RECORD);
        refused(Batches.raw(Codec.GZIP, 1, new byte[0]), ErrorCode.INVALID_RECORD);
    }

    @Test
    void producerIdEpochAndSequenceGoTogether() {
        refusedWhen(b -> b.putLong(43, 7), ErrorCode.INVALID_RECORD);
        refusedWhen(b -> b.putLong(43, 7).putShort(51, (short) 0), ErrorCode.INVALID_RECORD);
        refusedWhen(b -> b.putLong(43, 7).putInt(53, 0), ErrorCode.INVALID_RECORD);
        refusedWhen(b -> b.putLong(43, -2), ErrorCode.INVALID_RECORD);
        accepted(b -> b.putLong(43, 7).putShort(51, (short) 0).putInt(53, 0));
    }

    @Test
    void epochAndSequenceWithoutAProducerIdAreNotLookedAt() {
        accepted(b -> b.putShort(51, (short) 0).putInt(53, 0));
    }

    @Test
    void timestampsLieWithinTheTopicsBounds() {
        accepted(b -> b.putLong(35, NOW_MS + 3_600_000));
        refusedWhen(b -> b.putLong(35, NOW_MS + 3_600_001), ErrorCode.INVALID_TIMESTAMP);
        accepted(b -> b.putLong(27, NOW_MS - 86_400_000));
        refusedWhen(b -> b.putLong(27, NOW_MS - 86_400_001), ErrorCode.INVALID_TIMESTAMP);
        refusedWhen(b -> b.putLong(35, Long.MAX_VALUE), ErrorCode.INVALID_TIMESTAMP);
        refusedWhen(b -> b.putLong(27, -2), ErrorCode.INVALID_TIMESTAMP);
        refusedWhen(b -> b.putLong(35, Long.MIN_VALUE), ErrorCode.INVALID_TIMESTAMP);
        accepted(b -> b.putLong(27, -1).putLong(35, -1));
    }

    @Test
    void anyTimestampMeansAny() {
        ByteBuffer batch =
                Batches.resealed(Batches.of("x").putLong(35, Long.MAX_VALUE).putLong(27, 0));
        BatchLimits any = BatchLimits.anyTimestamp(1000, 1);
        assertThat(BatchCheck.produced(batch, any, NOW_MS)).isEqualTo(1);
    }

    private static void accepted(Consumer<ByteBuffer> change) {
        ByteBuffer batch = Batches.of("x");
        change.accept(batch);
        assertThat(BatchCheck.produced(Batches.resealed(batch), LIMITS, NOW_MS)).isEqualTo(1);
    }

    private static void refusedWhen(Consumer<ByteBuffer> change, ErrorCode code) {
        ByteBuffer batch = Batches.of("x");
        change.accept(batch);
        refused(Batches.resealed(batch), code);
    }

    private static AbstractThrowableAssert<?, ?> refused(ByteBuffer batch, ErrorCode code) {
        return assertThatThrownBy(() -> BatchCheck.produced(batch, LIMITS, NOW_MS))
                .asInstanceOf(type(MlogException.class))
                .satisfies(e -> assertThat(e.code()).isEqualTo(code))
                .asInstanceOf(THROWABLE);
    }

    private static void flip(ByteBuffer buffer, int at, int bit) {
        buffer.put(at, (byte) (buffer.get(at) ^ (1 << bit)));
    }
}
