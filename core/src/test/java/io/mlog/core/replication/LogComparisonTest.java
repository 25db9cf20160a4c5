package io.mlog.core.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.model.OffsetAndEpoch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** R5 and R6: where logs differ, where a follower cuts its own, and which answers it takes. */
class LogComparisonTest {
    private static final OffsetAndEpoch NONE = new OffsetAndEpoch(-1, -1);

    /** The leader's log has offsets 20 to 99. */
    @ParameterizedTest(name = "fetch {0} after epoch {1}, leader has epoch {3} up to {2}: {4}")
    @CsvSource({
        "100, 5, 100, 5, Agrees",
        " 60, 5, 100, 5, Agrees",
        " 60, 5,  60, 5, Agrees",
        " 60, 5,  59, 5, Diverged",
        "110, 5, 100, 5, Diverged",
        " 60, 5,  60, 4, Diverged",
        " 60, 5,  80, 4, Diverged",
        " 19, 5, 100, 5, OutOfRange",
        " 60, 5,  -1, -1, OutOfRange",
        " 20, 5,  -1, -1, OutOfRange",
        " 20, -1, -1, -1, Agrees",
        " 60, -1, -1, -1, Agrees",
        "100, -1, -1, -1, Agrees",
        "101, -1, -1, -1, OutOfRange",
        " 19, -1, -1, -1, OutOfRange",
    })
    void logsAgreeWhenTheLeaderHasTheLastEpochUpToTheFetchOffset(
            long fetchOffset, int lastEpoch, long end, int epoch, String expected) {
        LogAgreement agreement =
                LogAgreement.of(fetchOffset, lastEpoch, new OffsetAndEpoch(end, epoch), 20, 100);

        assertThat(agreement.getClass().getSimpleName()).isEqualTo(expected);
        if (agreement instanceof LogAgreement.Diverged(OffsetAndEpoch told)) {
            assertThat(told).isEqualTo(new OffsetAndEpoch(end, epoch));
        }
    }

    @ParameterizedTest(name = "leader: epoch {1} up to {0}, own: epoch {3} up to {2}: cut to {4}")
    @CsvSource({
        "60, 5,  80, 5, 60",
        "80, 5,  60, 5, 60",
        "80, 5,  60, 4, 60",
        "80, 5,  -1, -1, 20",
        "10, 5,  -1, -1, 10",
    })
    void aFollowerCutsToTheLesserEndOfTheEpochThatBothHave(
            long leaderEnd, int leaderEpoch, long ownEnd, int ownEpoch, long expected) {
        assertThat(
                        Followership.truncationPoint(
                                new OffsetAndEpoch(leaderEnd, leaderEpoch),
                                new OffsetAndEpoch(ownEnd, ownEpoch),
                                20))
                .isEqualTo(expected);
    }

    /**
     * Round after round, any two logs end at their common prefix: a follower of the leader's epochs
     * (1 to 10, 3 to 30, 6 to 50) with any epochs of its own.
     */
    @ParameterizedTest(name = "own epochs 1 to {0}, 2 to {1}, 4 to {2}, 5 to {3}: common up to {4}")
    @CsvSource({
        "10, 10, 10, 10, 10",
        "10, 25, 25, 25, 10",
        "10, 25, 40, 60, 10",
        " 7,  7,  7,  7,  7",
        " 7,  9,  9, 12,  7",
        "15, 15, 15, 15, 10",
    })
    void asksUntilTheLogsAreEqual(long one, long two, long four, long five, long common) {
        long[][] leader = {{1, 10}, {3, 30}, {6, 50}};
        long[][] own = {{1, one}, {2, two}, {4, four}, {5, five}};
        long end = five;
        for (int round = 0; round < 5; round++) {
            int lastEpoch = epochAt(own, end - 1);
            LogAgreement agreement =
                    LogAgreement.of(end, lastEpoch, endOf(leader, lastEpoch, 50), 0, 50);
            if (!(agreement instanceof LogAgreement.Diverged(OffsetAndEpoch told))) {
                break;
            }
            long cut = Followership.truncationPoint(told, endOf(own, told.leaderEpoch(), end), 0);
            assertThat(cut).isLessThan(end);
            end = cut;
        }
        assertThat(end).isEqualTo(common);
    }

    /** Entries are epoch and end; one that is empty has the end of the one before. */
    private static OffsetAndEpoch endOf(long[][] epochs, int asked, long logEnd) {
        OffsetAndEpoch found = NONE;
        long start = 0;
        for (long[] each : epochs) {
            long end = Math.min(each[1], logEnd);
            if (each[0] <= asked && end > start) {
                found = new OffsetAndEpoch(end, (int) each[0]);
            }
            start = Math.max(start, end);
        }
        return found;
    }

    private static int epochAt(long[][] epochs, long offset) {
        for (long[] each : epochs) {
            if (offset < each[1]) {
                return (int) each[0];
            }
        }
        return -1;
    }

    @Test
    void anAnswerIsTakenOnlyWhileLeaderEpochAndLogEndAreThoseItWasAskedWith() {
        Followership following = new Followership(2, 7);

        assertThat(following.takes(2, 7, 100, 5, 100, 5)).isTrue();
        assertThat(following.takes(3, 7, 100, 5, 100, 5)).isFalse();
        assertThat(following.takes(2, 6, 100, 5, 100, 5)).isFalse();
        assertThat(following.takes(2, 8, 100, 5, 100, 5)).isFalse();
        assertThat(following.takes(2, 7, 100, 5, 101, 5)).isFalse();
        assertThat(following.takes(2, 7, 100, 5, 99, 5)).isFalse();
        assertThat(following.takes(2, 7, 100, 5, 100, 6)).isFalse();
    }
}
