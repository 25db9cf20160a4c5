package io.mlog.broker.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.mlog.model.ErrorCode;
import io.mlog.services.FetchCommand;
import io.mlog.services.Refusals;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RefusalLedgerTest {
    private final RefusalLedger ledger = new RefusalLedger();
    private final ManualTimer time = new ManualTimer();
    private final Node leader = new Node(1, time);

    @AfterEach
    void close() {
        leader.close();
    }

    @Test
    void eachKindIsCountedAndTheLastOneIsKeptTheLatestKindFirst() {
        ledger.note(ErrorCode.DISK_FULL, "full", 10);
        ledger.note(ErrorCode.NOT_ENOUGH_REPLICAS, "1 of 2", 20);
        ledger.note(ErrorCode.DISK_FULL, "still full", 30);

        assertThat(ledger.all())
                .containsExactly(
                        new Refusals(ErrorCode.DISK_FULL, 2, 30, "still full"),
                        new Refusals(ErrorCode.NOT_ENOUGH_REPLICAS, 1, 20, "1 of 2"));
    }

    @Test
    void whoIsSentToTheLeaderIsNotNoted() {
        ledger.note(ErrorCode.NOT_LEADER, "node-2 leads", 10);

        assertThat(ledger.all()).isEmpty();
    }

    @Test
    void aPartitionNotesWhatItRefusesToWriteAndToRead() {
        leader.image(1, 5, 1, 2, 1);
        leader.partition.appendIn(5, PartitionFixture.batch("a"));
        leader.partition.read(
                FetchCommand.PartitionFetch.ofConsumer(
                        leader.partition.name(), 7, 100, FetchCommand.NO_EPOCH),
                false,
                100,
                true);

        assertThat(leader.partition.status().refusals())
                .extracting(Refusals::code, Refusals::count)
                .containsExactlyInAnyOrder(
                        tuple(ErrorCode.NOT_ENOUGH_REPLICAS, 1L),
                        tuple(ErrorCode.OFFSET_OUT_OF_RANGE, 1L));
    }
}
