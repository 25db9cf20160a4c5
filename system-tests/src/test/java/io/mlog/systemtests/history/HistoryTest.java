package io.mlog.systemtests.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.mlog.systemtests.history.Violation.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A check that cannot fail proves nothing: each of these histories is bad in its own way. */
class HistoryTest {
    private static final int RECORDS = 40;

    private final History history = new History("orders-0");
    private final History.Reader reader = history.reader("node-1");
    private final List<RecordId> log = new ArrayList<>();

    /** Two writers take turns; all is acknowledged and read. */
    @BeforeEach
    void writeAndRead() {
        for (int i = 0; i < RECORDS; i++) {
            RecordId record = new RecordId(i % 2, i / 2);
            history.sent(record);
            log.add(record);
            history.acknowledged(record, i);
            reader.read(i, record);
        }
    }

    @Test
    void whatHappenedAsToldPasses() {
        assertThat(history.against(log)).isEmpty();
        assertThat(history.acknowledgements()).isEqualTo(RECORDS);
        assertThat(history.reads()).isEqualTo(RECORDS);
    }

    @Test
    void whatWasNeverAcknowledgedMayBeThereOrNot() {
        RecordId there = new RecordId(0, 100);
        history.sent(there);
        history.sent(new RecordId(0, 101));
        log.add(there);
        assertThat(history.against(log)).isEmpty();
    }

    @Test
    void anAcknowledgedRecordThatIsMissingIsLost() {
        RecordId record = acknowledgedAndNotRead();
        assertThat(history.against(log)).containsExactly(lost(record, "nowhere"));
    }

    @Test
    void anAcknowledgedRecordAtAnotherOffsetIsLost() {
        RecordId record = acknowledgedAndNotRead();
        RecordId other = new RecordId(1, 100);
        history.sent(other);
        log.add(other);
        log.add(record);
        assertThat(history.against(log)).containsExactly(lost(record, "at " + (RECORDS + 1)));
    }

    private RecordId acknowledgedAndNotRead() {
        RecordId record = new RecordId(0, 100);
        history.sent(record);
        history.acknowledged(record, RECORDS);
        return record;
    }

    private static Violation lost(RecordId record, String where) {
        return new Violation(
                Kind.LOST,
                "orders-0: %s was acknowledged at offset %d and is %s"
                        .formatted(record, RECORDS, where));
    }

    @Test
    void anOffsetThatWasReadWithTwoValuesIsFoundAtOnce() {
        history.reader("node-2").read(0, log.get(0));
        assertThat(history.violations()).isEmpty();
        history.reader("node-3").read(0, log.get(1));
        assertThat(kinds(history.violations())).contains(Kind.TWO_VALUES);
    }

    @Test
    void anOffsetThatIsAcknowledgedToTwoWritersIsFoundAtOnce() {
        history.sent(new RecordId(0, 100));
        history.sent(new RecordId(1, 100));
        history.acknowledged(new RecordId(0, 100), RECORDS);
        assertThat(history.violations()).isEmpty();
        history.acknowledged(new RecordId(1, 100), RECORDS);
        assertThat(kinds(history.violations())).containsExactly(Kind.TWO_VALUES);
    }

    @Test
    void aRecordThatIsReadWhereAnotherWasAcknowledgedIsFoundAtOnce() {
        RecordId record = acknowledgedAndNotRead();
        reader.read(RECORDS, new RecordId(1, 100));
        assertThat(history.violations())
                .containsExactly(
                        new Violation(
                                Kind.TWO_VALUES,
                                "orders-0: 1-100 is told of offset 40, where %s was acknowledged at"
                                        .formatted(record)));
    }

    @Test
    void aRecordThatIsAcknowledgedAtTwoOffsetsIsFoundAtOnce() {
        history.acknowledged(log.get(3), 99);
        assertThat(history.violations())
                .containsExactly(
                        new Violation(
                                Kind.TWO_VALUES,
                                "orders-0: 1-1 was acknowledged at offsets 3 and 99"));
    }

    @Test
    void recordsInAnotherOrderThanTheirWritersAreFound() {
        RecordId first = unacknowledged(0, 100);
        RecordId second = unacknowledged(0, 101);
        log.add(second);
        log.add(first);
        assertThat(history.against(log))
                .containsExactly(
                        new Violation(
                                Kind.OUT_OF_ORDER,
                                "orders-0: 0-100 at offset 41 is behind number 101"));
    }

