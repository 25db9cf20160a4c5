package io.mlog.systemtests.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BoundedLogTest {
    private final BoundedLog log = new BoundedLog();

    @Test
    void keepsTheNewestLinesAndCountsTheRest() {
        for (int i = 0; i < 2_500; i++) {
            log.add("line " + i);
        }
        assertThat(log.count()).isEqualTo(2_500);
        assertThat(log.text())
                .startsWith("… 500 earlier lines dropped\nline 500\n")
                .endsWith("line 2499\n");
    }

    @Test
    void waitingForALineFindsOneThatCameBefore() throws Exception {
        log.add("ready in 12 ms");
        assertThat(log.awaitLine(Duration.ofSeconds(1), "ready", line -> line.contains("ready")))
                .isEqualTo("ready in 12 ms");
    }

    @Test
    void waitingForALineEndsWithTheWriter() {
        log.add("busy port");
        log.end();
        assertThatThrownBy(() ->
                        log.awaitLine(
                                Duration.ofSeconds(30), "ready", line -> line.contains("ready")))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("ended without ready")
                .hasMessageContaining("busy port");
    }
}
