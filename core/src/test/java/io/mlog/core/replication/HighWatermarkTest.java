package io.mlog.core.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlog.core.replication.HighWatermark.Durability;
import org.junit.jupiter.api.Test;

class HighWatermarkTest {
    @Test
    void followsTheFlushedOffsetWhenDiskIsPromised() {
        HighWatermark highWatermark = new HighWatermark(Durability.GROUP, 0);

        assertThat(highWatermark.update(0, 10)).isFalse();
        assertThat(highWatermark.value()).isZero();
        assertThat(highWatermark.update(7, 10)).isTrue();
        assertThat(highWatermark.value()).isEqualTo(7);
    }

    @Test
    void followsTheLogEndWhenOnlyProcessDeathIsPromised() {
        HighWatermark highWatermark = new HighWatermark(Durability.OS, 0);

        assertThat(highWatermark.update(0, 10)).isTrue();
        assertThat(highWatermark.value()).isEqualTo(10);
    }

    @Test
    void neverMovesBackWhenMoreIsPromised() {
        HighWatermark highWatermark = new HighWatermark(Durability.OS, 0);
        highWatermark.update(0, 10);

        highWatermark.durability(Durability.GROUP);

        assertThat(highWatermark.update(4, 10)).isFalse();
        assertThat(highWatermark.value()).isEqualTo(10);
    }

    @Test
    void aFlushBeyondTheLogEndIsABrokenInvariant() {
        HighWatermark highWatermark = new HighWatermark(Durability.GROUP, 0);

        assertThatThrownBy(() -> highWatermark.update(11, 10))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("11")
                .hasMessageContaining("10");
    }
}
