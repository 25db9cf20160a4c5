package io.mlog.broker.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlog.core.producer.SavedProducer;
import io.mlog.model.Acks;
import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import io.mlog.model.OffsetAndEpoch;
import io.mlog.services.FetchCommand;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a partition's log tells those who look into it: its epochs (R5, R7) and its producers. */
class EpochEndsTest {
    private final ManualTimer time = new ManualTimer();
    private final Node first = new Node(1, time);
    private final Node second = new Node(2, time);

    @AfterEach
    void close() {
        first.close();
        second.close();
    }

    @Test
    void eachEpochEndsWhereTheNextOneBegan() {
        first.image(1, 1, 1, 1, 1).produce(Acks.LEADER, "a", "b");
        first.image(1, 3, 2, 1, 1).produce(Acks.LEADER, "c");
        first.image(1, 4, 3, 1, 1);

        assertThat(end(first, 1)).isEqualTo(new OffsetAndEpoch(2, 1));
        assertThat(end(first, 2)).isEqualTo(new OffsetAndEpoch(2, 1));
        assertThat(end(first, 3)).isEqualTo(new OffsetAndEpoch(3, 3));
        assertThat(end(first, 4)).isEqualTo(new OffsetAndEpoch(3, 4));
        assertThat(end(first, 5)).isEqualTo(new OffsetAndEpoch(-1, -1));
    }

    /** A consumer that waits at the end of an empty log keeps its place when the leader changes. */
    @Test
    void anEpochWithoutRecordsEndsWhereItBegan() {
        first.image(1, 1, 1, 1, 1);
        first.image(1, 2, 2, 1, 1);

        assertThat(end(first, 1)).isEqualTo(new OffsetAndEpoch(0, 1));
        assertThat(end(first, 0)).isEqualTo(new OffsetAndEpoch(0, 0));
    }

    @Test
    void anEpochWhoseRecordsAreAllDeletedEndedBeforeTheFirstOneLeft() {
        first.image(1, 1, 1, 1, 1).produce(Acks.LEADER, "a", "b");
        first.image(1, 2, 2, 1, 1).produce(Acks.LEADER, "c", "d");
        first.flush();
        first.records.deleteRecords(Node.ORDERS, 3).join();

        assertThat(end(first, 1)).isEqualTo(new OffsetAndEpoch(2, 1));
        assertThat(end(first, 2)).isEqualTo(new OffsetAndEpoch(4, 2));
    }

    @Test
    void theNewLeaderTellsHowFarTheOldOnesRecordsCame() {
        first.image(1, 1, 1, 1, 1, 2).produce(Acks.LEADER, "a", "b");
        second.image(1, 1, 1, 1, 1, 2);
        second.catchUpWith(first);
        first.produce(Acks.LEADER, "lost");
        first.image(2, 2, 2, 1, 2);
        second.image(2, 2, 2, 1, 2).produce(Acks.LEADER, "c");

        assertThat(end(second, 1)).isEqualTo(new OffsetAndEpoch(2, 1));
    }

    @Test
    void whoBelievesInAnotherLeadershipIsRefusedAndSoIsWhoAsksAFollower() {
        first.image(1, 4, 1, 1, 1, 2).produce(Acks.LEADER, "a");
        second.image(1, 4, 1, 1, 1, 2);

        assertThat(first.records.endOfEpoch(Node.ORDERS, 4, 4).offset()).isEqualTo(1);
        assertRefused(first, 3, ErrorCode.FENCED_LEADER_EPOCH);
        assertRefused(first, 5, ErrorCode.UNKNOWN_LEADER_EPOCH);
        assertRefused(second, 4, ErrorCode.NOT_LEADER);
        assertRefused(second, FetchCommand.NO_EPOCH, ErrorCode.NOT_LEADER);
    }

    private static OffsetAndEpoch end(Node leader, int epoch) {
        return leader.records.endOfEpoch(Node.ORDERS, FetchCommand.NO_EPOCH, epoch);
    }

    private static void assertRefused(Node node, int believed, ErrorCode code) {
        assertThatThrownBy(() -> node.records.endOfEpoch(Node.ORDERS, believed, 1))
                .isInstanceOfSatisfying(
                        MlogException.class, refusal -> assertThat(refusal.code()).isEqualTo(code));
    }

    @Test
    void theLastProducersToWriteAreListedWithTheirLastSequence() {
        first.image(1, 1, 1, 1, 1);
        first.produce(Acks.LEADER, PartitionFixture.batch(70, 0, 0, "a", "b"));
        first.produce(Acks.LEADER, PartitionFixture.batch(71, 1, 0, "c"));
        first.produce(Acks.LEADER, PartitionFixture.batch(70, 0, 2, "d"));

        List<SavedProducer> all = first.records.producers(Node.ORDERS, 10);

        assertThat(all).extracting(SavedProducer::producerId).containsExactly(71L, 70L);
        assertThat(all.getLast().lastSequence()).isEqualTo(2);
        assertThat(all.getFirst().epoch()).isEqualTo((short) 1);
        assertThat(first.records.producers(Node.ORDERS, 1))
                .extracting(SavedProducer::producerId)
                .containsExactly(70L);
    }

    @Test
    void aProducerThatIsSilentForLongIsNotListed() {
        first.image(1, 1, 1, 1, 1);
        first.produce(Acks.LEADER, PartitionFixture.batch(70, 0, 0, "a"));

        time.pass(86_400_001);

        assertThat(first.records.producers(Node.ORDERS, 10)).isEmpty();
    }
}
