package io.mlog.broker.partition;

import static io.mlog.broker.partition.PartitionFixture.FIRST;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.core.replication.HighWatermark.Durability;
import io.mlog.model.Acks;
import io.mlog.model.ErrorCode;
import io.mlog.records.Codec;
import io.mlog.records.RecordBatchBuilder;
import io.mlog.services.OffsetFound;
import io.mlog.services.OffsetWanted;
import io.mlog.services.PartitionProduced;
import io.mlog.storage.CompactionConfig;
import io.mlog.storage.CompactionMemory;
import io.mlog.storage.LogConfig;
import io.mlog.storage.RealFileStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A topic of which the latest record of each key is kept. */
class CompactedTopicTest {
    private static final LogConfig SMALL = new LogConfig(1000, 1_000_000, 100, 100_000);

    @TempDir Path root;
    private PartitionFixture broker;

    @BeforeEach
    void start() throws IOException {
        broker = new PartitionFixture(root, Durability.OS, new RealFileStore(), SMALL);
        compacted(Optional.of(new CompactionConfig(0, 0, Long.MAX_VALUE, 1000)));
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    private void compacted(Optional<CompactionConfig> how) {
        broker.partition(FIRST)
                .update(new PartitionSettings(1 << 20, Durability.OS, false, -1, -1, how), SMALL);
    }

    private static ByteBuffer batch(Codec codec, long timestampMs, @Nullable String key) {
        RecordBatchBuilder builder = new RecordBatchBuilder(256, 1 << 20);
        builder.reset(codec);
        byte[] value = "v".repeat(100).getBytes(UTF_8);
        for (String each : new @Nullable String[] {"first", key}) {
            ByteBuffer bytes = each == null ? null : ByteBuffer.wrap(each.getBytes(UTF_8));
            builder.append(timestampMs, bytes, ByteBuffer.wrap(value), List.of());
        }
        ByteBuffer built = builder.build();
        return ByteBuffer.allocateDirect(built.remaining()).put(built).flip();
    }

    private PartitionProduced produce(ByteBuffer batch) {
        broker.produced.clear();
        broker.produce(Acks.LEADER, 5000, FIRST, batch);
        assertThat(broker.produced).hasSize(1);
        return broker.produced.getFirst();
    }

    @ParameterizedTest
    @EnumSource(Codec.class)
    void refusesRecordsWithoutAKeyAlsoCompressedOnes(Codec codec) {
        PartitionProduced refused = produce(batch(codec, 1, null));
        assertThat(refused.error()).isEqualTo(ErrorCode.INVALID_RECORD);
        assertThat(refused.message()).contains("record 1 of 2 has no key");
        assertThat(broker.partition(FIRST).log().logEndOffset()).isZero();
        assertThat(produce(batch(codec, 1, "k")).error()).isEqualTo(ErrorCode.NONE);
        compacted(Optional.empty());
        assertThat(produce(batch(codec, 1, null)).error()).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void timesAreFoundAfterCompaction() throws Exception {
        for (int i = 0; i < 50; i++) {
            produce(batch(Codec.of(i % 5), 1000 + i, "k" + i));
        }
        Partition partition = broker.partition(FIRST);
        partition.log().roll();
        partition.flush();
        partition.compaction().orElseThrow().run(new CompactionMemory(1 << 20), bytes -> true);
        assertThat(partition.log().cleanedOffset()).isEqualTo(100);
        // Of each batch only its second record is left; "first" is in the last one.
        assertThat(found(new OffsetWanted.AtOrAfter(1010))).isEqualTo(new OffsetFound(21, 1010, 3));
        assertThat(found(new OffsetWanted.MaxTimestamp())).isEqualTo(new OffsetFound(98, 1049, 3));
        assertThat(found(new OffsetWanted.Earliest()).offset()).isZero();
        assertThat(found(new OffsetWanted.Latest()).offset()).isEqualTo(100);
    }

    private OffsetFound found(OffsetWanted wanted) throws Exception {
        return broker.records.findOffset(FIRST, wanted).get();
    }
}
