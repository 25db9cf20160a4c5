package io.mlog.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlog.storage.fake.MemoryFileStore;
import io.mlog.storage.fake.MemoryFileStore.Crash;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DirectoryCheckTest {
    @Test
    void aDirectoryStoppedInOrderIsSoundAndEverythingInItWasLookedAt() throws IOException {
        try (Disk disk = stopped()) {
            long bytes = 0;
            for (Path file : files(disk.store, Disk.LOG_DIR)) {
                bytes += file.toString().endsWith(".log") ? disk.sizeOf(file) : 0;
            }
            Heard heard = Heard.checking(disk);

            assertThat(heard.findings).isEmpty();
            assertThat(heard.notes).isEmpty();
            assertThat(heard.totals).isEqualTo(new CheckTotals(1, 3, 25, bytes, 0, 0));
        }
    }

    @Test
    void noFlippedBitInAnyFileStaysHidden() throws IOException {
        try (Disk disk = stopped()) {
            int flips = 0;
            for (Path file : files(disk.store, Disk.ROOT)) {
                long size = file.endsWith(DataDirectory.LOCK) ? 0 : disk.sizeOf(file);
                for (long position = 0; position < size; position++) {
                    int bit = (int) ((position * 5 + flips) % 8);
                    disk.store.flipBit(file, position, bit);
                    assertFound(disk, file, position);
                    disk.store.flipBit(file, position, bit);
                    flips++;
                }
            }
            assertThat(flips).isGreaterThan(3000);
            assertThat(Heard.checking(disk).findings).isEmpty();
        }
    }

    private static void assertFound(Disk disk, Path file, long position) throws IOException {
        String what = file + " byte " + position;
        Heard heard;
        try {
            heard = Heard.checking(disk);
        } catch (IOException e) {
            // A directory's format version is told by refusing what is not known.
            assertThat(e).as(what).hasMessageContaining("format");
            return;
        }
        assertThat(heard.findings).as(what).isNotEmpty();
        if (file.toString().endsWith(".log")) {
            assertThat(heard.findings).as(what).hasSize(1);
            Damage damage = heard.findings.getFirst();
            assertThat(damage.file()).isEqualTo(file.toString());
            long batch = batchAt(file, position);
            assertThat(damage.position()).as(what).isEqualTo(batch);
            assertThat(damage.offset()).as(what).isNotNegative();
        } else {
            assertThat(heard.findings)
                    .as(what)
                    .anyMatch(damage -> sameIndex(damage.file(), file.toString()));
        }
    }

    /** The two indexes of a segment are held against each other, so either may be blamed. */
    private static boolean sameIndex(String blamed, String flipped) {
        return blamed.equals(flipped)
                || (isIndex(flipped) && isIndex(blamed) && base(blamed).equals(base(flipped)));
    }

    private static boolean isIndex(String file) {
        return file.endsWith("idx");
    }

    private static String base(String file) {
        return file.substring(0, file.lastIndexOf('.'));
    }

    private static long batchAt(Path file, long position) {
        long base = SegmentFiles.number(file, "", ".log").orElseThrow();
        long start = 0;
        for (long offset = base; ; offset++) {
            int size = Batches.batch(0, Disk.value(offset)).remaining();
            if (position < start + size) {
                return start;
            }
            start += size;
        }
    }

    @ParameterizedTest
    @EnumSource(Crash.class)
    void whatACrashLeavesIsToldAsNotesUnlessBytesThatWereForcedAreMissing(Crash kind)
            throws IOException {
        for (int seed = 0; seed < 150; seed++) {
            try (Disk disk = Disk.seeded(seed)) {
                List<String> steps = busy(disk, new Random(seed));
                MemoryFileStore left = disk.store.crash(kind, new Random(seed));

                Heard heard = Heard.checking(left, Disk.ROOT);

                assertThat(heard.findings).as("seed %d %s", seed, steps).isEmpty();
                disk.store = left;
                disk.reopen();
                disk.stopCleanly();
                assertThat(Heard.checking(disk).findings).as("seed %d, stopped", seed).isEmpty();
            }
        }
    }

    private static List<String> busy(Disk disk, Random random) throws IOException {
        List<String> steps = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            int step = random.nextInt(10);
            steps.add(String.valueOf(step));
            disk.nowMs.incrementAndGet();
            switch (step) {
                case 0 -> disk.checkpoint();
                case 1, 2 -> disk.log.flush();
                case 3 -> disk.log.roll();
                case 4 -> {
                    disk.log.truncateTo(
                            Math.max(
                                    disk.log.logStartOffset(),
                                    disk.log.logEndOffset() - random.nextInt(5)));
                }
                case 5 -> disk.log.advanceLogStart(disk.log.logEndOffset() / 2);
                case 6 -> disk.stopCleanlyAndReopen();
                default -> disk.appendMany(1 + random.nextInt(6));
            }
        }
        return steps;
    }

    @Test
    void aTornTailBehindTheRecoveryPointIsANoteAndTheSameBytesBeforeItAreAFinding()
            throws IOException {
        try (Disk disk = Disk.with(LogConfig.DEFAULT)) {
            disk.appendMany(5);
            disk.log.flush();
            disk.checkpoint();
            disk.appendMany(3);
            int one = Batches.batch(0, Disk.value(0)).remaining();
            disk.store.flipBit(disk.segment(0), 6L * one + 70, 1);
            disk.store = disk.store.crash(Crash.PROCESS, new Random(1));

            Heard torn = Heard.checking(disk);
            assertThat(torn.findings).isEmpty();
            assertThat(torn.notes)
                    .singleElement()
                    .satisfies(note -> {
                        assertThat(note.position()).isEqualTo(6L * one);
                        assertThat(note.offset()).isEqualTo(6);
                    });

            disk.store.flipBit(disk.segment(0), 2L * one + 70, 1);
            assertThat(Heard.checking(disk).findings)
                    .singleElement()
                    .satisfies(found -> assertThat(found.position()).isEqualTo(2L * one));
        }
    }

    @Test
    void behindABrokenHeaderTheIndexLeadsOnSoThatLaterDamageIsFoundToo() throws IOException {
        try (Disk disk = stopped()) {
            Path first = disk.segment(0);
            int one = Batches.batch(0, Disk.value(0)).remaining();
            disk.store.flipBit(first, one + 11, 3);
            disk.store.flipBit(first, 7L * one + 65, 3);

            List<Damage> found = Heard.checking(disk).findings;

            assertThat(found).extracting(Damage::position).containsExactly((long) one, 7L * one);
            disk.store.delete(new SegmentFiles(Disk.LOG_DIR, 0).index());
            List<Damage> alone = Heard.checking(disk).findings;
            assertThat(alone).extracting(Damage::position).contains((long) one);
            assertThat(alone).anyMatch(damage -> damage.found().contains("are unknown"));
        }
    }

    @Test
    void everyFileThatIsMissingIsNamed() throws IOException {
        for (String name :
                List.of(
                        "identity",
                        "boot-epoch",
                        "recovery-point",
                        "high-watermarks",
                        "orders-0/partition.metadata",
                        "orders-0/leader-epochs",
                        "orders-0/00000000000000000000.idx",
                        "orders-0/00000000000000000000.timeidx")) {
            assertMissingIsFound(name, name);
        }
        assertMissingIsFound("orders-0/00000000000000000000.log", "00000000000000000010.log");
        assertMissingIsFound("orders-0/00000000000000000010.log", "00000000000000000020.log");
        assertMissingIsFound("orders-0/00000000000000000020.log", "00000000000000000020.log");
    }

    private static void assertMissingIsFound(String missing, String told) throws IOException {
        try (Disk disk = stopped()) {
            disk.store.delete(Disk.ROOT.resolve(missing));
            assertThat(Heard.checking(disk).findings)
                    .as(missing)
                    .anyMatch(damage -> damage.file().endsWith(told));
        }
    }

    @Test
    void cutAndPaddedSegmentsAreFound() throws IOException {
        for (long base : new long[] {0, 10, 20}) {
            try (Disk disk = stopped()) {
                try (StoreFile file = disk.store.open(disk.segment(base), FileStore.Open.WRITE)) {
                    file.truncate(file.size() - 1);
                }
                assertThat(Heard.checking(disk).findings)
                        .as("cut %d", base)
                        .anyMatch(damage -> damage.file().equals(disk.segment(base).toString()));
            }
            try (Disk disk = stopped()) {
                try (StoreFile file = disk.store.open(disk.segment(base), FileStore.Open.WRITE)) {
                    file.write(ByteBuffer.allocate(100), file.size());
                }
                assertThat(Heard.checking(disk).findings)
                        .as("padded %d", base)
                        .anyMatch(damage -> damage.file().equals(disk.segment(base).toString()));
            }
        }
    }

    @Test
    void aRecoveryPointThatIsNoBoundaryOfItsLogIsFound() throws IOException {
        try (Disk disk = Disk.small()) {
            disk.appendMany(5);
            disk.log.flush();
            disk.checkpoint();
            disk.store = disk.store.crash(Crash.PROCESS, new Random(1));
            PartitionName name = new PartitionName(Disk.ORDERS, Disk.ORDERS_ID);
            for (LogPoint wrong :
                    List.of(
                            new LogPoint(0, 100, 1),
                            new LogPoint(0, 1 << 20, 5),
                            new LogPoint(3, 10, 5),
                            new LogPoint(0, Math.toIntExact(disk.sizeOf(disk.segment(0))), 4))) {
                CheckedFile.replace(
                        disk.store,
                        Disk.ROOT.resolve(Checkpoints.RECOVERY_POINTS),
                        FileKind.RECOVERY_POINTS,
                        RecoveryPointsFile.encode(
                                java.util.Map.of(
                                        name, new RecoveryPoint(Disk.ORDERS_ID, wrong, 0))));
                assertThat(Heard.checking(disk).findings).as("%s", wrong).isNotEmpty();
            }
        }
    }

    @Test
    void aDirectoryInUseAndOneThatIsNoneAreRefused() throws IOException {
        try (Disk disk = Disk.small()) {
            assertThatThrownBy(() -> Heard.checking(disk))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("/data cannot be checked while a broker uses it");
            disk.store.createDirectories(Path.of("/empty"));
            assertThatThrownBy(() -> Heard.checking(disk.store, Path.of("/empty")))
                    .hasMessageContaining("/empty is no data directory");
            assertThatThrownBy(() -> Heard.checking(disk.store, Path.of("/nowhere")))
                    .hasMessageContaining("/nowhere");
        }
    }

    /** Three segments of a batch a record, the second with two epochs, stopped in order. */
    private static Disk stopped() throws IOException {
        Disk disk = Disk.with(new LogConfig(1 << 20, 1_000_000, 250, 100_000));
        disk.appendMany(10);
        disk.log.roll();
        disk.appendMany(5);
        for (int i = 0; i < 5; i++) {
            disk.nowMs.addAndGet(10);
            disk.append(1, Disk.value(disk.log.logEndOffset()));
        }
        disk.log.roll();
        for (int i = 0; i < 5; i++) {
            disk.append(1, Disk.value(disk.log.logEndOffset()));
        }
        disk.log.flush();
        disk.checkpoint();
        disk.stopCleanly();
        return disk;
    }

    private static List<Path> files(FileStore store, Path directory) throws IOException {
        List<Path> all = new ArrayList<>();
        for (Path child : store.list(directory)) {
            if (store.isDirectory(child)) {
                all.addAll(files(store, child));
            } else {
                all.add(child);
            }
        }
        return all;
    }
}