    @Test
    void aRecordThatStandsInTheLogTwiceIsFound() {
        RecordId record = unacknowledged(0, 100);
        log.add(record);
        log.add(record);
        assertThat(history.against(log))
                .containsExactly(
                        new Violation(
                                Kind.DUPLICATE, "orders-0: 0-100 is at offset 40 and again at 41"));
    }

    @Test
    void aRepetitionBehindLaterRecordsIsADuplicateToo() {
        log.add(log.get(7));
        assertThat(kinds(history.against(log))).contains(Kind.DUPLICATE);
    }

    private RecordId unacknowledged(int writer, long number) {
        RecordId record = new RecordId(writer, number);
        history.sent(record);
        return record;
    }

    @Test
    void aRecordThatWasReadAndIsCutOffHasVanished() {
        RecordId record = unacknowledged(0, 100);
        reader.read(RECORDS, record);
        assertThat(history.against(log))
                .containsExactly(
                        new Violation(
                                Kind.VANISHED,
                                "orders-0: 0-100 was read at offset 40, which holds nothing"));
    }

    @Test
    void aRecordThatWasReadAndGaveWayToAnotherHasVanished() {
        reader.read(RECORDS, unacknowledged(0, 100));
        log.add(unacknowledged(1, 100));
        assertThat(history.against(log))
                .containsExactly(
                        new Violation(
                                Kind.VANISHED,
                                "orders-0: 0-100 was read at offset 40, which holds 1-100"));
    }

    @Test
    void aReaderThatIsToldItsPlaceDoesNotExistIsFoundAtOnce() {
        reader.toldOutOfRange("OFFSET_OUT_OF_RANGE");
        assertThat(history.violations())
                .containsExactly(
                        new Violation(
                                Kind.VANISHED,
                                "orders-0: node-1 is at offset 40: OFFSET_OUT_OF_RANGE"));
    }

    @Test
    void aRecordThatNobodySentIsFound() {
        log.add(new RecordId(0, 777));
        log.add(new RecordId(9, 0));
        assertThat(kinds(history.against(log))).containsExactly(Kind.INVENTED, Kind.INVENTED);
    }

    @Test
    void aReaderThatLeavesRecordsOutIsFoundAtOnce() {
        reader.read(RECORDS + 1, unacknowledged(0, 100));
        assertThat(history.violations())
                .containsExactly(
                        new Violation(Kind.GAP, "orders-0: node-1 was given offset 41 and not 40"));
    }

    @Test
    void aReaderThatGoesBackIsFoundAtOnce() {
        reader.read(RECORDS - 1, log.getLast());
        assertThat(kinds(history.violations())).containsExactly(Kind.GAP);
    }

    @Test
    void swappingAnyTwoNeighboursIsFound() {
        for (int i = 0; i + 1 < RECORDS; i++) {
            List<RecordId> swapped = new ArrayList<>(log);
            Collections.swap(swapped, i, i + 1);
            assertThat(historyOf(log).against(swapped)).as("swapped at %d", i).isNotEmpty();
        }
    }

    @Test
    void removingAnyRecordIsFound() {
        for (int i = 0; i < RECORDS; i++) {
            List<RecordId> shorter = new ArrayList<>(log);
            shorter.remove(i);
            assertThat(kinds(historyOf(log).against(shorter)))
                    .as("removed at %d", i)
                    .contains(Kind.LOST);
        }
    }

    /** Everything in this log was acknowledged; nobody read it. */
    private static History historyOf(List<RecordId> log) {
        History history = new History("orders-0");
        for (int i = 0; i < log.size(); i++) {
            history.sent(log.get(i));
            history.acknowledged(log.get(i), i);
        }
        return history;
    }

    @Test
    void aWriterMustSayWhatItSends() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> history.acknowledged(new RecordId(0, 500), 500))
                .withMessage("0-500 was never sent");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> history.sent(new RecordId(0, 3)))
                .withMessage("0-3 is sent after 19");
    }

    private static List<Kind> kinds(List<Violation> violations) {
        return violations.stream().map(Violation::kind).toList();
    }
}
