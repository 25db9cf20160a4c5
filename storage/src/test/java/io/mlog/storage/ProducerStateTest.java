package io.mlog.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.records.BatchHeader;
import io.mlog.storage.fake.MemoryFileStore.Crash;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProducerStateTest {
    /** The last sequence of one producer, and how it came to be known. */
    private static final class LastSequence implements ProducerState {
        long last = -1;
        int replayed;
        long restoredAt = -1;
        boolean refusing;

        @Override
        public byte[] snapshot() {
            return ByteBuffer.allocate(8).putLong(last).array();
        }

        @Override
        public void reset() {
            last = -1;
            restoredAt = -1;
        }

        @Override
        public void restore(long offset, ByteBuffer snapshot) {
            if (refusing) {
                throw new IllegalArgumentException("refused by the test");
            }
            last = snapshot.getLong();
            restoredAt = offset;
        }

        @Override
        public Map<Long, Long> lastBatchesBelow(long offset) {
            return Map.of();
        }

        @Override
        public void replay(ByteBuffer header, int at) {
            last = BatchHeader.baseSequence(header, at);
            replayed++;
        }
    }

    private static Disk disk(LastSequence producers) throws IOException {
        Disk disk = Disk.small();
        disk.producers = producers;
        disk.crash(Crash.PROCESS);
        return disk;
    }

    private static void append(Disk disk, LastSequence producers, int count) {
        for (int i = 0; i < count; i++) {
            int sequence = (int) disk.log.logEndOffset();
            disk.log.append(Batches.batch(9, sequence, 0, Disk.value(sequence)), 0, 0);
            producers.last = sequence;
        }
    }

    @Test
    void afterACrashTheStateIsThatOfTheRecoveredLog() throws IOException {
        for (int count = 0; count < 60; count += 7) {
            LastSequence producers = new LastSequence();
            try (Disk disk = disk(producers)) {
                append(disk, producers, count);
                disk.log.flush();
                append(disk, producers, 13);

                disk.crash(Crash.POWER);

                assertThat(producers.last).isEqualTo(count - 1);
            }
        }
    }

    @Test
    void onlyTheBatchesBehindTheYoungestSnapshotAreReplayed() throws IOException {
        LastSequence producers = new LastSequence();
        try (Disk disk = disk(producers)) {
            append(disk, producers, 95);
            disk.log.flush();

            disk.crash(Crash.PROCESS);

            assertThat(producers.last).isEqualTo(94);
            assertThat(producers.replayed).isLessThan(10);
            assertThat(producers.restoredAt).isGreaterThan(80);
        }
    }

    @Test
    void aSnapshotIsTakenWithinTheIntervalEvenWhenNoSegmentIsRolled() throws IOException {
        LastSequence producers = new LastSequence();
        try (Disk disk = disk(producers)) {
            disk.log.updateConfig(new LogConfig(1 << 20, 1_000_000, 100, 1500));
            for (int i = 0; i < 100; i++) {
                append(disk, producers, 1);
                disk.log.flush();
            }

            disk.crash(Crash.PROCESS);

            assertThat(producers.last).isEqualTo(99);
            assertThat(producers.replayed).isLessThanOrEqualTo(16);
        }
    }

    @Test
    void aCleanStopSavesTheStateAndNothingIsReplayed() throws IOException {
        LastSequence producers = new LastSequence();
        try (Disk disk = disk(producers)) {
            append(disk, producers, 25);
            disk.log.flush();

            disk.stopCleanlyAndReopen();

            assertThat(producers.last).isEqualTo(24);
            assertThat(producers.restoredAt).isEqualTo(25);
            assertThat(producers.replayed).isZero();
        }
    }

    @Test
    void aDamagedOrRefusedSnapshotIsReplacedByTheOneBeforeOrTheBatches() throws IOException {
        LastSequence producers = new LastSequence();
        try (Disk disk = disk(producers)) {
            append(disk, producers, 50);
            disk.log.flush();
            append(disk, producers, 45);
            disk.log.flush();
            List<Path> snapshots = snapshots(disk);
            assertThat(snapshots).hasSize(2);
            disk.store.flipBit(snapshots.get(1), 20, 0);

            disk.crash(Crash.PROCESS);
            assertThat(producers.last).isEqualTo(94);

            for (Path snapshot : snapshots(disk)) {
                disk.store.delete(snapshot);
            }
            disk.crash(Crash.PROCESS);
            assertThat(producers.last).isEqualTo(94);
            assertThat(producers.restoredAt).isEqualTo(-1);

            producers.refusing = true;
            disk.stopCleanlyAndReopen();
            assertThat(producers.last).isEqualTo(94);
            assertThat(producers.restoredAt).isEqualTo(-1);
        }
    }

    @Test
    void truncationTakesTheStateBackToWhereTheLogEnds() throws IOException {
        for (int to = 0; to < 60; to += 5) {
            LastSequence producers = new LastSequence();
            try (Disk disk = disk(producers)) {
                append(disk, producers, 30);
                disk.log.flush();
                append(disk, producers, 30);
                disk.log.flush();

                disk.log.truncateTo(to);

                assertThat(producers.last).isEqualTo(to - 1);
                for (Path snapshot : snapshots(disk)) {
                    assertThat(snapshot.toString())
                            .isLessThanOrEqualTo(
                                    Disk.LOG_DIR
                                            + "/producers-"
                                            + SegmentFiles.digits(to)
                                            + ".snapshot");
                }
            }
        }
    }

    private static List<Path> snapshots(Disk disk) throws IOException {
        return disk.store.list(Disk.LOG_DIR).stream()
                .filter(file -> file.toString().endsWith(ProducerSnapshots.ENDING))
                .toList();
    }
}
