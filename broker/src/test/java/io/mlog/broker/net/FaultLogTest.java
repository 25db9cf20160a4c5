package io.mlog.broker.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class FaultLogTest {
    private final AtomicLong nanos = new AtomicLong();
    private final FaultLog faults =
            new FaultLog(LoggerFactory.getLogger(FaultLogTest.class), nanos::get);

    @Test
    void aClientIsReportedOnceAMinuteWithTheNumberOfTheOthers() {
        assertThat(faults.admit("10.0.0.1", "sends noise"))
                .isEqualTo("client 10.0.0.1: sends noise");
        assertThat(faults.admit("10.0.0.1", "sends noise")).isEmpty();
        assertThat(faults.admit("10.0.0.1", "sends more")).isEmpty();
        assertThat(faults.admit("10.0.0.2", "sends noise")).isNotEmpty();

        nanos.addAndGet(TimeUnit.MINUTES.toNanos(1));

        assertThat(faults.admit("10.0.0.1", "sends noise"))
                .isEqualTo("client 10.0.0.1: sends noise (and 2 more since it was last reported)");
    }

    @Test
    void moreClientsThanAreRememberedShareOneLine() {
        for (int i = 0; i < FaultLog.MAX_CLIENTS; i++) {
            assertThat(faults.admit("client" + i, "x")).isNotEmpty();
        }
        assertThat(faults.admit("one more", "x")).isNotEmpty();
        assertThat(faults.admit("and another", "x")).isEmpty();

        nanos.addAndGet(TimeUnit.MINUTES.toNanos(1));

        assertThat(faults.admit("yet another", "x")).isEqualTo("client yet another: x");
    }
}
