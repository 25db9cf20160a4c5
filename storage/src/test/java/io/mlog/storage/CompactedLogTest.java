package io.mlog.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.records.BatchHeader;
import io.mlog.records.Codec;
import io.mlog.records.CopiedRun;
import io.mlog.storage.KeyedDisk.Keyed;
import io.mlog.storage.fake.MemoryFileStore.Crash;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Everything that walks, finds, copies or cuts a log works on one that was compacted, too. */
class CompactedLogTest {
    private KeyedDisk keyed;

    /** Offsets 0 to 99 in three leader epochs; of the first 30 only offset 3 is left. */
    @BeforeEach
    void compact() throws IOException {
        keyed = KeyedDisk.small();
        for (int i = 0; i < 100; i++) {
            String key = i == 3 ? "only" : "k" + i % (i < 30 ? 5 : 20);
            keyed.disk.nowMs.addAndGet(10);
            String value = "=" + i + "x".repeat(i % 40);
            keyed.append(Codec.of(i % 5), -1, 0, i / 34, key + value);
        }
        keyed.rollAndFlush();
        assertThat(keyed.compact().orElseThrow().end()).isEqualTo(CompactionReport.End.DONE);
        assertThat(keyed.read()).hasSize(21);
        assertThat(keyed.read().getFirst().offset()).isEqualTo(3);
        assertThat(keyed.disk.store.list(Disk.LOG_DIR).toString()).contains(".idx");
    }

    @AfterEach
    void end() {
        keyed.close();
    }

    @Test
    void anOffsetWithoutARecordLeadsToTheNextOne() throws IOException {
        for (long offset = 4; offset < 80; offset++) {
            assertThat(keyed.readFrom(offset)).isEqualTo(keyed.written.subList(80, 100));
        }
        for (long offset = 0; offset <= 3; offset++) {
            assertThat(keyed.readFrom(offset).getFirst().offset()).isEqualTo(3);
        }
    }

    @Test
    void aTimeLeadsToTheFirstBatchWithARecordOfIt() {
        long begun = keyed.disk.nowMs.get() - 1000;
        assertThat(found(begun)).isEqualTo(3);
        assertThat(found(begun + 10 * 4)).isEqualTo(3);
        assertThat(found(begun + 10 * 5)).isEqualTo(80);
        assertThat(found(begun + 10 * 91)).isEqualTo(90);
        assertThat(keyed.disk.log.offsetForTimestamp(begun + 2000, 100)).isEmpty();
        assertThat(keyed.disk.log.maxTimestampOffset(100).orElseThrow().baseOffset()).isEqualTo(99);
    }

    private long found(long timestampMs) {
        return keyed.disk.log.offsetForTimestamp(timestampMs, 100).orElseThrow().baseOffset();
    }

    @Test
    void aStartThatHasToScanEverythingFindsNothingWrong() throws IOException {
        List<Keyed> before = keyed.read();
        keyed.disk.store.delete(Disk.ROOT.resolve(Checkpoints.RECOVERY_POINTS));
        keyed.disk.store.delete(Disk.LOG_DIR.resolve(LogFlush.EPOCHS_FILE));
        keyed.disk.crash(Crash.POWER);
        assertThat(keyed.disk.report.damages()).isEmpty();
        assertThat(keyed.disk.report.cutBytes()).isZero();
        assertThat(keyed.read()).isEqualTo(before);
        assertThat(keyed.disk.log.epochForOffset(33)).isZero();
        assertThat(keyed.disk.log.epochForOffset(34)).isEqualTo(1);
        assertThat(keyed.disk.log.epochForOffset(68)).isEqualTo(2);
    }

