package io.mlog.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import io.mlog.storage.fake.MemoryFileStore.Crash;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecoveryTest {
    @Test
    void noFlushedRecordIsLostWhateverACrashTearsAndOffsetsStayWithoutGaps() throws IOException {
        int recovered = 0;
        int cut = 0;
        for (long seed = 0; seed < 120; seed++) {
            try (Disk disk = Disk.seeded(seed)) {
                for (int life = 0; life < 4; life++) {
                    disk.appendMany(1 + (int) (seed * 7 + life * 3L) % 30);
                    if (seed % 3 == 0) {
                        disk.checkpoint();
                    }
                    long flushed = disk.log.flush();
                    if (seed % 2 == 0) {
                        disk.checkpoint();
                    }
                    disk.appendMany((int) (seed + life) % 20);

                    disk.crash(Crash.TORN);

                    assertThat(disk.report.damages()).as("seed %d", seed).isEmpty();
                    assertThat(disk.log.logEndOffset())
                            .as("seed %d", seed)
                            .isGreaterThanOrEqualTo(flushed)
                            .isEqualTo(disk.log.flushedOffset());
                    assertThat(disk.readAll())
                            .as("seed %d", seed)
                            .isEqualTo(Disk.expected(0, disk.log.logEndOffset()));
                    recovered += disk.log.logEndOffset() > flushed ? 1 : 0;
                    cut += disk.report.cutBytes() > 0 ? 1 : 0;
                }
            }
        }
        assertThat(recovered).as("lives whose unflushed tail was kept").isGreaterThan(50);
        assertThat(cut).as("lives whose tail was torn").isGreaterThan(50);
    }

    @Test
    void leaderEpochsThatARecoveryFoundAreKnownAfterTheNext() throws IOException {
        try (Disk disk = Disk.small()) {
            disk.log.append(Batches.batch(0, "a"), 1, 0);
            disk.log.flush();
            disk.checkpoint();
            disk.log.append(Batches.batch(0, "b"), 2, 0);
            disk.crash(Crash.PROCESS);
            disk.checkpoint();

            disk.crash(Crash.PROCESS);

            assertThat(disk.log.epochForOffset(0)).isEqualTo(1);
            assertThat(disk.log.epochForOffset(1)).isEqualTo(2);
            assertThat(disk.log.latestEpoch()).isEqualTo(2);
        }
    }

    @Test
    void aTailTornAnywhereIsCutAtTheLastWholeBatch() throws IOException {
        int one = Batches.batch(0, Disk.value(0)).remaining();
        for (int kept = 0; kept < one; kept++) {
            try (Disk disk = Disk.with(new LogConfig(1 << 20, 1000, 100, 1 << 20))) {
                disk.appendMany(3);
                disk.log.flush();
                disk.checkpoint();
                int bytes = kept;
                disk.faults().failWrites(path -> path.toString().endsWith(".log"), bytes);
                disk.faults().failTruncations(path -> true);
                assertThatThrownBy(() -> disk.append(Disk.value(3)))
                        .isInstanceOf(MlogException.class);
                disk.faults().failWrites(path -> false, 0);
                disk.faults().failTruncations(path -> false);

                disk.crash(Crash.PROCESS);

                assertThat(disk.readAll()).isEqualTo(Disk.expected(0, 3));
                assertThat(disk.report.cutBytes()).isEqualTo(kept);
                assertThat(disk.append("next")).isEqualTo(3);
            }
        }
    }

    @Test
    void whatRecoveryKeptIsDurableBeforeItCountsAsFlushed() throws IOException {
        try (Disk disk = Disk.small()) {
            disk.appendMany(30);

            disk.crash(Crash.PROCESS);
            assertThat(disk.log.flushedOffset()).isEqualTo(30);
            disk.crash(Crash.POWER);

            assertThat(disk.readAll()).isEqualTo(Disk.expected(0, 30));
        }
    }

    @Test
    void recoveryReadsFromTheRecoveryPointOnly() throws IOException {
        try (Disk disk = Disk.with(new LogConfig(1 << 20, 1000, 1000, 1 << 20))) {
            disk.appendMany(2000);
            disk.log.flush();
            disk.checkpoint();
            disk.appendMany(10);
            long size = disk.sizeOf(disk.segment(0));

            disk.crash(Crash.PROCESS);

            assertThat(disk.report.clean()).isFalse();
            assertThat(disk.report.scannedBytes()).isEqualTo(size / 2010 * 10);
            assertThat(disk.readAll()).isEqualTo(Disk.expected(0, 2010));
        }
    }

    @Test
    void aCleanStopLosesNothingAndTheNextStartDoesNotScan() throws IOException {
        try (Disk disk = Disk.small()) {
            disk.appendMany(50);

            disk.stopCleanly();
            disk.crash(Crash.POWER);

            assertThat(disk.report).isEqualTo(new RecoveryReport(true, 0, 0, "", List.of()));
            assertThat(disk.directory.stoppedCleanly()).isTrue();
            assertThat(disk.readAll()).isEqualTo(Disk.expected(0, 50));
            assertThat(disk.append("next")).isEqualTo(50);
        }
    }

    @Test
    void theStopMarkerCountsOnce() throws IOException {
        try (Disk disk = Disk.small()) {
            disk.appendMany(5);
            disk.stopCleanlyAndReopen();
            disk.appendMany(5);

            disk.crash(Crash.PROCESS);

            assertThat(disk.report.clean()).isFalse();
            assertThat(disk.readAll()).isEqualTo(Disk.expected(0, 10));
        }
    }

    @Test
    void aFileThatLostDurableBytesIsReportedAndItsOffsetsAreNotGivenAgain() throws IOException {
        try (Disk disk = Disk.with(new LogConfig(1 << 20, 1000, 100, 1 << 20))) {
            disk.appendMany(20);
            disk.log.flush();
            disk.checkpoint();
            long size = disk.sizeOf(disk.segment(0));
            try (StoreFile file = disk.store.open(disk.segment(0), FileStore.Open.WRITE)) {
                file.truncate(size - 10);
                file.force();
            }

            disk.crash(Crash.PROCESS);

            assertThat(disk.report.damages()).hasSize(1);
            Damage damage = disk.report.damages().get(0);
            assertThat(damage.file()).isEqualTo(disk.segment(0).toString());
            assertThat(damage.position()).isEqualTo(size / 20 * 19);
            assertThat(disk.log.logEndOffset()).isEqualTo(20);
            assertThat(disk.readRange(0, 19)).isEqualTo(Disk.expected(0, 19));
            assertCorrupt(disk, 19);
            assertThat(disk.append("next")).isEqualTo(20);
            assertThat(disk.readFrom(20)).containsExactly("20=next");
            disk.log.flush();
            disk.crash(Crash.POWER);
            assertCorrupt(disk, 19);
            assertThat(disk.readFrom(20)).containsExactly("20=next");
        }
    }

    @Test
    void aMissingSegmentFileIsReportedAndItsOffsetsAnswerAsDamaged() throws IOException {
        try (Disk disk = Disk.small()) {
            disk.appendMany(50);
            disk.log.flush();
            disk.checkpoint();
            long base = secondSegment(disk);
            disk.store.delete(disk.segment(base));

            disk.crash(Crash.PROCESS);

            assertCorrupt(disk, base);
            assertThat(disk.readFrom(40)).isEqualTo(Disk.expected(40, 50));
        }
    }

    @Test
    void allSegmentFilesMissingIsDamageAndOffsetsGoOn() throws IOException {
        try (Disk disk = Disk.small()) {
            disk.appendMany(50);
            disk.log.flush();
            disk.checkpoint();
            for (Path file : disk.store.list(Disk.LOG_DIR)) {
                if (file.toString().endsWith(".log")) {
                    disk.store.delete(file);
                }
            }

            disk.crash(Crash.PROCESS);

            assertThat(disk.report.damages()).hasSize(1);
            assertThat(disk.log.logEndOffset()).isEqualTo(50);
            assertCorrupt(disk, 10);
        }
    }

    @Test
    void withoutARecoveryPointABadBatchInAClosedSegmentIsDamageAndNothingBehindItIsLost()
            throws IOException {
        try (Disk disk = Disk.small()) {
            disk.appendMany(50);
            disk.log.flush();
            disk.checkpoint();
            long base = secondSegment(disk);
            disk.store.flipBit(disk.segment(base), 70, 3);
            disk.store.delete(Disk.ROOT.resolve(Checkpoints.RECOVERY_POINTS));

            disk.crash(Crash.PROCESS);

            assertThat(disk.report.damages()).hasSize(1);
            assertThat(disk.report.damages().get(0).offset()).isEqualTo(base);
            assertThat(disk.log.logEndOffset()).isEqualTo(50);
            assertCorrupt(disk, base);
            assertThat(disk.readFrom(base + 1)).isEqualTo(Disk.expected(base + 1, 50));
        }
    }

    @Test
    void aDamagedRecoveryPointFileLeadsToAFullScan() throws IOException {
        try (Disk disk = Disk.small()) {
            disk.appendMany(50);
            disk.log.flush();
            disk.checkpoint();
            disk.store.flipBit(Disk.ROOT.resolve(Checkpoints.RECOVERY_POINTS), 30, 0);

            disk.crash(Crash.PROCESS);

            assertThat(disk.report.scannedBytes()).isEqualTo(disk.log.sizeBytes());
            assertThat(disk.readAll()).isEqualTo(Disk.expected(0, 50));
        }
    }

    @Test
    void missingDamagedOrHalfWrittenIndexesAreMadeAgain() throws IOException {
        for (String ending : List.of(SegmentFiles.INDEX, SegmentFiles.TIME_INDEX)) {
            for (int damage = 0; damage < 3; damage++) {
                try (Disk disk = Disk.small()) {
                    disk.appendMany(60);
                    disk.stopCleanly();
                    for (Path file : disk.store.list(Disk.LOG_DIR)) {
                        if (file.toString().endsWith(ending)) {
                            spoil(disk, file, damage);
                        }
                    }
                    disk.reopen();

                    assertThat(disk.report.damages()).isEmpty();
                    assertThat(disk.readAll()).isEqualTo(Disk.expected(0, 60));
                    for (long offset = 0; offset < 60; offset++) {
                        long at = offset;
                        assertThat(disk.readFrom(at)).isEqualTo(Disk.expected(at, 60));
                    }
                    assertThat(disk.log.offsetForTimestamp(0, 60).orElseThrow().baseOffset())
                            .isZero();
                }
            }
        }
    }

    private static void spoil(Disk disk, Path file, int damage) throws IOException {
        switch (damage) {
            case 0 -> disk.store.delete(file);
            case 1 -> {
                try (StoreFile open = disk.store.open(file, FileStore.Open.WRITE)) {
                    open.truncate(open.size() - 3);
                }
            }
            default -> {
                try (StoreFile open = disk.store.open(file, FileStore.Open.WRITE)) {
                    int size = (int) open.size();
                    ByteBuffer noise = ByteBuffer.allocate(size);
                    new java.util.Random(size).nextBytes(noise.array());
                    open.write(noise, 0);
                }
            }
        }
    }

    @Test
    void epochsAreReadFromBatchesWhenTheirFileIsDamaged() throws IOException {
        try (Disk disk = Disk.small()) {
            for (int epoch = 1; epoch < 30; epoch++) {
                disk.append(epoch, Disk.value(epoch));
            }
            disk.log.flush();
            disk.checkpoint();
            disk.store.flipBit(Disk.LOG_DIR.resolve(LogFlush.EPOCHS_FILE), 20, 1);

            disk.crash(Crash.PROCESS);

            assertThat(disk.report.damages()).hasSize(1);
            for (int epoch = 1; epoch < 30; epoch++) {
                assertThat(disk.log.epochForOffset(epoch - 1)).isEqualTo(epoch);
            }
        }
    }

    @Test
    void aLogThatCannotBeReadFailsAloneWithItsReason() throws IOException {
        try (Disk disk = Disk.small()) {
            disk.appendMany(5);
            disk.stopCleanly();
            disk.faults().failReads(path -> path.equals(disk.segment(0)));
            assertThatThrownBy(disk::reopen).hasMessageContaining("Failed");

            assertThat(disk.openFound())
                    .isInstanceOfSatisfying(
                            OpenedLog.Failed.class,
                            failed ->
                                    assertThat(failed.reason())
                                            .contains("cannot open /data/orders-0")
                                            .contains("input/output error"));
        }
    }

    private static long secondSegment(Disk disk) throws IOException {
        return disk.store.list(Disk.LOG_DIR).stream()
                .map(file -> SegmentFiles.number(file, "", SegmentFiles.LOG))
                .filter(java.util.OptionalLong::isPresent)
                .mapToLong(java.util.OptionalLong::getAsLong)
                .filter(base -> base > 0)
                .findFirst()
                .orElseThrow();
    }

    private static void assertCorrupt(Disk disk, long offset) {
        assertThatThrownBy(() -> disk.log.read(offset, 100, disk.log.logEndOffset(), true))
                .isInstanceOfSatisfying(
                        MlogException.class,
                        e -> {
                            assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT_MESSAGE);
                            assertThat(e.reason())
                                    .contains("/data/orders-0/", "position", "expected", "found");
                        });
    }
}
