package io.mlog.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import io.mlog.records.BatchHeader;
import io.mlog.records.RecordsSlice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AppendAndReadTest {
    @Test
    void whatWasAppendedIsReadBackWithTheOffsetsItGot() throws IOException {
        try (Disk disk = Disk.small()) {
            assertThat(disk.append("a", "b")).isZero();
            assertThat(disk.append("c")).isEqualTo(2);

            assertThat(disk.log.logEndOffset()).isEqualTo(3);
            assertThat(disk.readAll()).containsExactly("0=a", "1=b", "2=c");
        }
    }

    @Test
    void offsetsAndEpochAreAssignedInThePlaceOfTheBatch() throws IOException {
        try (Disk disk = Disk.small()) {
            disk.append("a", "b");
            ByteBuffer run = Batches.run(5, "c", "d");

            disk.log.append(run, 3, 0);

            assertThat(run.hasRemaining()).isFalse();
            assertThat(BatchHeader.baseOffset(run, 0)).isEqualTo(2);
            assertThat(BatchHeader.leaderEpoch(run, 0)).isEqualTo(3);
            assertThat(BatchHeader.baseOffset(run, BatchHeader.sizeBytes(run, 0))).isEqualTo(3);
        }
    }

    @Test
    void everyOffsetOfManySegmentsIsFoundWithWholeBatches() throws IOException {
        try (Disk disk = Disk.small()) {
            disk.appendMany(200);

            assertThat(disk.log.segmentCount()).isGreaterThan(10);
            assertThat(disk.readAll()).isEqualTo(Disk.expected(0, 200));
            for (long offset = 0; offset < 200; offset++) {
                RecordsSlice slice = disk.log.read(offset, 1, 200, true);
                assertThat(Batches.records(slice))
                        .containsExactly(offset + "=" + Disk.value(offset));
            }
        }
    }

    @Test
    void aReadBeginsWithTheBatchThatHoldsTheOffset() throws IOException {
        try (Disk disk = Disk.small()) {
            disk.append("a", "b", "c");
            disk.append("d");

            RecordsSlice slice = disk.log.read(1, 10_000, 4, true);

            assertThat(Batches.records(slice)).containsExactly("0=a", "1=b", "2=c", "3=d");
        }
    }

    @Test
    void aReadStaysBelowTheLimitWithWholeBatches() throws IOException {
        try (Disk disk = Disk.small()) {
            disk.append("a");
            disk.append("b", "c");
            disk.append("d");

            assertThat(Batches.records(disk.log.read(0, 10_000, 3, true)))
                    .containsExactly("0=a", "1=b", "2=c");
            assertThat(Batches.records(disk.log.read(0, 10_000, 2, true))).containsExactly("0=a");
            assertThat(disk.log.read(0, 10_000, 0, true).sizeBytes()).isZero();
            assertThat(disk.log.read(3, 10_000, 3, true).sizeBytes()).isZero();
        }
    }

    @Test
    void aReadStaysBelowItsMostBytesExceptForTheFirstBatch() throws IOException {
        try (Disk disk = Disk.small()) {
            disk.append("a");
            disk.append("b");
            disk.append("c");
            int one = Batches.batch(0, "a").remaining();

            assertThat(Batches.records(disk.log.read(0, 2 * one + 1, 3, true)))
                    .containsExactly("0=a", "1=b");
            assertThat(disk.log.read(0, 2 * one, 3, true).sizeBytes()).isEqualTo(2 * one);
            assertThat(disk.log.read(0, one - 1, 3, false).sizeBytes()).isZero();
            assertThat(Batches.records(disk.log.read(1, one - 1, 3, true))).containsExactly("1=b");
        }
    }

    @Test
    void aLookupInALargeSegmentReadsOnlyWhatLiesBehindAnIndexEntry() throws IOException {
        try (Disk disk = Disk.with(new LogConfig(1 << 20, 1000, 500, 1 << 20))) {
            disk.appendMany(3000);

            for (long offset = 0; offset < 3000; offset += 97) {
                long before = disk.store.readBytes();
                RecordsSlice slice = disk.log.read(offset, 450, 3000, true);
                assertThat(disk.store.readBytes() - before).isLessThan(2 * ScanBuffers.BYTES + 1);
                List<String> some = Batches.records(slice);
                assertThat(some).isEqualTo(Disk.expected(offset, offset + some.size()));
                assertThat(some).hasSizeBetween(3, 5);
            }
        }
    }

    @Test
    void aConsumerAtTheEndReadsWithoutLookingForItsPlace() throws IOException {
        try (Disk disk = Disk.with(new LogConfig(1 << 20, 1000, 500, 1 << 20))) {
            disk.appendMany(100);
            disk.log.read(0, 1 << 20, 100, true).release();
            long before = disk.store.readBytes();

            for (long next = 100; next < 200; next++) {
                disk.appendMany(1);
                disk.log.flush();
                RecordsSlice slice = disk.log.read(next, 1 << 20, disk.log.flushedOffset(), true);
                assertThat(slice.sizeBytes()).isPositive();
                slice.release();
            }
            assertThat(disk.store.readBytes()).isEqualTo(before);
        }
    }

    @Test
    void aReadAtTheEndIsEmptyAndBeyondItIsRefusedWithTheRange() throws IOException {
        try (Disk disk = Disk.small()) {
            disk.append("a");

            assertThat(disk.log.read(1, 100, 1, true)).isSameAs(RecordsSlice.EMPTY);
            assertThatThrownBy(() -> disk.log.read(2, 100, 1, true))
                    .isInstanceOfSatisfying(
                            MlogException.class,
                            e -> {
                                assertThat(e.code()).isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE);
                                assertThat(e.reason())
                                        .contains("offset 2 of orders-0")
                                        .contains("from 0 up to, not including, 1");
                            });
        }
    }

    @Test
    void bytesThatAreNoWholeBatchesAreRefusedAndNothingIsWritten() throws IOException {
        try (Disk disk = Disk.small()) {
            disk.append("a");
            ByteBuffer whole = Batches.batch(0, "b");

            for (int length = 0; length < whole.limit(); length++) {
                ByteBuffer part = whole.duplicate().limit(length);
                assertThatThrownBy(() -> disk.log.append(part, 0, 0))
                        .isInstanceOfSatisfying(
                                MlogException.class,
                                e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT_MESSAGE));
            }
            assertThat(disk.log.logEndOffset()).isEqualTo(1);
            assertThat(disk.log.append(whole, 0, 0)).isEqualTo(1);
        }
    }

    @Test
    void anOlderLeaderEpochIsOurBug() throws IOException {
        try (Disk disk = Disk.small()) {
            disk.append(4, "a");

            assertThatThrownBy(() -> disk.append(3, "b"))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("epoch 3 after one in 4");
        }
    }

    @Test
    void aSegmentRollsBySizeAndByAge() throws IOException {
        try (Disk disk = Disk.with(new LogConfig(300, 1000, 100, 100_000))) {
            disk.appendMany(2);
            assertThat(disk.log.segmentCount()).isEqualTo(1);
            disk.appendMany(2);
            assertThat(disk.log.segmentCount()).isEqualTo(2);

            disk.nowMs.addAndGet(1001);
            disk.append("late");
            assertThat(disk.log.segmentCount()).isEqualTo(3);
        }
    }

    @Test
    void anAppendLargerThanASegmentGetsOneOfItsOwn() throws IOException {
        try (Disk disk = Disk.small()) {
            disk.append("a");
            disk.append("x".repeat(5000));
            disk.append("b");

            assertThat(disk.log.segmentCount()).isEqualTo(3);
            assertThat(disk.readAll()).hasSize(3);
        }
    }

    @Test
    void otherLimitsHoldFromTheNextAppendOn() throws IOException {
        try (Disk disk = Disk.with(new LogConfig(100_000, 1000, 100, 100_000))) {
            disk.appendMany(20);
            assertThat(disk.log.segmentCount()).isEqualTo(1);

            disk.log.updateConfig(disk.config.withSegment(300, 1000));
            disk.appendMany(1);

            assertThat(disk.log.segmentCount()).isEqualTo(2);
        }
    }

    @Test
    void timestampsLeadToTheFirstBatchAtOrAfterThem() throws IOException {
        try (Disk disk = Disk.small()) {
            for (int i = 0; i < 100; i++) {
                disk.log.append(Batches.batch(1000 + 10 * i, "r" + i), 0, 5);
            }
            for (int i = 0; i < 100; i++) {
                FoundBatch found =
                        disk.log.offsetForTimestamp(1000 + 10 * i - 3, 100).orElseThrow();
                assertThat(found.baseOffset()).isEqualTo(i);
                assertThat(found.maxTimestampMs()).isEqualTo(1000 + 10 * i);
            }
            assertThat(disk.log.offsetForTimestamp(2000, 100)).isEmpty();
            assertThat(disk.log.offsetForTimestamp(1500, 50)).isEmpty();
            assertThat(disk.log.offsetForTimestamp(Long.MIN_VALUE, 100)).isPresent();
        }
    }

    @Test
    void theLargestTimestampIsFoundBelowTheLimitEvenWhenTimesAreOutOfOrder() throws IOException {
        try (Disk disk = Disk.small()) {
            for (int i = 0; i < 100; i++) {
                long time = i == 30 ? 9000 : i == 70 ? 9500 : 1000 + i;
                disk.log.append(Batches.batch(time, "r" + i), 0, 5);
            }
            assertThat(disk.log.maxTimestampOffset(100).orElseThrow().baseOffset()).isEqualTo(70);
            assertThat(disk.log.maxTimestampOffset(70).orElseThrow().baseOffset()).isEqualTo(30);
            assertThat(disk.log.maxTimestampOffset(30).orElseThrow().baseOffset()).isEqualTo(29);
            assertThat(disk.log.maxTimestampOffset(0)).isEmpty();
            assertThat(disk.log.offsetForTimestamp(2000, 100).orElseThrow().baseOffset())
                    .isEqualTo(30);
        }
    }

    @Test
    void aSliceIsReleasedOnce() throws IOException {
        try (Disk disk = Disk.small()) {
            disk.append("a");
            RecordsSlice slice = disk.log.read(0, 100, 1, true);
            slice.release();

            assertThatThrownBy(slice::release)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("released twice");
        }
    }

    @Test
    void whatThisProcessHasNeitherWrittenNorCheckedIsNotAtHandBeforeItWasRead() throws IOException {
        try (Disk disk = Disk.small()) {
            disk.appendMany(40);
            assertThat(disk.log.isAtHand(0, 1)).isTrue();
            assertThat(disk.log.isAtHand(39, 1 << 20)).isTrue();
            assertThat(disk.log.isAtHand(40, 1)).as("there is nothing to wait for").isTrue();

            disk.stopCleanlyAndReopen();
            assertThat(disk.log.isAtHand(0, 1)).isFalse();
            disk.log.read(0, 1 << 20, 40, true).release();

            assertThat(disk.log.isAtHand(0, 1 << 20)).isTrue();
            assertThat(disk.log.isAtHand(20, 1)).as("another segment").isFalse();
        }
    }

    @Test
    void whatTheSystemHasForgottenIsNotAtHandUntilItIsLoaded() throws IOException {
        try (Disk disk = Disk.small()) {
            disk.appendMany(40);
            disk.store.evict(disk.segment(0));
            assertThat(disk.log.isAtHand(0, 1)).isFalse();

            RecordsSlice slice = disk.log.read(0, 1 << 20, 40, true);
            slice.load();
            slice.release();

            assertThat(disk.log.isAtHand(0, 1)).isTrue();
        }
    }

    @Test
    void theRealDiskTellsWhatIsInMemory(@TempDir Path folder) throws IOException {
        try (StoreFile file =
                new RealFileStore().open(folder.resolve("f"), FileStore.Open.CREATE)) {
            file.write(ByteBuffer.allocate(100_000), 0);

            assertThat(file.isInMemory(0, 100_000)).isTrue();
            assertThat(file.isInMemory(5_000, 1)).isTrue();
            assertThat(file.isInMemory(7, 0)).isTrue();
        }
    }
}