    @Test
    void howFarItIsCleanIsRememberedAndNotMissedWhenItIsLost() throws IOException {
        keyed.disk.checkpoint();
        keyed.disk.crash(Crash.POWER);
        assertThat(keyed.disk.log.cleanedOffset()).isEqualTo(100);
        assertThat(keyed.dirtiness().dirtyBytes()).isZero();
        keyed.disk.store.delete(Disk.ROOT.resolve(Checkpoints.CLEANER_OFFSETS));
        keyed.disk.crash(Crash.PROCESS);
        assertThat(keyed.disk.log.cleanedOffset()).isZero();
        keyed.compact();
        assertThat(keyed.read()).hasSize(21);
        assertThat(keyed.disk.log.cleanedOffset()).isEqualTo(100);
    }

    @Test
    void lostIndexesAreMadeAgain() throws IOException {
        for (Path file : keyed.disk.store.list(Disk.LOG_DIR)) {
            if (file.toString().endsWith("idx")) {
                keyed.disk.store.delete(file);
            }
        }
        keyed.disk.stopCleanlyAndReopen();
        assertThat(keyed.readFrom(50)).isEqualTo(keyed.written.subList(80, 100));
        assertThat(found(keyed.disk.nowMs.get() - 1000 + 10 * 91)).isEqualTo(90);
    }

    @Test
    void verifyFindsNothingAndDumpShowsTheGaps() throws IOException {
        keyed.disk.stopCleanly();
        List<Damage> told = new ArrayList<>();
        new DirectoryCheck(
                        keyed.disk.store,
                        Disk.ROOT,
                        new CheckListener() {
                            @Override
                            public void finding(Damage damage) {
                                told.add(damage);
                            }

                            @Override
                            public void note(Damage damage) {
                                told.add(damage);
                            }
                        })
                .run();
        assertThat(told).isEmpty();
        List<String> lines = new ArrayList<>();
        FileDump dump =
                new FileDump(
                        keyed.disk.store, true, state -> List.of(), line -> lines.add("" + line));
        assertThat(dump.run(Disk.LOG_DIR.resolve("00000000000000000000.log"))).isZero();
        assertThat(lines.get(1)).contains("baseOffset=0", "lastOffset=2", "records=0");
        lines.clear();
        assertThat(dump.run(Disk.ROOT.resolve(Checkpoints.CLEANER_OFFSETS))).isZero();
        assertThat(lines.get(1)).contains("firstDirtyOffset=100", "deleteHorizonMs=-1");
    }

    @Test
    void theScrubberGoesOnWhenASegmentIsReplacedUnderIt() throws IOException {
        for (int i = 0; i < 30; i++) {
            keyed.append("k" + i % 3 + "=" + "y".repeat(50));
        }
        keyed.rollAndFlush();
        for (int i = 0; i < 5; i++) {
            keyed.disk.log.scrub(200);
            keyed.append("k" + i + "=z");
            keyed.rollAndFlush();
            keyed.compact();
        }
        for (int i = 0; i < 30; i++) {
            keyed.disk.log.scrub(200);
        }
        assertThat(keyed.disk.log.damages()).isEmpty();
    }

    @Test
    void aFollowerCopiesItWithItsEpochsAlsoFromInsideAGap() throws IOException {
        for (int end : new int[] {0, 10, 25, 33, 34, 35, 50, 85, 100}) {
            try (KeyedDisk follower = followerWith(end)) {
                copy(follower.disk.log);
                assertThat(follower.disk.log.logEndOffset()).isEqualTo(100);
                assertThat(KeyedDisk.latest(follower.read())).isEqualTo(keyed.model());
                for (long offset = 0; offset < 100; offset++) {
                    assertThat(follower.disk.log.epochForOffset(offset))
                            .isEqualTo(keyed.disk.log.epochForOffset(offset));
                }
                follower.rollAndFlush();
                follower.compact();
                assertThat(follower.read()).isEqualTo(keyed.read());
                follower.disk.crash(Crash.POWER);
                assertThat(follower.disk.report.damages()).isEmpty();
                assertThat(follower.read()).isEqualTo(keyed.read());
            }
        }
    }

