package io.mlog.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlog.records.Codec;
import io.mlog.records.RecordBatchBuilder;
import io.mlog.records.RecordHeader;
import io.mlog.storage.fake.MemoryFileStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FileDumpTest {
    private final List<DumpLine> lines = new ArrayList<>();

    @Test
    void aSegmentIsPrintedBatchByBatchAndOnDemandRecordByRecord() throws IOException {
        try (Disk disk = Disk.with(LogConfig.DEFAULT)) {
            disk.append("a", "b");
            disk.append(3, "c");

            assertThat(dump(disk, disk.segment(0), false)).isZero();
            assertThat(types()).containsExactly("file", "batch", "batch");
            assertThat(lines.get(1).fields())
                    .containsEntry("position", 0)
                    .containsEntry("baseOffset", 0L)
                    .containsEntry("lastOffset", 1L)
                    .containsEntry("records", 2)
                    .containsEntry("codec", "NONE")
                    .containsEntry("whole", true);
            assertThat(lines.get(2).fields())
                    .containsEntry("position", lines.get(1).fields().get("sizeBytes"))
                    .containsEntry("baseOffset", 2L)
                    .containsEntry("leaderEpoch", 3);

            assertThat(dump(disk, disk.segment(0), true)).isZero();
            assertThat(types())
                    .containsExactly("file", "batch", "record", "record", "batch", "record");
            assertThat(lines.get(3).fields())
                    .containsExactlyInAnyOrderEntriesOf(
                            Map.of(
                                    "offset",
                                    1L,
                                    "timestampMs",
                                    disk.nowMs.get(),
                                    "key",
                                    Optional.empty(),
                                    "value",
                                    "b"));
        }
    }

    @Test
    void bytesThatAreNoTextAreInBase64AndOfLongOnesTheBeginningIsShown() throws IOException {
        try (Disk disk = Disk.with(LogConfig.DEFAULT)) {
            RecordBatchBuilder builder = new RecordBatchBuilder(1024, 1 << 24);
            builder.reset(Codec.ZSTD);
            byte[] longText = "é".repeat(5000).getBytes(StandardCharsets.UTF_8);
            longText[0] = 'x';
            longText[1] = 'y';
            builder.append(
                    1,
                    ByteBuffer.wrap(new byte[] {(byte) 0xff, 0}),
                    ByteBuffer.wrap(longText),
                    List.of(new RecordHeader("h", ByteBuffer.wrap(new byte[] {'v'}))));
            ByteBuffer built = builder.build();
            disk.log.append(ByteBuffer.allocateDirect(built.remaining()).put(built).flip(), 0, 1);

            assertThat(dump(disk, disk.segment(0), true)).isZero();

            Map<String, Object> record = lines.get(2).fields();
            assertThat(record)
                    .containsEntry("keyBase64", "/wA=")
                    .containsEntry("valueBytes", longText.length)
                    .containsEntry("value", "xy" + "é".repeat(2047))
                    .containsEntry("headers", List.of(Map.of("key", "h", "value", "v")));
        }
    }

    @Test
    void indexesAndCheckpointsAreShownWithTheirFields() throws IOException {
        try (Disk disk = Disk.with(new LogConfig(1 << 20, 1_000_000, 250, 100_000))) {
            disk.appendMany(10);
            disk.append(2, Disk.value(10));
            disk.log.roll();
            disk.log.flush();
            disk.checkpoint();
            disk.stopCleanly();
            int one = Batches.batch(0, Disk.value(0)).remaining();

            dump(disk, new SegmentFiles(Disk.LOG_DIR, 0).index(), false);
            assertThat(lines.get(1))
                    .isEqualTo(
                            DumpLine.of(
                                    "indexEntry",
                                    "position",
                                    0L,
                                    "relativeOffset",
                                    3,
                                    "offset",
                                    3L,
                                    "batchPosition",
                                    3 * one));
            dump(disk, new SegmentFiles(Disk.LOG_DIR, 0).timeIndex(), false);
            assertThat(lines.getLast())
                    .isEqualTo(
                            DumpLine.of(
                                    "timeIndexEntry",
                                    "position",
                                    36L,
                                    "timestampMs",
                                    disk.nowMs.get(),
                                    "relativeOffset",
                                    11,
                                    "offset",
                                    11L));
            dump(disk, Disk.LOG_DIR.resolve("leader-epochs"), false);
            assertThat(lines.subList(1, 3))
                    .containsExactly(
                            DumpLine.of("leaderEpoch", "leaderEpoch", 0, "startOffset", 0L),
                            DumpLine.of("leaderEpoch", "leaderEpoch", 2, "startOffset", 10L));
            dump(disk, Disk.LOG_DIR.resolve("partition.metadata"), false);
            assertThat(lines.getLast().fields())
                    .containsEntry("topic", "orders")
                    .containsEntry("partition", 0)
                    .containsEntry("topicId", Disk.ORDERS_ID.toString());
            dump(disk, Disk.ROOT.resolve("recovery-point"), false);
            assertThat(lines.getLast().fields())
                    .containsEntry("segmentBaseOffset", 11L)
                    .containsEntry("offset", 11L)
                    .containsEntry("logStartOffset", 0L);
            dump(disk, Disk.ROOT.resolve("high-watermarks"), false);
            assertThat(lines.getLast().fields()).containsEntry("highWatermark", 11L);
            dump(disk, Disk.ROOT.resolve("identity"), false);
            assertThat(lines.getLast().fields())
                    .containsEntry("directoryId", disk.directory.directoryId());
            dump(disk, Disk.ROOT.resolve("boot-epoch"), false);
            assertThat(lines.getLast().fields())
                    .containsEntry("bootEpoch", disk.directory.bootEpoch());
            dump(disk, Disk.ROOT.resolve("clean-stop"), false);
            assertThat(lines.getFirst().fields()).containsEntry("kind", "stop marker");
            dump(disk, Disk.LOG_DIR.resolve("producers-00000000000000000011.snapshot"), false);
            assertThat(lines.subList(1, 3))
                    .containsExactly(
                            DumpLine.of("producers", "offset", 11L, "stateBytes", 0),
                            DumpLine.of("state", "bytes", 0));
        }
    }

    @Test
    void aDamagedSegmentIsPrintedAsFarAsItCanBeFollowed() throws IOException {
        try (Disk disk = Disk.with(LogConfig.DEFAULT)) {
            disk.appendMany(5);
            int one = Batches.batch(0, Disk.value(0)).remaining();
            disk.store.flipBit(disk.segment(0), one + 70L, 1);
            disk.store.flipBit(disk.segment(0), 3L * one, 1);

            assertThat(dump(disk, disk.segment(0), true)).isEqualTo(2);

            assertThat(types())
                    .containsExactly(
                            "file", "batch", "record", "damage", "batch", "batch", "record",
                            "damage");
            assertThat(lines.get(4).fields()).containsEntry("whole", false);
            assertThat(lines.getLast().fields()).containsEntry("position", 3L * one);
        }
    }

    @Test
    void garbageUnderAnyNameEndsInAMessageAndCostsNoMemory() throws IOException {
        MemoryFileStore store = new MemoryFileStore(() -> 0);
        Random random = new Random(7);
        List<String> names =
                List.of(
                        "00000000000000000000.log",
                        "00000000000000000000.idx",
                        "00000000000000000000.timeidx",
                        "recovery-point",
                        "any");
        for (int i = 0; i < 300; i++) {
            Path file = Path.of("/" + i, names.get(i % names.size()));
            store.createDirectories(Path.of("/" + i));
            byte[] bytes = new byte[random.nextInt(500)];
            random.nextBytes(bytes);
            ByteBuffer claim = ByteBuffer.wrap(bytes);
            if (bytes.length > 20 && i % 2 == 0) {
                // Right at first sight, and then a body of 2 GB.
                claim.putInt(0, CheckedFile.MAGIC).putShort(4, (short) (1 + i % 8));
                claim.putShort(6, CheckedFile.VERSION).putInt(8, Integer.MAX_VALUE - i);
            }
            try (StoreFile open = store.open(file, FileStore.Open.CREATE)) {
                open.write(claim, 0);
            }
            long damage;
            try {
                damage = new FileDump(store, true, state -> List.of(), line -> {}).run(file);
            } catch (DamagedFileException e) {
                damage = 1;
            }
            boolean anythingGoes = names.get(i % names.size()).endsWith("idx");
            if (!anythingGoes && bytes.length > 0) {
                assertThat(damage).as("%s %d", file, bytes.length).isPositive();
            }
        }
        assertThatThrownBy(() ->
                        new FileDump(store, false, state -> List.of(), line -> {})
                                .run(Path.of("/missing")))
                .isInstanceOf(java.nio.file.NoSuchFileException.class);
    }

    private long dump(Disk disk, Path file, boolean records) throws IOException {
        lines.clear();
        return new FileDump(
                        disk.store,
                        records,
                        state -> List.of(DumpLine.of("state", "bytes", state.remaining())),
                        lines::add)
                .run(file);
    }

    private List<String> types() {
        return lines.stream().map(DumpLine::type).toList();
    }
}
