package io.mlog.systemtests.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class RecordIdTest {
    @Test
    void survivesItsValueAndItsPacking() {
        for (int writer : new int[] {0, 1, 7, RecordId.MOST_WRITERS - 1}) {
            for (long number : new long[] {0, 1, 199, 200, 12_345_678, (1L << 47) - 1}) {
                RecordId record = new RecordId(writer, number);
                assertThat(RecordId.of(record.bytes())).isEqualTo(record);
                assertThat(record.packed()).isPositive();
                assertThat(RecordId.unpacked(record.packed())).isEqualTo(record);
            }
        }
    }

    @Test
    void refusesWhatIsNoRecord() {
        assertThatIllegalArgumentException().isThrownBy(() -> new RecordId(-1, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new RecordId(0, 1L << 47));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RecordId.of("hello"))
                .withMessage("'hello' is no record of a test");
    }
}
