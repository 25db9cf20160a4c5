package io.mlog.broker.life;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.core.producer.SavedProducer;
import io.mlog.model.Acks;
import io.mlog.model.ErrorCode;
import io.mlog.model.OffsetAndEpoch;
import io.mlog.model.TopicPartition;
import io.mlog.services.FetchCommand;
import io.mlog.services.OffsetFound;
import io.mlog.services.OffsetWanted;
import io.mlog.services.PartitionFetched;
import io.mlog.services.PartitionProduced;
import io.mlog.services.PartitionStatus;
import io.mlog.services.ProduceCommand;
import io.mlog.services.RecordService;
import io.mlog.services.WaitingFetch;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;

class CutOffRecordsTest {
    private static final TopicPartition ORDERS = new TopicPartition("orders", 0);
    private static final TopicPartition LINES = new TopicPartition("lines", 2);

    private final StandingRecords behind = new StandingRecords();
    private final CutOffRecords records = new CutOffRecords(behind);
    private final List<List<PartitionProduced>> answers = new ArrayList<>();

    @Test
    void whatWaitsForOthersIsRefusedWhenThisBrokerIsCutOff() {
        produce(Acks.ALL);
        assertThat(answers).isEmpty();
        records.cutOff("nobody is there");
        assertThat(answers).containsExactly(refusals("nobody is there"));
    }

    @Test
    void anAnswerThatComesLaterIsNotGivenTwice() {
        produce(Acks.ALL);
        records.cutOff("nobody is there");
        behind.waiting.getFirst().accept(List.of());
        assertThat(answers).hasSize(1);
    }

    @Test
    void whatWasAnsweredIsNotRefusedLater() {
        produce(Acks.ALL);
        behind.waiting.getFirst().accept(List.of());
        records.cutOff("nobody is there");
        assertThat(answers).containsExactly(List.of());
    }

    @Test
    void nothingIsWrittenWhileItIsCutOff() {
        records.cutOff("nobody is there");
        for (Acks acks : Acks.values()) {
            produce(acks);
        }
        assertThat(behind.waiting).isEmpty();
        assertThat(answers).hasSize(Acks.values().length).containsOnly(refusals("nobody is there"));
    }

    @Test
    void itWritesAgainOnceItHasRejoined() {
        records.cutOff("nobody is there");
        records.rejoined();
        produce(Acks.ALL);
        assertThat(answers).isEmpty();
        behind.waiting.getFirst().accept(List.of());
        assertThat(answers).hasSize(1);
    }

    private void produce(Acks acks) {
        ByteBuffer nothing = ByteBuffer.allocate(0);
        records.produce(
                new ProduceCommand(
                        acks,
                        30_000,
                        List.of(
                                new ProduceCommand.PartitionBatches(ORDERS, nothing, 1),
                                new ProduceCommand.PartitionBatches(LINES, nothing, 1))),
                answers::add);
    }

    private static List<PartitionProduced> refusals(String why) {
        return List.of(
                PartitionProduced.refused(ORDERS, ErrorCode.NOT_LEADER, why),
                PartitionProduced.refused(LINES, ErrorCode.NOT_LEADER, why));
    }

    /** Answers a request to write when the test does. */
    private static final class StandingRecords implements RecordService {
        private final List<Consumer<List<PartitionProduced>>> waiting = new ArrayList<>();

        @Override
        public void produce(ProduceCommand command, Consumer<List<PartitionProduced>> done) {
            waiting.add(done);
        }

        @Override
        public WaitingFetch fetch(FetchCommand command, Consumer<List<PartitionFetched>> done) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletableFuture<OffsetFound> findOffset(
                TopicPartition partition, OffsetWanted wanted) {
            throw new UnsupportedOperationException();
        }

        @Override
        public OffsetAndEpoch endOfEpoch(
                TopicPartition partition, int currentLeaderEpoch, int leaderEpoch) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<SavedProducer> producers(TopicPartition partition, int most) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletableFuture<Long> deleteRecords(TopicPartition partition, long beforeOffset) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<PartitionStatus> status(TopicPartition partition) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<Integer> readerOf(
                TopicPartition partition, long offset, IntPredicate wanted) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Map<Integer, Long> lags() {
            throw new UnsupportedOperationException();
        }
    }
}
