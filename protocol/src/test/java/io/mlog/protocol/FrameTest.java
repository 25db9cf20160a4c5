package io.mlog.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlog.model.MlogException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameTest {
    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE, 101, Integer.MAX_VALUE})
    void lengthOutOfRangeIsRefusedWithTheValueAndTheLimit(int length) {
        assertThatThrownBy(() -> Frame.checkLength(length, 100))
                .isInstanceOf(MlogException.class)
                .hasMessage(
                        "frame length %s is not 1 to 100 (max.frame.bytes)",
                        Integer.toUnsignedString(length));
    }

    @Test
    void lengthWithinTheLimitIsTaken() {
        assertThat(Frame.checkLength(1, 100)).isEqualTo(1);
        assertThat(Frame.checkLength(100, 100)).isEqualTo(100);
    }

    @Test
    void noLimitLetsALengthLookLikeTls() {
        assertThatThrownBy(() -> Frame.checkLimit(0x16000000))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(Frame.checkLimit(0x15FFFFFF) >>> 24).isLessThan(0x16);
        assertThat(Frame.checkLimit(Frame.DEFAULT_MAX_BYTES) >>> 24).isEqualTo(0x06);
    }
}
