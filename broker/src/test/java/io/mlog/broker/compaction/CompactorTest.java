package io.mlog.broker.compaction;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.broker.metrics.Metrics;
import io.mlog.broker.partition.HostedPartitions;
import io.mlog.broker.partition.Partition;
import io.mlog.broker.partition.PartitionPorts;
import io.mlog.broker.partition.PartitionSettings;
import io.mlog.broker.partition.ReplayedProducers;
import io.mlog.broker.partition.Timer;
import io.mlog.core.producer.ProducerStates;
import io.mlog.core.replication.HighWatermark.Durability;
import io.mlog.core.replication.IsrLimits;
import io.mlog.core.replication.IsrMember;
import io.mlog.core.replication.PartitionView;
import io.mlog.model.TopicId;
import io.mlog.model.TopicPartition;
import io.mlog.records.Codec;
import io.mlog.records.RecordBatchBuilder;
import io.mlog.storage.CompactionConfig;
import io.mlog.storage.DataDirectory;
import io.mlog.storage.LogConfig;
import io.mlog.storage.fake.MemoryFileStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CompactorTest {
    private static final Path ROOT = Path.of("/data");
    private static final CompactionConfig EAGER = new CompactionConfig(0.5, 0, Long.MAX_VALUE, 0);

    private final MemoryFileStore files = new MemoryFileStore(System::currentTimeMillis);
    private final HostedPartitions hosted = new HostedPartitions();
    private final List<Throwable> bugs = new ArrayList<>();
    private DataDirectory directory;
    private Compactor compactor;
    private Metrics metrics;

    @BeforeEach
    void begin() throws IOException {
        directory = DataDirectory.open(files, ROOT, 0, Clock.systemUTC(), new Random(1));
        compactor = new Compactor(hosted, directory, new CompactionLimits(1 << 20, 0), bugs::add);
        metrics = new Metrics();
        metrics.add(new CompactionMetrics(compactor, hosted));
    }

    @AfterEach
    void end() {
        compactor.close();
        directory.close();
        assertThat(bugs).isEmpty();
    }

    private Partition host(String topic, Optional<CompactionConfig> compaction) throws IOException {
        TopicPartition name = new TopicPartition(topic, 0);
        TopicId id = new TopicId(1, topic.hashCode());
        ProducerStates producers = new ProducerStates(10, 1000);
        LogConfig segments = new LogConfig(1000, 1_000_000, 100, 100_000);
        Partition partition =
                new Partition(
                        name,
                        id,
                        directory.createLog(
                                name,
                                id,
                                segments,
                                new ReplayedProducers(producers, Clock.systemUTC())),
                        producers,
                        settings(compaction),
                        0,
                        new PartitionPorts(
                                new IsrMember(1, 10),
                                target -> {},
                                new NoTimer(),
                                Clock.systemUTC(),
                                new IsrLimits(100, 3000),
                                (proposed, topicId, proposal) -> {},
                                followed -> {}));
        partition.apply(new PartitionView(1, 3, 0, List.of(1), List.of(1), 1, Map.of(1, 10L)));
        hosted.add(partition);
        return partition;
    }

    private static PartitionSettings settings(Optional<CompactionConfig> compaction) {
        return new PartitionSettings(1 << 20, Durability.GROUP, false, -1, -1, compaction);
    }

    private static final class NoTimer implements Timer {
        @Override
        public Cancellable after(long delayMs, Runnable task) {
            return () -> {};
        }

        @Override
        public long nowMs() {
            return 0;
        }
    }

    /** Writes each of five keys so often, committed and in closed segments. */
    private static void fill(Partition partition, int times) {
        for (int i = 0; i < 5 * times; i++) {
            RecordBatchBuilder builder = new RecordBatchBuilder(256, 1 << 20);
            builder.reset(Codec.NONE);
            byte[] key = ("k" + i % 5).getBytes(UTF_8);
            byte[] value = ("v" + "x".repeat(50) + i).getBytes(UTF_8);
            builder.append(1, ByteBuffer.wrap(key), ByteBuffer.wrap(value), List.of());
            ByteBuffer built = builder.build();
            ByteBuffer batch = ByteBuffer.allocateDirect(built.remaining()).put(built).flip();
            partition.log().append(batch, 3, 1);
        }
        partition.log().roll();
        partition.flush();
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        while (!condition.getAsBoolean()) {
            TimeUnit.MILLISECONDS.sleep(2);
        }
    }

    private String page() {
        return new String(metrics.scrape(), UTF_8);
    }

    @Test
    void compactsWhatIsDueAndNothingElse() throws Exception {
        Partition due = host("due", Optional.of(EAGER));
        Partition other = host("other", Optional.empty());
        fill(due, 20);
        fill(other, 20);
        long before = other.log().sizeBytes();
        assertThat(page())
                .contains("mlog_cleaner_max_dirty_ratio 1.0")
                .contains("mlog_cleaner_seconds_since_last_run -1.0");

        compactor.look();
        await(() -> due.log().cleanedOffset() == 100);
        await(() -> compactor.figures().runs() == 1);

        assertThat(due.log().sizeBytes()).isLessThan(1000);
        assertThat(other.log().sizeBytes()).isEqualTo(before);
        compactor.look();
        assertThat(compactor.figures().runs()).isEqualTo(1);
        assertThat(page())
                .contains("mlog_cleaner_runs_total 1.0")
                .contains("mlog_cleaner_max_dirty_ratio 0.0")
                .contains("mlog_cleaner_uncleanable_partitions 0.0")
                .doesNotContain("mlog_cleaner_seconds_since_last_run -1.0");
    }

    @Test
    void aChangedPolicyTakesEffect() throws Exception {
        Partition partition = host("orders", Optional.empty());
        fill(partition, 20);
        assertThat(partition.wantsCompaction()).isFalse();
        partition.update(settings(Optional.of(EAGER)), LogConfig.DEFAULT);
        assertThat(partition.wantsCompaction()).isTrue();
        compactor.look();
        await(() -> partition.log().cleanedOffset() == 100);
        fill(partition, 20);
        partition.update(settings(Optional.empty()), LogConfig.DEFAULT);
        assertThat(partition.wantsCompaction()).isFalse();
        assertThat(partition.compaction()).isEmpty();
    }

    @Test
    void whatCannotBeCompactedIsMarkedAndTheOthersAreCompacted() throws Exception {
        Partition bad = host("bad", Optional.of(EAGER));
        Partition good = host("good", Optional.of(EAGER));
        fill(bad, 40);
        fill(good, 20);
        files.flipBit(ROOT.resolve("bad-0/00000000000000000000.log"), 300, 1);

        compactor.look();
        await(() -> good.log().cleanedOffset() == 100 && compactor.figures().runs() == 2);

        assertThat(bad.status().online()).isTrue();
        assertThat(bad.status().problem())
                .startsWith("not compacted any more: /data/bad-0/00000000000000000000.log at");
        assertThat(page()).contains("mlog_cleaner_uncleanable_partitions 1.0");
        assertThat(compactor.figures().failedRuns()).isEqualTo(1);
        fill(good, 40);
        compactor.look();
        await(() -> good.log().cleanedOffset() == 300);
        await(() -> compactor.figures().runs() == 3);
        assertThat(good.status().problem()).isEmpty();
    }

    /** The first of the two meets a full disk; there is room again while the other is compacted. */
    @Test
    void aLookThatComesWhileItWorksIsNotLost() throws Exception {
        Partition one = host("one", Optional.of(EAGER));
        Partition other = host("other", Optional.of(EAGER));
        fill(one, 20);
        fill(other, 20);
        Set<Path> untouched =
                new HashSet<>(List.of(ROOT.resolve("one-0"), ROOT.resolve("other-0")));
        files.faults()
                .failReads(file -> {
                    if (untouched.remove(file.getParent())) {
                        boolean first = !untouched.isEmpty();
                        files.faults().capacityBytes(first ? 0 : Long.MAX_VALUE);
                        if (!first) {
                            compactor.look();
                        }
                    }
                    return false;
                });

        compactor.look();

        await(() -> one.log().cleanedOffset() == 100 && other.log().cleanedOffset() == 100);
        await(() -> compactor.figures().runs() == 3);
        assertThat(compactor.figures().failedRuns()).isEqualTo(1);
    }

    @Test
    void closingStopsACompactionThatIsHeldBack() throws Exception {
        Partition partition = host("orders", Optional.of(EAGER));
        fill(partition, 400);
        Compactor slow =
                new Compactor(hosted, directory, new CompactionLimits(1 << 20, 1), bugs::add);
        slow.look();
        slow.close();
        assertThat(partition.log().cleanedOffset()).isZero();
        assertThat(partition.log().offlineReason()).isEmpty();
        slow.look();
        compactor.look();
        await(() -> partition.log().cleanedOffset() == 2000);
    }

    @Test
    void thePaceIsThatOfTheSetting() {
        CompactionThrottle throttle = new CompactionThrottle(1_000_000);
        long begun = System.nanoTime();
        for (int i = 0; i < 20; i++) {
            assertThat(throttle.passed(10_000)).isTrue();
        }
        assertThat(System.nanoTime() - begun).isGreaterThan(100_000_000L);
        throttle.close();
        assertThat(throttle.passed(1_000_000_000)).isFalse();
    }
}
