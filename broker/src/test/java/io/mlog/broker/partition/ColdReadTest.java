package io.mlog.broker.partition;

import static io.mlog.broker.partition.PartitionFixture.FIRST;
import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.core.replication.HighWatermark.Durability;
import io.mlog.model.Acks;
import io.mlog.services.PartitionFetched;
import io.mlog.services.WaitingFetch;
import io.mlog.storage.LogConfig;
import io.mlog.storage.fake.MemoryFileStore;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Reads that would wait for the disk leave the thread that asks; others do not. */
class ColdReadTest {
    private static final Path ROOT = Path.of("/data");
    private static final Path OLDEST = ROOT.resolve("orders-0/00000000000000000000.log");

    private final MemoryFileStore disk = new MemoryFileStore(() -> 1000);
    private PartitionFixture broker;

    /** Every batch gets a segment of its own, so that the first one is sealed. */
    @BeforeEach
    void startWithASealedSegment() throws IOException {
        LogConfig tiny = new LogConfig(1, 1_000_000, 100, 100_000);
        broker = new PartitionFixture(ROOT, Durability.OS, disk, tiny);
        broker.holdsReads = true;
        broker.produce(Acks.LEADER, FIRST, "old");
        broker.produce(Acks.LEADER, FIRST, "new");
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    @Test
    void whatIsInMemoryIsReadByTheCaller() {
        broker.fetch(0, 1, FIRST, 0);
        broker.fetch(0, 1, FIRST, 1);

        assertThat(broker.elsewhere).isEmpty();
        assertThat(broker.fetched).hasSize(2);
    }

    @Test
    void whatIsOnDiskOnlyIsReadElsewhereAndInMemoryWhenItIsAnswered() throws IOException {
        disk.evict(OLDEST);

        broker.fetch(0, 1, FIRST, 0);
        assertThat(broker.fetched).isEmpty();
        broker.elsewhere.removeFirst().run();

        PartitionFetched found = broker.fetched.getFirst().getFirst();
        assertThat(found.records().sizeBytes()).isPositive();
        assertThat(broker.partition(FIRST).log().isAtHand(0, 1)).isTrue();
        broker.fetch(0, 1, FIRST, 0);
        assertThat(broker.elsewhere).isEmpty();
        assertThat(broker.fetched).hasSize(2);
    }

    @Test
    void theNewestRecordsAreReadByTheCallerWhateverTheOldestNeed() throws IOException {
        disk.evict(OLDEST);

        broker.fetch(0, 1, FIRST, 1);

        assertThat(broker.elsewhere).isEmpty();
        assertThat(broker.fetched).hasSize(1);
    }

    @Test
    void aReadThatIsGivenUpBeforeItsTurnReadsNothing() throws IOException {
        disk.evict(OLDEST);
        WaitingFetch waiting = broker.fetch(1000, 1, FIRST, 0);

        waiting.cancel();
        broker.elsewhere.removeFirst().run();

        assertThat(broker.fetched).isEmpty();
        assertThat(broker.partition(FIRST).log().isAtHand(0, 1)).isFalse();
    }
}
