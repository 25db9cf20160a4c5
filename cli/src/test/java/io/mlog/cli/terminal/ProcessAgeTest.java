package io.mlog.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class ProcessAgeTest {
    @Test
    void isTheTimeSinceTheStartThatTheKernelNotedWhateverTheCommandIsCalled() {
        String stat = "77 (a (b) c) S 1 2 3 0 -1 4 5 6 7 8 9 10 11 12 20 0 30 0 123456 99 98";
        assertThat(ProcessAge.between(stat, "1236.06 2000.00\n"))
                .isEqualTo(Duration.ofMillis(1500));
    }

    @Test
    void ofThisProcessGrowsAndIsNoOlderThanTheMachine() {
        Duration first = ProcessAge.now();
        assertThat(first).isBetween(Duration.ofMillis(100), Duration.ofMinutes(30));
        assertThat(ProcessAge.now()).isGreaterThanOrEqualTo(first);
    }
}
