package io.mlog.core.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlog.core.replication.HighWatermark.Durability;
import org.junit.jupiter.api.Test;

class HighWatermarkTest {
    @Test
    void movesUpAndNeverBack() {
        HighWatermark highWatermark = new HighWatermark(5);

        assertThat(highWatermark.raise(7)).isTrue();
        assertThat(highWatermark.raise(7)).isFalse();
        assertThat(highWatermark.raise(3)).isFalse();
        assertThat(highWatermark.value()).isEqualTo(7);
    }

    @Test
    void isLoweredOnlyByATruncationBelowIt() {
        HighWatermark highWatermark = new HighWatermark(5);

        highWatermark.truncated(8);
        assertThat(highWatermark.value()).isEqualTo(5);
        highWatermark.truncated(4);
        assertThat(highWatermark.value()).isEqualTo(4);
    }

    @Test
    void whatIsSafeIsTheFlushedOffsetWhenDiskIsPromisedAndElseTheLogEnd() {
        assertThat(Durability.GROUP.safeOffset(7, 10)).isEqualTo(7);
        assertThat(Durability.OS.safeOffset(7, 10)).isEqualTo(10);
    }

    @Test
    void aFlushBeyondTheLogEndIsABrokenInvariant() {
        assertThatThrownBy(() -> Durability.GROUP.safeOffset(11, 10))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("11")
                .hasMessageContaining("10");
    }
}
