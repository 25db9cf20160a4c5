package io.mlog.records;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class VarintTest {
    @Test
    void everyPowerAndItsNeighboursComeBackInTheSizeForetold() {
        byte[] bytes = new byte[10];
        for (int shift = 0; shift < 64; shift++) {
            for (long near = -1; near <= 1; near++) {
                long value = (1L << shift) + near;
                int end = Varint.put(bytes, 0, value);
                assertThat(end).isEqualTo(Varint.sizeBytes(value));
                assertThat(Varint.readLong(ByteBuffer.wrap(bytes))).isEqualTo(value);

                int narrow = (int) value;
                end = Varint.put(bytes, 0, narrow);
                assertThat(end).isEqualTo(Varint.sizeBytes(narrow));
                assertThat(Varint.readInt(ByteBuffer.wrap(bytes))).isEqualTo(narrow);
            }
        }
    }

    @Test
    void aVarintThatDoesNotEndIsRefused() {
        ByteBuffer endless =
                ByteBuffer.wrap(new byte[] {-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1});
        assertThatThrownBy(() -> Varint.readInt(endless.duplicate()))
                .isInstanceOf(RecordFormatException.class);
        assertThatThrownBy(() -> Varint.readLong(endless.duplicate()))
                .isInstanceOf(RecordFormatException.class);
        assertThatThrownBy(() -> Varint.readLong(endless.limit(3)))
                .isInstanceOf(RecordFormatException.class);
        assertThatThrownBy(() -> Varint.readInt(ByteBuffer.wrap(new byte[] {-1, -1, -1, -1, 0x10})))
                .isInstanceOf(RecordFormatException.class);
    }
}