    /** A follower that had copied so many records before the leader compacted. */
    private KeyedDisk followerWith(int end) throws IOException {
        KeyedDisk follower = KeyedDisk.small();
        for (Keyed each : keyed.written.subList(0, end)) {
            follower.append(
                    Codec.NONE, -1, 0, (int) each.offset() / 34, each.key() + "=" + each.value());
        }
        return follower;
    }

    private void copy(PartitionLog follower) throws IOException {
        while (follower.logEndOffset() < 100) {
            long end = follower.logEndOffset();
            ByteBuffer bytes = KeyedDisk.bytes(keyed.disk.log.read(end, 300, 100, true));
            CopiedRun run = CopiedRun.check(bytes, end, follower.latestEpoch(), 2);
            assertThat(run.problem()).isEmpty();
            follower.appendCopied(bytes.limit(run.end()), keyed.disk.nowMs.get());
        }
    }

    @Test
    void aCutInsideAGapTakesTheWholeGapAndTheLogGoesOn() throws IOException {
        for (long offset : new long[] {34, 68, 50, 20, 5, 3, 1}) {
            long end = keyed.disk.log.truncateTo(offset);
            assertThat(end).isLessThanOrEqualTo(offset);
            assertThat(keyed.disk.log.cleanedOffset()).isLessThanOrEqualTo(end);
            assertThat(keyed.disk.log.endOffsetOfEpoch(2).offset()).isEqualTo(end == 0 ? -1 : end);
            keyed.disk.crash(Crash.POWER);
            assertThat(keyed.disk.log.logEndOffset()).isEqualTo(end);
            assertThat(keyed.disk.report.damages()).isEmpty();
        }
        keyed.append(Codec.NONE, -1, 0, 3, "k=again");
        assertThat(keyed.read().getLast().value()).isEqualTo("again");
    }

    @Test
    void theLogStartMayLieInAGap() throws IOException {
        keyed.disk.log.advanceLogStart(40);
        assertThat(keyed.read()).isEqualTo(keyed.written.subList(80, 100));
        keyed.append("k1=new");
        keyed.rollAndFlush();
        keyed.compact();
        assertThat(KeyedDisk.latest(keyed.read())).containsEntry("k1", new Keyed(100, "k1", "new"));
        keyed.disk.checkpoint();
        keyed.disk.crash(Crash.POWER);
        assertThat(keyed.disk.log.logStartOffset()).isEqualTo(40);
        assertThat(keyed.read()).hasSize(20);
    }

    @Test
    void retentionStillCountsFromTheLastAppend() throws IOException {
        long appended = keyed.disk.nowMs.get();
        keyed.disk.nowMs.addAndGet(100_000);
        keyed.append("k1=young");
        keyed.rollAndFlush();
        keyed.compact();
        keyed.disk.stopCleanlyAndReopen();
        long end = keyed.disk.log.logEndOffset();
        assertThat(keyed.disk.log.deleteExpired(appended + 49_000, 50_000, -1, end)).isZero();
        assertThat(keyed.disk.log.deleteExpired(appended + 50_001, 50_000, -1, end)).isPositive();
        assertThat(keyed.disk.log.logStartOffset()).isGreaterThan(3);
    }

    @Test
    void whatIsCutBehindTheRecoveryPointDoesNotBringOldSegmentsBack() throws IOException {
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < 20; i++) {
            keyed.appendRandom(random, 10, 20, 2);
            keyed.rollAndFlush();
            keyed.compact();
            Map<String, Keyed> model = keyed.model();
            keyed.disk.crash(i % 2 == 0 ? Crash.POWER : Crash.TORN);
            assertThat(KeyedDisk.latest(keyed.read())).isEqualTo(model);
            assertThat(keyed.disk.report.damages()).isEmpty();
            long next = 0;
            for (ByteBuffer header : keyed.headers()) {
                assertThat(BatchHeader.baseOffset(header, 0)).isEqualTo(next);
                next = BatchHeader.lastOffset(header, 0) + 1;
            }
        }
    }
}
