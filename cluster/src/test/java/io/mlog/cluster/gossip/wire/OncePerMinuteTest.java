package io.mlog.cluster.gossip.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.slf4j.helpers.NOPLogger;

class OncePerMinuteTest {
    private final AtomicLong now = new AtomicLong();
    private final OncePerMinute complaints = new OncePerMinute(NOPLogger.NOP_LOGGER, now::get);

    @Test
    void subjectIsLoggedOnceAMinuteAndTheRestIsCounted() {
        assertThat(complaints.admit("a", "line")).isEqualTo("line");
        assertThat(complaints.admit("a", "line")).isEmpty();
        assertThat(complaints.admit("b", "line")).isEqualTo("line");
        assertThat(complaints.admit("a", "line")).isEmpty();

        now.addAndGet(TimeUnit.MINUTES.toNanos(1));
        assertThat(complaints.admit("a", "again"))
                .isEqualTo("again (and 2 more since it was last said)");
        now.addAndGet(TimeUnit.MINUTES.toNanos(1));
        assertThat(complaints.admit("a", "again")).isEqualTo("again");
    }

    @Test
    void tooManySubjectsShareALine() {
        for (int i = 0; i < OncePerMinute.MAX_SUBJECTS; i++) {
            assertThat(complaints.admit("subject " + i, "line")).isEqualTo("line");
        }
        assertThat(complaints.admit("one more", "line")).isEqualTo("line");
        assertThat(complaints.admit("another", "line")).isEmpty();
        now.addAndGet(TimeUnit.MINUTES.toNanos(1));
        assertThat(complaints.admit("another", "line")).isEqualTo("line");
    }
}
