package io.mlog.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.model.MlogException;
import io.mlog.records.BatchHeader;
import io.mlog.records.Codec;
import io.mlog.storage.fake.MemoryFileStore.Crash;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A compaction that ends at any of its changes of the disk leaves the old segments or the new. */
class CompactionCrashTest {
    private static final int RECORDS = 60;
    private static final List<Crash> KINDS = List.of(Crash.PROCESS, Crash.POWER, Crash.TORN);

    /** Segments of which several are joined to one, twice. */
    private static KeyedDisk dirty() throws IOException {
        KeyedDisk keyed = KeyedDisk.small();
        SplittableRandom random = new SplittableRandom(5);
        for (int i = 0; i < RECORDS; i++) {
            String value = "v" + i + "x".repeat(random.nextInt(60));
            keyed.append(Codec.NONE, -1, 0, i / 25, "k" + random.nextInt(20) + "=" + value);
        }
        keyed.rollAndFlush();
        keyed.disk.checkpoint();
        return keyed;
    }

    private static void compact(KeyedDisk keyed) {
        try {
            keyed.compact();
        } catch (MlogException offline) {
            assertThat(keyed.disk.faults().hasBroken()).isTrue();
        }
    }

    private static long changesOfACompaction() throws IOException {
        try (KeyedDisk keyed = dirty()) {
            long most = 1_000_000;
            keyed.disk.faults().breakAfterChanges(most);
            compact(keyed);
            return most - keyed.disk.faults().changesLeft();
        }
    }

    @ParameterizedTest
    @EnumSource(Crash.class)
    void aCrashAtAnyChangeLosesNothing(Crash kind) throws IOException {
        long changes = changesOfACompaction();
        assertThat(changes).isBetween(20L, 200L);
        boolean[] compacted = {false, false};
        for (long n = 0; n <= changes; n++) {
            try (KeyedDisk keyed = dirty()) {
                keyed.disk.faults().breakAfterChanges(n);
                compact(keyed);
                assertThat(keyed.disk.faults().hasBroken()).isEqualTo(n < changes);
                keyed.disk.faults().breakAfterChanges(Long.MAX_VALUE);
                keyed.disk.store = keyed.disk.store.crash(kind, new SplittableRandom(n));
                assertNoFindings(keyed, "after change " + n);
                keyed.disk.reopen();
                assertNothingIsLost(keyed, "after change " + n);
                compacted[keyed.read().size() < RECORDS ? 1 : 0] = true;
                compact(keyed);
                assertThat(KeyedDisk.mostOfOneKey(keyed.read(), RECORDS)).isEqualTo(1);
                assertNothingIsLost(keyed, "compacted again after change " + n);
            }
        }
        assertThat(compacted).as("both outcomes were met").containsExactly(true, true);
    }

    /** The start that finishes a swap can be cut short itself. */
    @Test
    void aCrashWhileTheStartFinishesASwapLosesNothing() throws IOException {
        long changes = changesOfACompaction();
        int finished = 0;
        for (long n = 0; n < changes; n++) {
            for (int m = 0; m < 30; m += 1 + m / 3) {
                Crash kind = KINDS.get((int) (n + m) % 3);
                try (KeyedDisk keyed = dirty()) {
                    keyed.disk.faults().breakAfterChanges(n);
                    compact(keyed);
                    keyed.disk.faults().breakAfterChanges(Long.MAX_VALUE);
                    keyed.disk.store = keyed.disk.store.crash(kind, new SplittableRandom(n));
                    if (!hasFile(keyed, SegmentFiles.SWAP)) {
                        break;
                    }
                    finished++;
                    keyed.disk.faults().breakAfterChanges(m);
                    openInVain(keyed);
                    keyed.disk.faults().breakAfterChanges(Long.MAX_VALUE);
                    keyed.disk.crash(kind);
                    assertNothingIsLost(keyed, "after changes " + n + " and " + m);
                }
            }
        }
        assertThat(finished).isGreaterThan(20);
    }

    private static void openInVain(KeyedDisk keyed) {
        try {
            keyed.disk.reopen();
        } catch (IOException | AssertionError cut) {
            assertThat(keyed.disk.faults().hasBroken()).isTrue();
        }
    }

    @Test
    void aSwapThatRottedIsGivenUpWhileTheOldSegmentsAreThere() throws IOException {
        for (long n = 0; n < changesOfACompaction(); n++) {
            KeyedDisk keyed = dirty();
            keyed.disk.faults().breakAfterChanges(n);
            compact(keyed);
            keyed.disk.faults().breakAfterChanges(Long.MAX_VALUE);
            keyed.disk.store = keyed.disk.store.crash(Crash.PROCESS, new SplittableRandom(n));
            Path first = Disk.LOG_DIR.resolve("00000000000000000000.log");
            if (hasFile(keyed, SegmentFiles.SWAP) && keyed.disk.store.exists(first)) {
                keyed.disk.store.flipBit(
                        Disk.LOG_DIR.resolve("00000000000000000000.log.swap"), 30, 1);
                keyed.disk.reopen();
                assertThat(keyed.read()).isEqualTo(keyed.written);
                return;
            }
        }
        throw new AssertionError("no crash left a swap beside its old segments");
    }

    private static boolean hasFile(KeyedDisk keyed, String ending) throws IOException {
        return keyed.disk.store.list(Disk.LOG_DIR).stream()
                .anyMatch(file -> file.toString().endsWith(ending));
    }

    private static void assertNothingIsLost(KeyedDisk keyed, String when) throws IOException {
        assertThat(KeyedDisk.latest(keyed.read())).as(when).isEqualTo(keyed.model());
        assertThat(keyed.written).as(when).containsAll(keyed.read());
        assertThat(keyed.disk.report.damages()).as(when).isEmpty();
        assertThat(keyed.disk.report.cutBytes()).as(when).isZero();
        assertThat(keyed.disk.log.logEndOffset()).as(when).isEqualTo(RECORDS);
        assertThat(hasFile(keyed, SegmentFiles.SWAP)).as(when).isFalse();
        assertThat(hasFile(keyed, SegmentFiles.CLEANED)).as(when).isFalse();
        long next = 0;
        for (ByteBuffer header : keyed.headers()) {
            assertThat(BatchHeader.baseOffset(header, 0)).as(when).isEqualTo(next);
            assertThat(BatchHeader.leaderEpoch(header, 0)).as(when).isEqualTo((int) next / 25);
            next = BatchHeader.lastOffset(header, 0) + 1;
        }
    }

    private static void assertNoFindings(KeyedDisk keyed, String when) throws IOException {
        List<Damage> findings = new ArrayList<>();
        new DirectoryCheck(
                        keyed.disk.store,
                        Disk.ROOT,
                        new CheckListener() {
                            @Override
                            public void finding(Damage damage) {
                                findings.add(damage);
                            }

                            @Override
                            public void note(Damage damage) {}
                        })
                .run();
        assertThat(findings).as(when).isEmpty();
    }
}
