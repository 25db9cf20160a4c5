package io.mlog.systemtests.harness;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A check that cannot fail proves nothing: these logs have each fault it must find. */
class NumberWriterTest {
    private final List<byte[]> log = Collections.synchronizedList(new ArrayList<>());
    private NumberWriter writer;

    @BeforeEach
    void write() throws Exception {
        writer = new NumberWriter("test", new ListSink());
        writer.awaitAcknowledged(Duration.ofSeconds(10), 100);
        writer.finish();
    }

    @AfterEach
    void close() {
        writer.close();
    }

    @Test
    void everythingOnceAndInOrderPasses() {
        assertThatCode(() -> writer.checkAgainst(log)).doesNotThrowAnyException();
    }

    @Test
    void aLostRecordIsFound() {
        log.remove(17);
        assertThatThrownBy(() -> writer.checkAgainst(log))
                .hasMessageContaining("are lost, for example [17]");
    }

    @Test
    void aLostEndIsFound() {
        log.removeLast();
        assertThatThrownBy(() -> writer.checkAgainst(log)).hasMessageContaining("are lost");
    }

    @Test
    void aRepeatedRecordIsFound() {
        log.add(18, log.get(17));
        assertThatThrownBy(() -> writer.checkAgainst(log))
                .hasMessageContaining("record 18 holds 17 behind 17");
    }

    @Test
    void swappedRecordsAreFound() {
        Collections.swap(log, 3, 4);
        assertThatThrownBy(() -> writer.checkAgainst(log)).hasMessageContaining("out of order");
    }

    private final class ListSink implements NumberSink {
        @Override
        public void send(int partition, byte[] value, Outcome outcome) {
            log.add(value);
            outcome.acknowledged(log.size() - 1);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
