package io.mlog.broker.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import io.mlog.records.BatchHeader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A partition whose only writer is the broker itself, on a real log. */
class WriterDoorTest {
    private final ManualTimer time = new ManualTimer();
    private final Node leader = new Node(1, time);
    private final Node second = new Node(2, time);
    private final WriterDoor writer = leader.partition.writer();
    private final List<Long> told = new ArrayList<>();

    @AfterEach
    void close() {
        leader.close();
        second.close();
    }

    private void image(int leads, int epoch, int partitionEpoch, int minIsr, Integer... isr) {
        leader.image(leads, epoch, partitionEpoch, minIsr, isr);
        second.image(leads, epoch, partitionEpoch, minIsr, isr);
    }

    private void replicate() {
        leader.flush();
        second.catchUpWith(leader);
    }

    @Test
    void whatIsWrittenIsReadAtOnceAndCountsOnceTheHighWatermarkPassesIt() {
        image(1, 5, 1, 2, 1, 2);
        writer.follow(5, told::add);
        assertThat(told).containsExactly(0L);

        assertThat(writer.append(5, PartitionFixture.batch("a", "b"))).isEqualTo(2);
        assertThat(writer.append(5, PartitionFixture.batch("c"))).isEqualTo(3);

        ByteBuffer batches = writer.read(0, 1 << 20);
        assertThat(BatchHeader.baseOffset(batches, 0)).isZero();
        assertThat(BatchHeader.leaderEpoch(batches, 0)).isEqualTo(5);
        assertThat(writer.read(2, 1).remaining()).as("one batch at least").isPositive();
        assertThat(writer.read(3, 1 << 20).remaining()).as("at the log end").isZero();
        assertThat(told).as("nothing is committed").containsExactly(0L);

        replicate();
        assertThat(told).containsExactly(0L, 3L);
    }

    @Test
    void aBatchInTheHeapIsTakenToo() {
        image(1, 5, 1, 1, 1);
        ByteBuffer direct = PartitionFixture.batch("a");
        ByteBuffer heap = ByteBuffer.allocate(direct.remaining()).put(direct).flip();

        assertThat(writer.append(5, heap)).isEqualTo(1);

        leader.flush();
        assertThat(leader.log()).containsExactly("0=a");
    }

    @Test
    void onlyThePresentLeaderEpochIsWrittenUnder() {
        image(1, 5, 1, 1, 1, 2);
        assertThat(writer.leaderEpoch()).isEqualTo(5);
        refused(ErrorCode.NOT_LEADER, () -> writer.append(4, PartitionFixture.batch("a")));

        image(2, 6, 2, 1, 1, 2);
        assertThat(writer.leaderEpoch()).isEqualTo(WriterDoor.NOT_LEADING);
        refused(ErrorCode.NOT_LEADER, () -> writer.append(5, PartitionFixture.batch("a")));
        refused(ErrorCode.NOT_LEADER, () -> writer.append(6, PartitionFixture.batch("a")));

        image(1, 7, 3, 1, 1, 2);
        refused(ErrorCode.NOT_LEADER, () -> writer.append(5, PartitionFixture.batch("a")));
        assertThat(leader.logEnd()).isZero();
        assertThat(writer.append(7, PartitionFixture.batch("a"))).isEqualTo(1);
    }

    @Test
    void itIsBoundByMinIsrAsAProducerIsThatWantsAll() {
        image(1, 5, 1, 2, 1);

        refused(ErrorCode.NOT_ENOUGH_REPLICAS, () -> writer.append(5, PartitionFixture.batch("a")));
        assertThat(leader.logEnd()).isZero();
    }

    @Test
    void aFollowingEndsWithItsLeadershipWhateverIsCommittedLater() {
        image(1, 5, 1, 1, 1, 2);
        writer.follow(5, told::add);
        writer.append(5, PartitionFixture.batch("a"));

        image(2, 6, 2, 1, 1, 2);
        leader.flush();
        leader.catchUpWith(second);
        image(1, 7, 3, 1, 1, 2);
        writer.append(7, PartitionFixture.batch("b"));
        replicate();

        assertThat(leader.hw()).isPositive();
        assertThat(told).as("in epoch 5").containsExactly(0L);
        writer.follow(7, told::add);
        assertThat(told).as("in epoch 7").containsExactly(0L, leader.hw());
    }

    @Test
    void aFollowingOfAnotherEpochIsNeverTold() {
        image(1, 5, 1, 1, 1);
        writer.follow(4, told::add);

        writer.append(5, PartitionFixture.batch("a"));
        leader.flush();

        assertThat(leader.hw()).isEqualTo(1);
        assertThat(told).isEmpty();
    }

    @Test
    void whoEndsAFollowingIsToldNothingMore() {
        image(1, 5, 1, 1, 1);
        Runnable end = writer.follow(5, told::add);
        end.run();
        end.run();

        writer.append(5, PartitionFixture.batch("a"));
        leader.flush();

        assertThat(leader.hw()).isEqualTo(1);
        assertThat(told).containsExactly(0L);
    }

    @Test
    void aPartitionThatServesNoLongerIsNotLed() {
        image(1, 5, 1, 1, 1);
        writer.follow(5, told::add);
        leader.partition.stop(ErrorCode.NOT_READY, "stopping");

        assertThat(writer.leaderEpoch()).isEqualTo(WriterDoor.NOT_LEADING);
        refused(ErrorCode.NOT_READY, () -> writer.append(5, PartitionFixture.batch("a")));
    }

    private static void refused(ErrorCode code, ThrowingCallable append) {
        assertThatThrownBy(append)
                .isInstanceOfSatisfying(
                        MlogException.class, refusal -> assertThat(refusal.code()).isEqualTo(code));
    }
}
