package io.mlog.core.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlog.core.producer.SequenceOutcome.Accept;
import io.mlog.core.producer.SequenceOutcome.Duplicate;
import io.mlog.core.producer.SequenceOutcome.Refuse;
import io.mlog.model.ErrorCode;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class ProducerStatesTest {
    private static final long DAY_MS = 24 * 3600 * 1000;
    private static final long PRODUCER = 7;

    private final ProducerStates states = new ProducerStates(3, DAY_MS);

    private void append(int epoch, int baseSequence, int count, long baseOffset) {
        assertThat(check(epoch, baseSequence, count)).isEqualTo(new Accept());
        states.appended(PRODUCER, (short) epoch, baseSequence, count, baseOffset, 1000);
    }

    private SequenceOutcome check(int epoch, int baseSequence, int count) {
        return states.check(PRODUCER, (short) epoch, baseSequence, count, 1000);
    }

    private static void assertRefused(SequenceOutcome outcome, ErrorCode error) {
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Refuse.class, refuse -> assertThat(refuse.error()).isEqualTo(error));
    }

    @Test
    void anUnknownProducerMayStartAnywhere() {
        assertThat(check(4, 99, 3)).isEqualTo(new Accept());
    }

    @Test
    void eachOfTheLastFiveBatchesIsAnsweredWithItsOldOffsets() {
        for (int i = 0; i < 6; i++) {
            append(0, i * 10, 10, 100 + i * 10);
        }

        for (int i = 1; i < 6; i++) {
            assertThat(check(0, i * 10, 10)).isEqualTo(new Duplicate(100 + i * 10, 109 + i * 10));
        }
    }

    @Test
    void anOlderRepetitionIsToldToBeOne() {
        for (int i = 0; i < 6; i++) {
            append(0, i * 10, 10, 100 + i * 10);
        }

        assertRefused(check(0, 0, 10), ErrorCode.DUPLICATE_SEQUENCE_NUMBER);
    }

    @Test
    void aGapIsRefusedWithBothSequences() {
        append(0, 0, 10, 0);

        SequenceOutcome outcome = check(0, 11, 1);

        assertRefused(outcome, ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER);
        assertThat(((Refuse) outcome).message()).contains("11").contains("10");
    }

    @Test
    void sequencesBeforeTheFirstSeenAreNoRepetition() {
        append(0, 50, 10, 0);

        assertRefused(check(0, 40, 10), ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER);
    }

    @Test
    void sequencesStartAgainAfterTheLargestNumber() {
        append(0, Integer.MAX_VALUE - 1, 3, 0);

        assertThat(check(0, 1, 5)).isEqualTo(new Accept());
        assertRefused(check(0, 2, 5), ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER);
    }

    @Test
    void aHigherEpochStartsAtZeroAndFencesTheLower() {
        append(0, 0, 10, 0);

        assertRefused(check(1, 10, 1), ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER);
        append(1, 0, 1, 10);
        assertRefused(check(0, 10, 1), ErrorCode.INVALID_PRODUCER_EPOCH);
    }

    @Test
    void silentProducersAreForgotten() {
        append(0, 0, 10, 0);

        assertThat(states.check(PRODUCER, (short) 0, 55, 1, 1001 + DAY_MS)).isEqualTo(new Accept());
        states.appended(8, (short) 0, 0, 1, 10, 1001 + DAY_MS);
        assertThat(states.size()).isEqualTo(1);
    }

    @Test
    void theLeastRecentlyActiveProducerMakesRoom() {
        for (long id = 1; id <= 3; id++) {
            states.appended(id, (short) 0, 0, 1, id, 1000);
        }
        states.appended(1, (short) 0, 1, 1, 10, 1000);
        states.appended(4, (short) 0, 0, 1, 11, 1000);

        assertThat(states.size()).isEqualTo(3);
        assertThat(states.check(1, (short) 0, 1, 1, 1000)).isEqualTo(new Duplicate(10, 10));
        assertThat(states.check(2, (short) 0, 77, 1, 1000)).isEqualTo(new Accept());
    }

    @Test
    void aSnapshotBringsEveryProducerBack() {
        append(3, 5, 10, 100);
        append(3, 15, 1, 110);
        states.appended(8, (short) 0, 0, 1, 111, 2000);
        ProducerStates restored = new ProducerStates(3, DAY_MS);

        restored.restore(ByteBuffer.wrap(states.snapshot()));

        assertThat(restored.snapshot()).isEqualTo(states.snapshot());
        assertThat(restored.check(PRODUCER, (short) 3, 5, 10, 2000))
                .isEqualTo(new Duplicate(100, 109));
        assertThat(restored.check(PRODUCER, (short) 3, 16, 1, 2000)).isEqualTo(new Accept());
    }

    @Test
    void aDamagedSnapshotIsRefusedAndLeavesNothing() {
        append(3, 5, 10, 100);
        byte[] bytes = states.snapshot();
        for (int i = 0; i < bytes.length; i++) {
            byte[] damaged = bytes.clone();
            damaged[i] ^= 1;
            assertThatThrownBy(() -> states.restore(ByteBuffer.wrap(damaged)))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(states.size()).isZero();
        }
    }

    @Test
    void askingChangesNothing() {
        for (long id = 1; id <= 3; id++) {
            states.appended(id, (short) 0, 0, 1, id, 1000);
        }
        byte[] before = states.snapshot();

        assertThat(states.check(1, (short) 0, 7, 1, 1000)).isInstanceOf(Refuse.class);
        assertThat(states.snapshot()).isEqualTo(before);
    }

    @Test
    void aDuplicateHasTheSameFirstAndLastSequenceAlsoAcrossTheLargestNumber() {
        append(0, Integer.MAX_VALUE - 1, 4, 500);
        append(0, 2, 10, 504);

        assertThat(check(0, Integer.MAX_VALUE - 1, 4)).isEqualTo(new Duplicate(500, 503));
        assertRefused(check(0, 2, 9), ErrorCode.DUPLICATE_SEQUENCE_NUMBER);
        assertRefused(check(0, 3, 10), ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER);
    }

    @Test
    void batchesWithoutAProducerLeaveNoTrace() {
        states.appended(-1, (short) -1, -1, 100, 0, 1000);
        assertThat(states.size()).isZero();
    }

    @Test
    void aSilentPartitionForgetsToo() {
        append(0, 0, 10, 0);
        states.expire(1000 + DAY_MS);
        assertThat(states.size()).isEqualTo(1);
        states.expire(1001 + DAY_MS);
        assertThat(states.size()).isZero();
    }

    @Test
    void truncationForgetsTheBatchesThatAreGone() {
        for (int i = 0; i < 8; i++) {
            append(0, i * 10, 10, 100 + i * 10);
        }
        states.appended(8, (short) 0, 0, 1, 180, 1000);

        states.truncateTo(155);
        assertThat(states.size()).isEqualTo(1);
        assertThat(check(0, 40, 10)).isEqualTo(new Duplicate(140, 149));
        assertRefused(check(0, 60, 10), ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER);
        append(0, 50, 10, 150);
        states.truncateTo(160);
        assertThat(check(0, 50, 10)).isEqualTo(new Duplicate(150, 159));
        states.truncateTo(130);
        assertThat(states.size()).isZero();
    }

    @Test
    void aSnapshotOfMoreProducersThanTheLimitKeepsTheLatest() {
        ProducerStates many = new ProducerStates(10, DAY_MS);
        for (long id = 1; id <= 10; id++) {
            many.appended(id, (short) 0, 0, 1, id, 1000);
        }
        states.restore(ByteBuffer.wrap(many.snapshot()));

        assertThat(states.size()).isEqualTo(3);
        assertThat(states.check(8, (short) 0, 0, 1, 1000)).isEqualTo(new Duplicate(8, 8));
        assertThat(states.check(7, (short) 0, 9, 1, 1000)).isEqualTo(new Accept());
    }

    @Test
    void aSnapshotThatLiesUnderAGoodChecksumIsRefused() {
        append(3, 5, 10, 100);
        int batches = 1 + 4 + 22;
        for (byte claimed : new byte[] {-1, 0, 2, 6, 127}) {
            byte[] lying = states.snapshot();
            lying[batches] = claimed;
            assertNotRestored(resealed(lying));
        }
        for (int producers : new int[] {-1, 0, 2, Integer.MAX_VALUE}) {
            byte[] lying = states.snapshot();
            ByteBuffer.wrap(lying).putInt(1, producers);
            assertNotRestored(resealed(lying));
        }
    }

    private static void assertNotRestored(byte[] snapshot) {
        ProducerStates other = new ProducerStates(3, DAY_MS);
        assertThatThrownBy(() -> other.restore(ByteBuffer.wrap(snapshot)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("producer snapshot");
        assertThat(other.size()).isZero();
    }

    private static byte[] resealed(byte[] snapshot) {
        CRC32C crc = new CRC32C();
        crc.update(snapshot, 0, snapshot.length - 4);
        ByteBuffer.wrap(snapshot).putInt(snapshot.length - 4, (int) crc.getValue());
        return snapshot;
    }
}
