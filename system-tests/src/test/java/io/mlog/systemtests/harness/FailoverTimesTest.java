package io.mlog.systemtests.harness;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.systemtests.harness.FailoverTimes.Failover;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class FailoverTimesTest {
    @Test
    void theTableTellsTheMiddleAndTheWorstOfEachKind() {
        FailoverTimes times = new FailoverTimes();
        for (int ms : new int[] {500, 100, 300, 200, 400}) {
            times.add(new Failover(false, "one", Duration.ofMillis(ms)));
        }
        times.add(new Failover(true, "one", Duration.ofMillis(900)));
        times.add(new Failover(true, "other", Duration.ofMillis(50)));

        assertThat(times.table())
                .isEqualTo(
                        """
                        | killed | client | kills | median ms | 90 % ms | worst ms |
                        |---|---|---|---|---|---|
                        | leader of the partition | one | 5 | 300 | 400 | 500 |
                        | leader, also of the metadata | one | 1 | 900 | 900 | 900 |
                        | leader, also of the metadata | other | 1 | 50 | 50 | 50 |
                        | all | both | 7 | 300 | 500 | 900 |
                        """);
        assertThat(times.median()).isEqualTo(Duration.ofMillis(300));
        assertThat(times.worst()).isEqualTo(Duration.ofMillis(900));
    }
}
