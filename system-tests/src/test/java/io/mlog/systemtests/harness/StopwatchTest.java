package io.mlog.systemtests.harness;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.systemtests.harness.Stopwatch.Ticks;
import java.time.Duration;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class StopwatchTest {
    private static final Offset<Double> EXACTLY = Offset.offset(1e-9);

    @Test
    void whatOthersUseIsWhatIsBusyAndNotOurs() {
        Ticks start = new Ticks(1_000, 500, 100);
        assertThat(start.shareOfOthersUntil(new Ticks(1_200, 650, 150))).isCloseTo(0.5, EXACTLY);
        assertThat(start.shareOfOthersUntil(new Ticks(1_200, 550, 150))).isZero();
        assertThat(start.shareOfOthersUntil(start)).isZero();
    }

    @Test
    void timeIsNeverLongerThanTheClocksAndOurOwnWorkCounts() throws Exception {
        Stopwatch watch = Stopwatch.started();
        long until = System.nanoTime() + Duration.ofMillis(500).toNanos();
        long turns = 0;
        while (System.nanoTime() < until) {
            turns++;
        }
        assertThat(turns).isPositive();
        Duration undisturbed = watch.undisturbed();
        assertThat(undisturbed).isLessThanOrEqualTo(watch.wall());
        assertThat(undisturbed).isPositive();
    }
}
