package io.mlog.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import io.mlog.model.OffsetAndEpoch;
import io.mlog.records.RecordsSlice;
import io.mlog.storage.fake.MemoryFileStore.Crash;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TruncateAndRetainTest {
    @Test
    void truncationCutsBatchesIndexesAndEpochsAndAppendsGoOnThere() throws IOException {
        for (long to = 0; to <= 60; to++) {
            try (Disk disk = Disk.small()) {
                for (int i = 0; i < 60; i++) {
                    disk.append(i / 20, Disk.value(i));
                }
                disk.log.flush();
                disk.checkpoint();

                assertThat(disk.log.truncateTo(to)).isEqualTo(to);

                assertThat(disk.log.logEndOffset()).isEqualTo(to);
                assertThat(disk.log.flushedOffset()).isEqualTo(to);
                assertThat(disk.readAll()).isEqualTo(Disk.expected(0, to));
                assertThat(disk.log.endOffsetOfEpoch(9))
                        .isEqualTo(
                                to == 0
                                        ? new OffsetAndEpoch(-1, -1)
                                        : new OffsetAndEpoch(to, (int) (to - 1) / 20));
                disk.log.append(Batches.batch(0, Disk.value(to)), 7, 0);
                disk.log.flush();
                disk.crash(Crash.POWER);
                assertThat(disk.readAll()).isEqualTo(Disk.expected(0, to + 1));
                assertThat(disk.log.epochForOffset(to)).isEqualTo(7);
            }
        }
    }

    @Test
    void aBatchThatHoldsTheOffsetIsCutAsAWhole() throws IOException {
        try (Disk disk = Disk.small()) {
            disk.append("a", "b");
            disk.append("c", "d", "e");

            assertThat(disk.log.truncateTo(3)).isEqualTo(2);
            assertThat(disk.readAll()).containsExactly("0=a", "1=b");
        }
    }

    @Test
    void theRecoveryPointIsLoweredDurablyBeforeAnythingIsCut() throws IOException {
        try (Disk disk = Disk.small()) {
            disk.appendMany(60);
            disk.log.flush();
            disk.checkpoint();
            List<String> forced = new ArrayList<>();
            disk.faults()
                    .duringForce(
                            () -> forced.add(disk.log.logEndOffset() + "/" + disk.log.sizeBytes()));
            String before = disk.log.logEndOffset() + "/" + disk.log.sizeBytes();

            disk.log.truncateTo(35);

            String after = disk.log.logEndOffset() + "/" + disk.log.sizeBytes();
            assertThat(forced).startsWith(before).endsWith(after).containsOnly(before, after);
            disk.crash(Crash.TORN);
            assertThat(disk.report.damages()).isEmpty();
            assertThat(disk.readAll()).isEqualTo(Disk.expected(0, disk.log.logEndOffset()));
        }
    }

    @Test
    void whatWasCutDoesNotComeBackBelowWhatFollows() throws IOException {
        for (long seed = 0; seed < 150; seed++) {
            try (Disk disk = Disk.seeded(seed)) {
                for (int i = 0; i < 20; i++) {
                    disk.append("old");
                }
                disk.log.flush();
                disk.checkpoint();
                disk.log.truncateTo(10);
                for (int i = 0; i < 5; i++) {
                    disk.log.append(Batches.batch(0, "new"), 1, 0);
                }

                disk.crash(Crash.TORN);

                for (long i = 10; i < disk.log.logEndOffset(); i++) {
                    assertThat(disk.readFrom(i).get(0)).as("seed %d", seed).isEqualTo(i + "=new");
                }
            }
        }
    }

    @Test
    void whateverIsLeftOfATruncationAfterACrashIsNeverTakenForDamage() throws IOException {
        for (long seed = 0; seed < 150; seed++) {
            try (Disk disk = Disk.seeded(seed)) {
                disk.appendMany(50);
                disk.log.flush();
                disk.checkpoint();
                long to = 50 - seed % 40;
                disk.log.truncateTo(to);
                for (int i = 0; i < seed % 7; i++) {
                    disk.log.append(Batches.batch(0, "new " + i), 1, 0);
                }
                long flushed = seed % 2 == 0 ? disk.log.flush() : to;

                disk.crash(Crash.TORN);

                assertThat(disk.report.damages()).as("seed %d", seed).isEmpty();
                assertThat(disk.log.logEndOffset()).isGreaterThanOrEqualTo(flushed);
                assertThat(disk.readRange(0, to)).isEqualTo(Disk.expected(0, to));
                if (seed % 2 == 0) {
                    for (long i = to; i < flushed; i++) {
                        assertThat(disk.readFrom(i).get(0)).isEqualTo(i + "=new " + (i - to));
                    }
                }
            }
        }
    }

    @Test
    void whatWasCutDoesNotComeBackWhenThePowerFailsBehindTheNextSegment() throws IOException {
        try (Disk disk = Disk.with(LogConfig.DEFAULT)) {
            disk.appendMany(10);
            disk.log.flush();
            disk.log.truncateTo(6);
            disk.log.roll();
            disk.append("another 6");
            disk.log.flush();
            disk.checkpoint();

            disk.crash(Crash.POWER);

            List<String> expected = new ArrayList<>(Disk.expected(0, 6));
            expected.add("6=another 6");
            assertThat(disk.readAll()).isEqualTo(expected);
            assertThat(Batches.records(disk.log.read(5, 10_000, 7, true)))
                    .containsExactly("5=" + Disk.value(5));
        }
    }

    @Test
    void indexFilesFromBeforeACutAreNotBelievedAboutWhatWasAppendedSince() throws IOException {
        try (Disk disk = Disk.with(new LogConfig(1 << 20, 1_000_000, 1, 1 << 20))) {
            disk.appendMany(5);
            disk.log.flush();
            disk.checkpoint();
            disk.log.truncateTo(0);
            disk.nowMs.addAndGet(100);
            disk.appendMany(5);
            disk.log.flush();
            disk.log.truncateTo(4);

            disk.crash(Crash.PROCESS);

            assertThat(disk.log.offsetForTimestamp(disk.nowMs.get(), 5))
                    .map(FoundBatch::baseOffset)
                    .contains(0L);
        }
    }

    @Test
    void truncationBelowTheLogStartBeginsTheLogAnewThere() throws IOException {
        try (Disk disk = Disk.small()) {
            disk.appendMany(60);
            disk.log.flush();
            disk.log.advanceLogStart(50);
            disk.checkpoint();

            assertThat(disk.log.truncateTo(20)).isEqualTo(20);

            assertThat(disk.log.logStartOffset()).isEqualTo(20);
            disk.appendMany(5);
            disk.log.flush();
            disk.checkpoint();
            disk.crash(Crash.POWER);
            assertThat(disk.report.damages()).isEmpty();
            assertThat(disk.readAll()).isEqualTo(Disk.expected(20, 25));
        }
    }

    @Test
    void recordsBelowAnAdvancedLogStartAreGoneForGoodAfterACheckpoint() throws IOException {
        try (Disk disk = Disk.small()) {
            disk.appendMany(60);
            int segments = disk.log.segmentCount();

            disk.log.advanceLogStart(33);

            assertThat(disk.log.segmentCount()).isLessThan(segments);
            assertRefused(disk, 32);
            assertThat(disk.readAll()).isEqualTo(Disk.expected(33, 60));
            disk.log.flush();
            disk.checkpoint();
            disk.crash(Crash.POWER);
            assertThat(disk.log.logStartOffset()).isEqualTo(33);
            assertThat(disk.readAll()).isEqualTo(Disk.expected(33, 60));
        }
    }

    @Test
    void theLogStartCannotPassTheLogEnd() throws IOException {
        try (Disk disk = Disk.small()) {
            disk.appendMany(5);

            assertThatThrownBy(() -> disk.log.advanceLogStart(6))
                    .isInstanceOfSatisfying(
                            MlogException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE));
            disk.log.advanceLogStart(5);
            assertThat(disk.log.logStartOffset()).isEqualTo(5);
            assertThat(disk.append("x")).isEqualTo(5);
        }
    }

    @Test
    void retentionBySizeDropsTheOldestSegmentsAndKeepsAtLeastThatMuch() throws IOException {
        try (Disk disk = Disk.small()) {
            disk.appendMany(100);

            int dropped = disk.log.deleteExpired(0, -1, 3000, 100);

            assertThat(dropped).isPositive();
            assertThat(disk.log.sizeBytes()).isBetween(3000L, 4000L);
            assertThat(disk.readAll()).isEqualTo(Disk.expected(disk.log.logStartOffset(), 100));
            assertThat(disk.log.deleteExpired(0, -1, 3000, 100)).isZero();
        }
    }

    @Test
    void retentionByTimeCountsFromTheAppendNotFromTheRecordsTimestamp() throws IOException {
        try (Disk disk = Disk.small()) {
            for (int i = 0; i < 30; i++) {
                disk.log.append(Batches.batch(Long.MAX_VALUE / 2, Disk.value(i)), 0, 1000);
            }
            disk.log.append(Batches.batch(0, "young"), 0, 5000);

            assertThat(disk.log.deleteExpired(2000, 1000, -1, 31)).isZero();
            assertThat(disk.log.deleteExpired(2001, 1000, -1, 31)).isPositive();
            assertThat(disk.readAll()).contains("30=young").hasSizeLessThan(31);
        }
    }

    @Test
    void anIdleActiveSegmentGoesTooWhenItIsOverAge() throws IOException {
        try (Disk disk = Disk.small()) {
            disk.appendMany(3);

            assertThat(disk.log.deleteExpired(disk.nowMs.get() + 101, 100, -1, 3)).isEqualTo(1);
            assertThat(disk.log.logStartOffset()).isEqualTo(3);
            assertThat(disk.log.logEndOffset()).isEqualTo(3);
        }
    }

    @Test
    void retentionNeverPassesTheHighWatermark() throws IOException {
        try (Disk disk = Disk.small()) {
            disk.appendMany(100);

            disk.log.deleteExpired(Long.MAX_VALUE / 2, 0, 0, 40);

            assertThat(disk.log.logStartOffset()).isBetween(30L, 40L);
        }
    }

    @Test
    void timesOfAppendsSurviveARestart() throws IOException {
        try (Disk disk = Disk.small()) {
            disk.appendMany(30);
            disk.log.flush();
            long appended = disk.nowMs.get();
            disk.nowMs.addAndGet(50_000);
            disk.stopCleanlyAndReopen();

            assertThat(disk.log.deleteExpired(appended + 1000, 1000, -1, 30)).isZero();
            assertThat(disk.log.deleteExpired(appended + 1001, 1000, -1, 30)).isPositive();
        }
    }

    @Test
    void aReaderFinishesWithASegmentThatWasDroppedAndTheFileGoesAfterIt() throws IOException {
        try (Disk disk = Disk.small()) {
            disk.appendMany(50);
            RecordsSlice slice = disk.log.read(0, 310, 50, true);

            disk.log.deleteExpired(0, -1, 0, 50);
            disk.log.reapDeleted();

            assertThat(names(disk)).anyMatch(name -> name.endsWith(SegmentFiles.DROPPED));
            assertThat(Batches.records(slice)).isEqualTo(Disk.expected(0, 3));
            disk.log.reapDeleted();
            assertThat(names(disk)).noneMatch(name -> name.endsWith(SegmentFiles.DROPPED));
            assertThat(names(disk)).noneMatch(name -> name.startsWith(SegmentFiles.digits(0)));
        }
    }

    @Test
    void droppedSegmentsThatWereNotUnlinkedAreGoneAtTheNextStart() throws IOException {
        try (Disk disk = Disk.small()) {
            disk.appendMany(50);
            disk.log.flush();
            disk.log.deleteExpired(0, -1, 0, 50);

            disk.crash(Crash.PROCESS);

            assertThat(names(disk)).noneMatch(name -> name.endsWith(SegmentFiles.DROPPED));
            assertThat(disk.report.damages()).isEmpty();
        }
    }

    private static List<String> names(Disk disk) throws IOException {
        return disk.store.list(Disk.LOG_DIR).stream()
                .map(file -> String.valueOf(file.getFileName()))
                .toList();
    }

    private static void assertRefused(Disk disk, long offset) {
        assertThatThrownBy(() -> disk.log.read(offset, 100, 1000, true))
                .isInstanceOfSatisfying(
                        MlogException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE));
    }
}
