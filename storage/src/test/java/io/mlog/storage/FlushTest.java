package io.mlog.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import io.mlog.storage.fake.MemoryFileStore.Crash;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class FlushTest {
    @Test
    void nothingIsDurableBeforeAFlushAndAllThatWasAppendedBeforeItIsAfter() throws IOException {
        try (Disk disk = Disk.small()) {
            disk.appendMany(5);
            assertThat(disk.log.flushedOffset()).isZero();

            assertThat(disk.log.flush()).isEqualTo(5);

            disk.appendMany(3);
            assertThat(disk.log.flushedOffset()).isEqualTo(5);
            disk.crash(Crash.POWER);
            assertThat(disk.readAll()).isEqualTo(Disk.expected(0, 5));
        }
    }

    @Test
    void closedSegmentsAndTheNamesOfNewOnesAreFlushedToo() throws IOException {
        try (Disk disk = Disk.small()) {
            disk.appendMany(100);
            assertThat(disk.log.segmentCount()).isGreaterThan(5);

            assertThat(disk.log.flush()).isEqualTo(100);

            disk.crash(Crash.POWER);
            assertThat(disk.readAll()).isEqualTo(Disk.expected(0, 100));
        }
    }

    @Test
    void whatIsAppendedDuringAFlushIsNotReportedAsFlushed() throws IOException {
        try (Disk disk = Disk.small()) {
            disk.appendMany(3);
            AtomicInteger forces = new AtomicInteger();
            disk.faults()
                    .duringForce(() -> {
                        if (forces.getAndIncrement() == 0) {
                            disk.appendMany(40);
                        }
                    });

            assertThat(disk.log.flush()).isEqualTo(3);
            assertThat(disk.log.logEndOffset()).isEqualTo(43);
            assertThat(disk.log.flush()).isEqualTo(43);
        }
    }

    @Test
    void aFlushWithNothingToDoForcesNothing() throws IOException {
        try (Disk disk = Disk.small()) {
            disk.appendMany(3);
            disk.log.flush();
            AtomicInteger forces = new AtomicInteger();
            disk.faults().duringForce(forces::incrementAndGet);

            disk.log.flush();
            assertThat(forces).hasValue(0);
            disk.appendMany(1);
            disk.log.flush();
            assertThat(forces).hasValue(1);
        }
    }

    @Test
    void theEpochIsOnDiskBeforeItsFirstRecordCountsAsFlushed() throws IOException {
        try (Disk disk = Disk.small()) {
            disk.append(1, "a");
            disk.append(5, "b");
            disk.log.flush();

            disk.crash(Crash.POWER);

            assertThat(disk.log.epochForOffset(0)).isEqualTo(1);
            assertThat(disk.log.epochForOffset(1)).isEqualTo(5);
            assertThat(disk.report.damages()).isEmpty();
        }
    }

    @Test
    void aFailedFsyncTakesTheLogOfflineForGoodAndIsNeverRepeated() throws IOException {
        try (Disk disk = Disk.small()) {
            disk.appendMany(2);
            disk.log.flush();
            disk.appendMany(2);
            AtomicInteger forces = new AtomicInteger();
            disk.faults().duringForce(forces::incrementAndGet);
            disk.faults().failForces(path -> path.toString().endsWith(".log"));

            assertOffline(() -> disk.log.flush());
            disk.faults().failForces(path -> false);
            int tried = forces.get();

            assertOffline(() -> disk.log.flush());
            assertOffline(() -> disk.append("x"));
            assertOffline(() -> disk.log.read(0, 100, 1, true));
            assertThat(forces).hasValue(tried);
            assertThat(disk.log.flushedOffset()).isEqualTo(2);
            assertThat(disk.log.offlineReason().orElseThrow()).contains("failed fsync");
        }
    }

    @Test
    void aFailedFsyncOfTheDirectoryIsAsFatal() throws IOException {
        try (Disk disk = Disk.small()) {
            disk.appendMany(20);
            disk.faults().failForces(path -> path.equals(Disk.LOG_DIR));

            assertOffline(() -> disk.log.flush());
            assertThat(disk.log.flushedOffset()).isZero();
        }
    }

    @Test
    void recoveryWritesAgainWhatItKeepsSinceAnFsyncMayHaveFailedOnIt() throws IOException {
        try (Disk disk = Disk.small()) {
            disk.appendMany(4);
            disk.faults().failForces(path -> path.toString().endsWith(".log"));
            assertOffline(() -> disk.log.flush());
            disk.faults().failForces(path -> false);

            disk.crash(Crash.PROCESS);
            assertThat(disk.log.flushedOffset()).isEqualTo(4);
            disk.crash(Crash.POWER);

            assertThat(disk.readAll()).isEqualTo(Disk.expected(0, 4));
        }
    }

    @Test
    void epochsThatDoNotFitOnTheDiskHoldTheFlushBackButNotTheLog() throws IOException {
        try (Disk disk = Disk.small()) {
            disk.append(1, "a");
            disk.faults().capacityBytes(0);

            assertThatThrownBy(() -> disk.log.flush())
                    .isInstanceOfSatisfying(
                            MlogException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.DISK_FULL));
            assertThat(disk.log.flushedOffset()).isZero();

            disk.faults().capacityBytes(Long.MAX_VALUE);
            assertThat(disk.log.flush()).isEqualTo(1);
        }
    }

    private static void assertOffline(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        MlogException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.STORAGE_ERROR));
    }
}
