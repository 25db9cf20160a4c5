package io.mlog.core.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.model.OffsetAndEpoch;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a consumer is told of the epoch that it read last. */
class EpochEndTest {
    /** Records of epoch 3 from offset 20 on, of epoch 5 from 50 on, and the end is 80. */
    @ParameterizedTest(name = "leader epoch {0}, asked for {1}: epoch {3} ended at {2}")
    @CsvSource({
        "5,  5, 80,  5",
        "5,  3, 50,  3",
        "5,  4, 50,  3",
        "5,  2, 20,  2",
        "5,  0, 20,  0",
        "5,  6, -1, -1",
        "5, -1, -1, -1",
        // An election after the last record: the new epoch begins, and the one before ends, at 80.
        "7,  7, 80,  7",
        "7,  6, 80,  5",
        "7,  5, 80,  5",
        "7,  3, 50,  3",
        "7,  8, -1, -1",
    })
    void ofALogWithTwoEpochs(int leaderEpoch, int asked, long end, int epoch) {
        TreeMap<Integer, Long> starts = new TreeMap<>();
        starts.put(3, 20L);
        starts.put(5, 50L);

        assertThat(answer(leaderEpoch, asked, starts, 80))
                .isEqualTo(new OffsetAndEpoch(end, epoch));
    }

    /** A position in a log without records must not be reset by a change of leaders. */
    @ParameterizedTest(name = "leader epoch {0}, asked for {1}: epoch {3} ended at {2}")
    @CsvSource({"4, 4, 30, 4", "4, 3, 30, 3", "4, 0, 30, 0", "4, 5, -1, -1", "4, -1, -1, -1"})
    void ofALogWithoutRecords(int leaderEpoch, int asked, long end, int epoch) {
        assertThat(answer(leaderEpoch, asked, new TreeMap<>(), 30))
                .isEqualTo(new OffsetAndEpoch(end, epoch));
    }

    private static OffsetAndEpoch answer(
            int leaderEpoch, int asked, NavigableMap<Integer, Long> starts, long logEnd) {
        OffsetAndEpoch knownEnd = EpochEnd.NONE;
        Map.Entry<Integer, Long> floor = starts.floorEntry(asked);
        if (floor != null) {
            Map.Entry<Integer, Long> next = starts.higherEntry(floor.getKey());
            knownEnd = new OffsetAndEpoch(next == null ? logEnd : next.getValue(), floor.getKey());
        }
        OffsetAndEpoch first =
                starts.isEmpty()
                        ? EpochEnd.NONE
                        : new OffsetAndEpoch(
                                starts.firstEntry().getValue(), starts.firstEntry().getKey());
        return EpochEnd.onLeader(asked, knownEnd, first, leaderEpoch, logEnd);
    }
}
