package io.mlog.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import io.mlog.storage.fake.MemoryFileStore;
import io.mlog.storage.fake.MemoryFileStore.Crash;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class DiskFullTest {
    @Test
    void aFullDiskRefusesTheAppendWithTheDirectorysNameAndTheLogWorksOnWhenSpaceReturns()
            throws IOException {
        for (int room = 0; room < 120; room++) {
            try (Disk disk = Disk.with(new LogConfig(1 << 20, 1_000_000, 100, 1 << 20))) {
                disk.appendMany(3);
                disk.log.flush();
                int left = room;
                disk.faults().failWrites(path -> false, 0);
                disk.faults().capacityBytes(used(disk) + left);

                if (room < Batches.batch(0, Disk.value(3)).remaining()) {
                    assertFull(() -> disk.appendMany(1));
                    assertFull(() -> disk.appendMany(1));
                }
                assertThat(disk.readRange(0, 3)).isEqualTo(Disk.expected(0, 3));

                disk.faults().capacityBytes(Long.MAX_VALUE);
                disk.nowMs.addAndGet(1000);
                disk.appendMany((int) (10 - disk.log.logEndOffset()));
                disk.log.flush();
                disk.crash(Crash.POWER);
                assertThat(disk.report.cutBytes()).isZero();
                assertThat(disk.readAll()).isEqualTo(Disk.expected(0, 10));
            }
        }
    }

    @Test
    void whatAPartialWriteLeftIsCutBackToTheLastWholeBatch() throws IOException {
        try (Disk disk = Disk.small()) {
            disk.appendMany(2);
            long size = disk.sizeOf(disk.segment(0));
            DiskSpace space = disk.directory.diskSpace();
            disk.faults().capacityBytes(used(disk) + 50);
            assertThat(space.full()).isFalse();

            assertFull(() -> disk.appendMany(1));

            assertThat(disk.sizeOf(disk.segment(0))).isEqualTo(size);
            assertThat(space.full()).isTrue();
            assertThat(disk.log.offlineReason()).isEmpty();
        }
    }

    @Test
    void aFailedWriteThatIsNotAFullDiskTakesTheLogOffline() throws IOException {
        try (Disk disk = Disk.small()) {
            disk.appendMany(2);
            disk.faults().failWrites(path -> path.equals(disk.segment(0)), 10);

            assertThatThrownBy(() -> disk.appendMany(1))
                    .isInstanceOfSatisfying(
                            MlogException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.STORAGE_ERROR));
            assertThat(disk.log.offlineReason().orElseThrow()).contains("failed write");
            disk.faults().failWrites(path -> false, 0);
            disk.crash(Crash.PROCESS);
            assertThat(disk.readAll()).isEqualTo(Disk.expected(0, 2));
        }
    }

    @Test
    void recordsStopWhileTheMarginIsStillFreeHoweverFastTheyCome() throws IOException {
        MemoryFileStore store = new MemoryFileStore(() -> 0);
        store.createDirectories(Path.of("/d"));
        store.faults().capacityBytes(10_000);
        DiskSpace space = new DiskSpace(store, Path.of("/d"), 4000);

        int taken = 0;
        while (space.take(100, 0)) {
            taken++;
            write(store, taken);
        }

        assertThat(taken).isEqualTo(60);
        assertThat(space.full()).isTrue();
        assertThat(space.refusal()).contains("/d", "4000 bytes");
    }

    @Test
    void aFullDiskIsLookedAtAgainOnlyNowAndThenUntilSpaceReturns() throws IOException {
        MemoryFileStore store = new MemoryFileStore(() -> 0);
        store.createDirectories(Path.of("/d"));
        store.faults().capacityBytes(1000);
        DiskSpace space = new DiskSpace(store, Path.of("/d"), 1000);
        assertThat(space.take(1, 0)).isFalse();
        store.faults().capacityBytes(2000);

        assertThat(space.take(1, DiskSpace.RETRY_MS - 1)).isFalse();
        assertThat(space.take(1, DiskSpace.RETRY_MS)).isTrue();
        assertThat(space.full()).isFalse();
    }

    @Test
    void measuringFindsReturnedSpaceWithoutAnAppend() throws IOException {
        MemoryFileStore store = new MemoryFileStore(() -> 0);
        store.createDirectories(Path.of("/d"));
        store.faults().capacityBytes(1000);
        DiskSpace space = new DiskSpace(store, Path.of("/d"), 1000);
        assertThat(space.full()).isTrue();

        store.faults().capacityBytes(2000);
        space.measure();

        assertThat(space.full()).isFalse();
    }

    private static void write(MemoryFileStore store, int number) throws IOException {
        try (StoreFile file = store.open(Path.of("/d/" + number), FileStore.Open.CREATE)) {
            file.write(java.nio.ByteBuffer.allocate(100), 0);
        }
    }

    /** Bytes on the disk, found by asking how many would be free. */
    private static long used(Disk disk) throws IOException {
        disk.faults().capacityBytes(1L << 40);
        return (1L << 40) - disk.store.usableBytes(Disk.ROOT);
    }

    private static void assertFull(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        MlogException.class,
                        e -> {
                            assertThat(e.code()).isEqualTo(ErrorCode.DISK_FULL);
                            assertThat(e.reason()).contains("/data is full");
                        });
    }
}
