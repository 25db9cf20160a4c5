package io.mlog.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class CorruptionTest {
    /** Offsets of the records in the closed segment whose bytes are flipped. */
    private static final int RECORDS = 10;

    @Test
    void noFlippedByteAnywhereInAClosedSegmentReachesAConsumerAfterARestart() throws IOException {
        int size = closedSegmentBytes();
        for (int position = 0; position < size; position++) {
            try (Disk disk = closedSegment()) {
                disk.stopCleanly();
                disk.store.flipBit(disk.segment(0), position, position % 8);
                disk.reopen();

                assertDamagedAt(disk, position * RECORDS / size, "byte " + position);
            }
        }
    }

    @Test
    void aByteThatIsFlippedByAProgramWhileTheBrokerRunsIsFoundByTheNextRead() throws IOException {
        try (Disk disk = closedSegment()) {
            assertThat(disk.readAll()).hasSize(RECORDS + 1);
            disk.nowMs.addAndGet(5);
            try (StoreFile file = disk.store.open(disk.segment(0), FileStore.Open.WRITE)) {
                file.write(ByteBuffer.wrap(new byte[] {'?'}), 80);
            }

            assertDamagedAt(disk, 0, "overwritten");
        }
    }

    @Test
    void aByteThatRotsWhileTheBrokerRunsIsFoundByTheScrubberAndThenRefused() throws IOException {
        int size = closedSegmentBytes();
        for (int position = 0; position < size; position += 7) {
            try (Disk disk = closedSegment()) {
                disk.store.flipBit(disk.segment(0), position, 2);

                for (int i = 0; i < 2 * RECORDS; i++) {
                    disk.log.scrub(size / 5);
                }

                assertThat(disk.log.damages()).as("byte %d", position).hasSize(1);
                assertDamagedAt(disk, position * RECORDS / size, "byte " + position);
            }
        }
    }

    @Test
    void theScrubberGoesRoundAllClosedSegmentsAndStaysBelowItsMostBytes() throws IOException {
        try (Disk disk = Disk.small()) {
            disk.appendMany(100);
            long closed = disk.log.sizeBytes() - disk.sizeOf(active(disk));

            for (int round = 0; round < 3; round++) {
                long scrubbed = 0;
                while (scrubbed < closed) {
                    long some = disk.log.scrub(300);
                    assertThat(some).isBetween(1L, 300L);
                    scrubbed += some;
                }
                assertThat(scrubbed).isEqualTo(closed);
            }
            assertThat(disk.log.damages()).isEmpty();
        }
    }

    @Test
    void whatIsLeftGoodAroundADamagedBatchIsStillServed() throws IOException {
        try (Disk disk = closedSegment()) {
            int one = closedSegmentBytes() / RECORDS;
            disk.stopCleanly();
            disk.store.flipBit(disk.segment(0), 4 * one + 70, 1);
            disk.reopen();

            assertThat(Batches.records(disk.log.read(0, 100_000, RECORDS, true)))
                    .isEqualTo(Disk.expected(0, 4));
            assertThat(disk.log.damages()).hasSize(1);
            assertThat(Batches.records(disk.log.read(5, 100_000, RECORDS, true)))
                    .isEqualTo(Disk.expected(5, RECORDS));
        }
    }

    @Test
    void anIndexThatPointsWrongIsMadeAgainWhileReading() throws IOException {
        try (Disk disk = Disk.with(new LogConfig(4000, 1_000_000, 300, 100_000))) {
            disk.appendMany(200);
            disk.stopCleanly();
            for (long base = 0; base < 160; ) {
                SegmentFiles files = new SegmentFiles(Disk.LOG_DIR, base);
                long entries = disk.sizeOf(files.index()) / IndexEntries.INDEX_BYTES;
                for (int i = 0; i < entries; i += 2) {
                    disk.store.flipBit(files.index(), i * 8L + 7, 1);
                }
                base += 4000 / Batches.batch(0, Disk.value(0)).remaining();
            }
            disk.reopen();

            for (long offset = 0; offset < 200; offset++) {
                assertThat(disk.readRange(offset, Math.min(200, offset + 5)))
                        .isEqualTo(Disk.expected(offset, Math.min(200, offset + 5)));
            }
            assertThat(disk.log.damages()).isEmpty();
        }
    }

    @Test
    void aDiskThatCannotBeReadIsAnErrorOfThatReadOnly() throws IOException {
        try (Disk disk = closedSegment()) {
            disk.stopCleanlyAndReopen();
            disk.faults().failReads(path -> path.equals(disk.segment(0)));
            assertThatThrownBy(() -> disk.log.read(3, 100, RECORDS, true))
                    .isInstanceOfSatisfying(
                            MlogException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.STORAGE_ERROR));

            disk.faults().failReads(path -> false);

            assertThat(disk.readRange(3, 5)).isEqualTo(Disk.expected(3, 5));
        }
    }

    private static java.nio.file.Path active(Disk disk) throws IOException {
        return disk.store.list(Disk.LOG_DIR).stream()
                .filter(file -> file.toString().endsWith(SegmentFiles.LOG))
                .reduce((first, second) -> second)
                .orElseThrow();
    }

    private static Disk closedSegment() throws IOException {
        Disk disk = Disk.with(new LogConfig(1 << 20, 1_000_000, 250, 100_000));
        disk.appendMany(RECORDS);
        disk.log.roll();
        disk.appendMany(1);
        disk.log.flush();
        return disk;
    }

    private static int closedSegmentBytes() {
        return RECORDS * Batches.batch(0, Disk.value(0)).remaining();
    }

    /** The damaged record is refused, however it is asked for; no other value is ever returned. */
    private static void assertDamagedAt(Disk disk, long damaged, String what) throws IOException {
        for (int maxBytes : new int[] {1, 350, 100_000}) {
            for (long offset = 0; offset <= RECORDS; offset++) {
                try {
                    for (String record :
                            Batches.records(disk.log.read(offset, maxBytes, RECORDS + 1, true))) {
                        long at = Long.parseLong(record.substring(0, record.indexOf('=')));
                        assertThat(record).as(what).isEqualTo(at + "=" + Disk.value(at));
                        assertThat(at).as(what).isNotEqualTo(damaged);
                    }
                    assertThat(offset).as(what).isNotEqualTo(damaged);
                } catch (MlogException e) {
                    assertThat(e.code()).as(what).isEqualTo(ErrorCode.CORRUPT_MESSAGE);
                    assertThat(e.reason()).contains("00000000000000000000.log at position");
                    assertThat(offset).as(what).isLessThan(RECORDS);
                }
            }
        }
    }
}
