package io.mlog.broker.partition;

import static io.mlog.broker.partition.PartitionFixture.FIRST;
import static io.mlog.broker.partition.PartitionFixture.SECOND;
import static io.mlog.broker.partition.PartitionFixture.batch;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlog.core.replication.HighWatermark.Durability;
import io.mlog.model.Acks;
import io.mlog.model.ErrorCode;
import io.mlog.model.TopicPartition;
import io.mlog.services.FetchCommand;
import io.mlog.services.OffsetFound;
import io.mlog.services.OffsetWanted;
import io.mlog.services.PartitionFetched;
import io.mlog.services.PartitionProduced;
import io.mlog.services.WaitingFetch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalRecordsTest {
    @TempDir Path root;
    private PartitionFixture broker;

    @BeforeEach
    void start() throws IOException {
        broker = new PartitionFixture(root, Durability.GROUP);
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    private PartitionProduced produced() {
        assertThat(broker.produced).hasSize(1);
        return broker.produced.removeFirst();
    }

    private PartitionFetched fetched() {
        assertThat(broker.fetched).hasSize(1);
        return broker.fetched.getFirst().getFirst();
    }

    @Test
    void acksAllIsAnsweredByTheFlushAndNotBefore() {
        broker.produce(Acks.ALL, FIRST, "a", "b");
        assertThat(broker.produced).isEmpty();

        broker.flush(FIRST);

        assertThat(produced().lastOffset()).isEqualTo(1);
        assertThat(broker.partition(FIRST).highWatermark()).isEqualTo(2);
    }

    @Test
    void acksLeaderIsAnsweredByTheAppendButConsumersWaitForTheFlush() {
        broker.produce(Acks.LEADER, FIRST, "a");
        assertThat(produced().baseOffset()).isZero();
        broker.fetch(0, 1, FIRST, 0);
        assertThat(fetched().records().sizeBytes()).isZero();
        broker.fetched.clear();

        broker.flush(FIRST);
        broker.fetch(0, 1, FIRST, 0);

        assertThat(fetched().records().sizeBytes()).isPositive();
    }

    @Test
    void anUncommittedProduceTimesOutAndSaysHowFarItGot() {
        broker.produce(Acks.ALL, 100, FIRST, batch("a"));
        broker.produce(Acks.ALL, 300, FIRST, batch("b"));

        broker.timer.pass(100);
        PartitionProduced late = produced();
        assertThat(late.error()).isEqualTo(ErrorCode.REQUEST_TIMED_OUT);
        assertThat(late.message()).contains("high watermark 0", "log end 2");

        broker.flush(FIRST);
        assertThat(produced().baseOffset()).isEqualTo(1);
        broker.timer.pass(1000);
        assertThat(broker.produced).isEmpty();
    }

    @Test
    void aDuplicateIsAnsweredWithItsOldOffsetsOnceThoseAreCommitted() {
        broker.produce(Acks.ALL, 5000, FIRST, batch(9, 0, 0, "a", "b"));
        broker.produce(Acks.ALL, 5000, FIRST, batch(9, 0, 0, "a", "b"));
        assertThat(broker.produced).isEmpty();

        broker.flush(FIRST);
        broker.produce(Acks.ALL, 5000, FIRST, batch(9, 0, 0, "a", "b"));

        assertThat(broker.produced).hasSize(3);
        assertThat(broker.produced)
                .allMatch(each -> each.baseOffset() == 0 && each.lastOffset() == 1);
        assertThat(broker.partition(FIRST).status().logEndOffset()).isEqualTo(2);
    }

    @Test
    void aGapInTheSequencesIsRefusedAndNothingIsAppended() {
        broker.produce(Acks.LEADER, 5000, FIRST, batch(9, 0, 0, "a"));
        produced();

        broker.produce(Acks.LEADER, 5000, FIRST, batch(9, 0, 2, "c"));

        assertThat(produced().error()).isEqualTo(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER);
        assertThat(broker.partition(FIRST).status().logEndOffset()).isEqualTo(1);
    }

    @Test
    void aDamagedBatchIsRefusedAndTheNextOneAccepted() {
        ByteBuffer damaged = batch("a");
        damaged.put(67, (byte) (damaged.get(67) ^ 1));
        broker.produce(Acks.LEADER, 5000, FIRST, damaged);
        assertThat(produced().error()).isEqualTo(ErrorCode.CORRUPT_MESSAGE);

        broker.produce(Acks.LEADER, FIRST, "a");
        assertThat(produced().error()).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void anUnknownPartitionIsRefusedByName() {
        broker.produce(Acks.ALL, new TopicPartition("nope", 0), "a");

        PartitionProduced refused = produced();
        assertThat(refused.error()).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(refused.message()).contains("nope-0");
    }

    @Test
    void aWaitingFetchIsCompletedByTheFlush() {
        broker.fetch(10_000, 1, FIRST, 0);
        broker.produce(Acks.LEADER, FIRST, "a");
        assertThat(broker.fetched).isEmpty();

        broker.flush(FIRST);

        assertThat(fetched().highWatermark()).isEqualTo(1);
        assertThat(broker.timer.waiting()).isZero();
    }

    @Test
    void aWaitingFetchGoesOnUntilItHasItsLeastBytes() {
        broker.fetch(10_000, 150, FIRST, 0);
        broker.produce(Acks.LEADER, FIRST, "a");
        broker.flush(FIRST);
        assertThat(broker.fetched).isEmpty();

        broker.produce(Acks.LEADER, FIRST, "x".repeat(200));
        broker.flush(FIRST);

        assertThat(fetched().highWatermark()).isEqualTo(2);
    }

    @Test
    void aWaitingFetchEndsEmptyWhenItsTimeIsUp() {
        broker.fetch(500, 1, FIRST, 0);

        broker.timer.pass(500);

        assertThat(fetched().records().sizeBytes()).isZero();
        assertThat(fetched().error()).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void aFetchOverSeveralPartitionsIsCompletedByAnyOfThem() {
        broker.records.fetch(
                FetchCommand.ofConsumer(
                        10_000,
                        1,
                        1 << 20,
                        List.of(
                                FetchCommand.PartitionFetch.ofConsumer(FIRST, 0, 1 << 20, -1),
                                FetchCommand.PartitionFetch.ofConsumer(SECOND, 0, 1 << 20, -1))),
                broker.fetched::add);
        broker.produce(Acks.LEADER, SECOND, "a");
        broker.flush(SECOND);

        assertThat(broker.fetched).hasSize(1);
        assertThat(broker.fetched.getFirst().get(0).records().sizeBytes()).isZero();
        assertThat(broker.fetched.getFirst().get(1).records().sizeBytes()).isPositive();
    }

    @Test
    void aCancelledFetchIsNeverAnswered() {
        WaitingFetch waiting = broker.fetch(500, 1, FIRST, 0);

        waiting.cancel();
        broker.produce(Acks.LEADER, FIRST, "a");
        broker.flush(FIRST);
        broker.timer.pass(1000);

        assertThat(broker.fetched).isEmpty();
    }

    @Test
    void deletingAPartitionAnswersWhoeverWaits() {
        broker.fetch(10_000, 1, FIRST, 0);
        broker.produce(Acks.ALL, FIRST, "a");

        broker.hosted.remove(broker.partition(FIRST));

        assertThat(produced().error()).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(fetched().error()).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
    }

    @Test
    void offsetsOutsideTheLogAreRefusedWithItsEnds() {
        broker.produce(Acks.LEADER, FIRST, "a");
        broker.fetch(10_000, 1, FIRST, 2);

        assertThat(fetched().error()).isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE);
        assertThat(fetched().message()).contains("offset 2", "0 to 1");
    }

    @Test
    void aFetchInAnotherLeaderEpochIsFenced() {
        for (int epoch : new int[] {2, 4}) {
            broker.records.fetch(
                    FetchCommand.ofConsumer(
                            0,
                            1,
                            100,
                            List.of(FetchCommand.PartitionFetch.ofConsumer(FIRST, 0, 100, epoch))),
                    broker.fetched::add);
        }
        assertThat(broker.fetched.get(0).getFirst().error())
                .isEqualTo(ErrorCode.FENCED_LEADER_EPOCH);
        assertThat(broker.fetched.get(1).getFirst().error())
                .isEqualTo(ErrorCode.UNKNOWN_LEADER_EPOCH);
    }

    @Test
    void recordsAreFoundByTimeBelowTheHighWatermark() {
        broker.produce(Acks.LEADER, FIRST, "a", "b");
        broker.flush(FIRST);

        assertThat(broker.records.findOffset(FIRST, new OffsetWanted.AtOrAfter(77)).join())
                .isEqualTo(new OffsetFound(0, 77, 3));
        assertThat(broker.records.findOffset(FIRST, new OffsetWanted.AtOrAfter(78)).join().offset())
                .isEqualTo(-1);
        assertThat(broker.records.findOffset(FIRST, new OffsetWanted.Latest()).join().offset())
                .isEqualTo(2);
        assertThat(
                        broker.records
                                .findOffset(FIRST, new OffsetWanted.MaxTimestamp())
                                .join()
                                .timestampMs())
                .isEqualTo(77);
    }

    @Test
    void deletedRecordsAreGoneAndTheUncommittedCannotBeDeleted() {
        broker.produce(Acks.LEADER, FIRST, "a", "b");
        assertThatThrownBy(() -> broker.records.deleteRecords(FIRST, 1).join())
                .hasMessageContaining("high watermark");
        broker.flush(FIRST);

        assertThat(broker.records.deleteRecords(FIRST, 1).join()).isEqualTo(1);
        assertThat(broker.records.findOffset(FIRST, new OffsetWanted.Earliest()).join().offset())
                .isEqualTo(1);
        broker.fetch(0, 1, FIRST, 0);
        assertThat(fetched().error()).isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE);
    }
}
