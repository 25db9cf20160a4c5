package io.mlog.storage;

import static io.mlog.storage.KeyedDisk.mostOfOneKey;
import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.records.BatchHeader;
import io.mlog.records.Codec;
import io.mlog.records.RecordsSlice;
import io.mlog.storage.CompactionReport.End;
import io.mlog.storage.KeyedDisk.Keyed;
import io.mlog.storage.fake.MemoryFileStore.Crash;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CompactionTest {
    private KeyedDisk keyed;

    @BeforeEach
    void begin() throws IOException {
        keyed = KeyedDisk.small();
    }

    @AfterEach
    void end() {
        keyed.close();
    }

    private void assertDone() {
        assertThat(keyed.compact())
                .hasValueSatisfying(report -> {
                    assertThat(report.end()).as(report.reason()).isEqualTo(End.DONE);
                    assertThat(report.whole()).isTrue();
                });
    }

    /** Each batch begins where the one before ended: nobody has to know that there are gaps. */
    private void assertNoOffsetIsMissing() throws IOException {
        long next = keyed.disk.log.logStartOffset();
        for (ByteBuffer header : keyed.headers()) {
            assertThat(BatchHeader.baseOffset(header, 0)).isEqualTo(next);
            next = BatchHeader.lastOffset(header, 0) + 1;
        }
        assertThat(next).isEqualTo(keyed.disk.log.logEndOffset());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void theLatestRecordOfEachKeyStaysWhateverIsWritten(long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 12; round++) {
            int keys = 1 + random.nextInt(60);
            keyed.appendRandom(random, random.nextInt(60), keys, round / 3);
            if (random.nextBoolean()) {
                keyed.rollAndFlush();
            }
            keyed.keyBytes = random.nextBoolean() ? 1 << 20 : 24 * (2 + random.nextInt(40));
            keyed.disk.nowMs.addAndGet(random.nextInt(900));
            keyed.compact()
                    .ifPresent(report ->
                            assertThat(report.end()).as(report.reason()).isEqualTo(End.DONE));
            if (random.nextInt(4) == 0) {
                keyed.disk.stopCleanlyAndReopen();
            }
            List<Keyed> found = keyed.read();
            assertThat(KeyedDisk.latest(found)).as("seed " + seed).isEqualTo(keyed.model());
            assertThat(keyed.written).containsAll(found);
            assertThat(mostOfOneKey(found, keyed.disk.log.cleanedOffset())).isLessThan(2);
            assertNoOffsetIsMissing();
        }
    }

    @Test
    void whatWasWrittenTwiceIsThereOnceAndSmallSegmentsAreJoined() throws IOException {
        for (int i = 0; i < 60; i++) {
            keyed.append("k" + i % 5 + "=" + "v".repeat(40) + i);
        }
        keyed.rollAndFlush();
        assertThat(keyed.disk.log.segmentCount()).isGreaterThan(7);
        long bytes = keyed.disk.log.sizeBytes();
        assertDone();
        assertThat(keyed.read()).isEqualTo(keyed.written.subList(55, 60));
        assertThat(keyed.disk.log.segmentCount()).isEqualTo(2);
        assertThat(keyed.disk.log.sizeBytes()).isLessThan(bytes / 5);
        assertThat(keyed.disk.log.logStartOffset()).isZero();
        assertThat(keyed.disk.log.cleanedOffset()).isEqualTo(60);
        assertThat(keyed.dirtiness().dirtyBytes()).isZero();
        long before = keyed.disk.log.sizeBytes();
        assertDone();
        assertThat(keyed.disk.log.sizeBytes()).isEqualTo(before);
        assertThat(keyed.read()).isEqualTo(keyed.written.subList(55, 60));
    }

    @Test
    void theActiveSegmentAndWhatIsNotCommittedStayAsTheyAre() throws IOException {
        for (int i = 0; i < 30; i++) {
            keyed.append("k=" + "v".repeat(40) + i);
        }
        keyed.disk.log.flush();
        assertThat(keyed.disk.log.segmentCount()).isGreaterThan(3);
        long now = keyed.disk.nowMs.get();
        assertThat(keyed.disk.log.compaction(KeyedDisk.EAGER, now, 0)).isEmpty();
        long hw = 12;
        keyed.disk
                .log
                .compaction(KeyedDisk.EAGER, now, hw)
                .orElseThrow()
                .run(new CompactionMemory(1 << 20), bytes -> true);
        List<Long> left = keyed.read().stream().map(Keyed::offset).toList();
        assertThat(left).containsAll(range(hw, 30)).hasSizeLessThan(25);
        assertDone();
        long active = keyed.written.getLast().offset();
        assertThat(keyed.read()).contains(keyed.written.get((int) active));
        assertThat(KeyedDisk.latest(keyed.read())).isEqualTo(keyed.model());
    }

    private static List<Long> range(long from, long to) {
        List<Long> all = new ArrayList<>();
        for (long i = from; i < to; i++) {
            all.add(i);
        }
        return all;
    }

    @Test
    void whatIsNotFlushedIsNotCompacted() {
        for (int i = 0; i < 30; i++) {
            keyed.append("k=" + "v".repeat(40) + i);
        }
        long now = keyed.disk.nowMs.get();
        assertThat(keyed.disk.log.compaction(KeyedDisk.EAGER, now, 30)).isEmpty();
        keyed.disk.log.flush();
        assertThat(keyed.disk.log.compaction(KeyedDisk.EAGER, now, 30)).isPresent();
    }

    @Test
    void aLogIsDueByItsDirtyShareOrByItsAge() {
        for (int i = 0; i < 30; i++) {
            keyed.append("k" + i + "=" + "v".repeat(40));
        }
        keyed.rollAndFlush();
        CompactionConfig lazy = new CompactionConfig(0.5, 2000, 10_000, 1000);
        keyed.config = lazy;
        assertThat(keyed.dirtiness()).isEqualTo(Dirtiness.NONE);
        keyed.disk.nowMs.addAndGet(2000);
        assertThat(keyed.dirtiness().ratio()).isEqualTo(1);
        assertThat(keyed.dirtiness().isDue(lazy)).isTrue();
        assertDone();
        for (int i = 0; i < 10; i++) {
            keyed.append("k" + i + "=" + "v".repeat(40));
        }
        keyed.rollAndFlush();
        keyed.disk.nowMs.addAndGet(2000);
        assertThat(keyed.dirtiness().ratio()).isBetween(0.2, 0.3);
        assertThat(keyed.dirtiness().isDue(lazy)).isFalse();
        keyed.disk.nowMs.addAndGet(8000);
        assertThat(keyed.dirtiness().isDue(lazy)).isTrue();
    }

    @Test
    void anIdleActiveSegmentIsClosedWhenItIsTooOld() {
        keyed.append("k=1");
        keyed.disk.log.flush();
        keyed.disk.log.rollIfOlder(keyed.disk.nowMs.addAndGet(99), 100, 1);
        assertThat(keyed.disk.log.segmentCount()).isEqualTo(1);
        keyed.disk.log.rollIfOlder(keyed.disk.nowMs.addAndGet(1), 100, 0);
        assertThat(keyed.disk.log.segmentCount()).isEqualTo(1);
        keyed.disk.log.rollIfOlder(keyed.disk.nowMs.get(), 100, 1);
        assertThat(keyed.disk.log.segmentCount()).isEqualTo(2);
    }

    @Test
    void aTombstoneGoesAfterItsTimeAndNotBefore() throws IOException {
        keyed.append("a=1", "b=1");
        keyed.append("a");
        keyed.rollAndFlush();
        assertDone();
        assertThat(keyed.read()).containsExactly(new Keyed(1, "b", "1"), new Keyed(2, "a", null));
        keyed.disk.nowMs.addAndGet(999);
        assertThat(keyed.dirtiness().isDue(keyed.config)).isFalse();
        assertDone();
        assertThat(keyed.read()).hasSize(2);
        keyed.disk.stopCleanlyAndReopen();
        assertThat(keyed.dirtiness().isDue(keyed.config)).isFalse();
        keyed.disk.nowMs.addAndGet(1);
        assertThat(keyed.dirtiness().isDue(keyed.config)).as("by the horizon alone").isTrue();
        assertDone();
        assertThat(keyed.read()).containsExactly(new Keyed(1, "b", "1"));
        assertThat(keyed.dirtiness().isDue(keyed.config)).isFalse();
        assertNoOffsetIsMissing();
    }

    @Test
    void aKeyWrittenAgainAfterItsTombstoneStays() throws IOException {
        keyed.append("a=1");
        keyed.append("a");
        keyed.rollAndFlush();
        assertDone();
        keyed.append("a=2");
        keyed.rollAndFlush();
        keyed.disk.nowMs.addAndGet(5000);
        assertDone();
        assertThat(keyed.read()).containsExactly(new Keyed(2, "a", "2"));
    }

    @Test
    void withTooLittleMemoryItGoesOnInTheNextRound() throws IOException {
        for (int i = 0; i < 300; i++) {
            keyed.append("k" + i % 100 + "=" + i);
        }
        keyed.rollAndFlush();
        keyed.keyBytes = 24 * 64;
        int rounds = 0;
        long before = -1;
        while (keyed.dirtiness().dirtyBytes() > 0) {
            assertThat(keyed.compact().orElseThrow().end()).isEqualTo(End.DONE);
            assertThat(keyed.disk.log.cleanedOffset()).isGreaterThan(before);
            before = keyed.disk.log.cleanedOffset();
            assertThat(KeyedDisk.latest(keyed.read())).isEqualTo(keyed.model());
            rounds++;
        }
        assertThat(rounds).isBetween(5, 7);
        assertThat(keyed.read()).isEqualTo(keyed.written.subList(200, 300));
    }

    @Test
    void recordsWithoutAKeyGo() throws IOException {
        keyed.disk.append("without a key");
        keyed.append("k=1");
        keyed.rollAndFlush();
        assertDone();
        assertThat(keyed.read()).containsExactly(new Keyed(1, "k", "1"));
    }

    @Test
    void theLastBatchOfAProducerStaysForItsSequence() throws IOException {
        OneProducer producer = new OneProducer();
        keyed.disk.producers = producer;
        keyed.disk.crash(Crash.PROCESS);
        for (int i = 0; i < 6; i++) {
            long base = keyed.append(Codec.LZ4, 7, 2 * i, 0, "a=" + i, "b=" + i);
            producer.appended(base, 2 * i);
        }
        keyed.append("a=x", "b=x");
        keyed.rollAndFlush();
        assertDone();
        assertThat(keyed.read()).isEqualTo(keyed.written.subList(12, 14));
        List<ByteBuffer> headers = keyed.headers();
        assertThat(headers).hasSize(3);
        assertThat(BatchHeader.recordCount(headers.get(1), 0)).isZero();
        assertThat(BatchHeader.baseSequence(headers.get(1), 0)).isEqualTo(10);
        assertThat(BatchHeader.producerId(headers.get(1), 0)).isEqualTo(7);
        assertDone();
        assertThat(keyed.headers()).hasSize(3);
        for (var file : keyed.disk.store.list(Disk.LOG_DIR)) {
            if (file.toString().endsWith(ProducerSnapshots.ENDING)) {
                keyed.disk.store.delete(file);
            }
        }
        producer.reset();
        keyed.disk.crash(Crash.POWER);
        assertThat(producer.sequence).as("rebuilt from the compacted log").isEqualTo(10);
    }

    private static final class OneProducer implements ProducerState {
        private int sequence = -1;
        private long base = -1;

        void appended(long newBase, int newSequence) {
            base = newBase;
            sequence = newSequence;
        }

        @Override
        public byte[] snapshot() {
            return new byte[0];
        }

        @Override
        public void reset() {
            sequence = -1;
            base = -1;
        }

        @Override
        public void restore(long offset, ByteBuffer snapshot) {
            throw new IllegalArgumentException("the log has to be read");
        }

        @Override
        public Map<Long, Long> lastBatchesBelow(long offset) {
            return base < 0 || base >= offset ? Map.of() : Map.of(7L, base);
        }

        @Override
        public void replay(ByteBuffer header, int at) {
            if (BatchHeader.producerId(header, at) == 7) {
                appended(BatchHeader.baseOffset(header, at), BatchHeader.baseSequence(header, at));
            }
        }
    }

    @Test
    void aReaderOfWhatIsReplacedFinishes() throws IOException {
        for (int i = 0; i < 40; i++) {
            keyed.append("k=" + "v".repeat(40) + i);
        }
        keyed.rollAndFlush();
        RecordsSlice slice = keyed.disk.log.read(0, 500, 40, true);
        ByteBuffer before = ByteBuffer.allocate(slice.sizeBytes());
        slice.read(0, before);
        assertDone();
        ByteBuffer after = ByteBuffer.allocate(slice.sizeBytes());
        slice.read(0, after);
        assertThat(after).isEqualTo(before);
        assertThat(keyed.disk.store.list(Disk.LOG_DIR).toString()).contains(".deleted");
        slice.release();
        keyed.disk.log.reapDeleted();
        assertThat(keyed.disk.store.list(Disk.LOG_DIR).toString()).doesNotContain(".deleted");
    }

    @Test
    void itStopsWhenItIsToldTo() throws IOException {
        for (int i = 0; i < 40; i++) {
            keyed.append("k=" + "v".repeat(40) + i);
        }
        keyed.rollAndFlush();
        long[] passed = {0};
        CompactionReport report = keyed.compact(bytes -> (passed[0] += bytes) < 5000).orElseThrow();
        assertThat(report.end()).isEqualTo(End.STOPPED);
        assertThat(keyed.disk.store.list(Disk.LOG_DIR).toString()).doesNotContain(".cleaned");
        assertThat(KeyedDisk.latest(keyed.read())).isEqualTo(keyed.model());
        assertDone();
        assertThat(keyed.read()).isEqualTo(keyed.written.subList(39, 40));
    }

    @Test
    void whatIsDroppedOrCutMeanwhileIsLeftAlone() throws IOException {
        for (int i = 0; i < 40; i++) {
            keyed.append("k=" + "v".repeat(40) + i);
        }
        keyed.rollAndFlush();
        CompactionRun planned = keyed.plan().orElseThrow();
        keyed.disk.log.advanceLogStart(30);
        CompactionReport report = planned.run(new CompactionMemory(1 << 20), bytes -> true);
        assertThat(report.end()).isEqualTo(End.STOPPED);
        CompactionRun again = keyed.plan().orElseThrow();
        long[] calls = {0};
        report =
                again.run(
                        new CompactionMemory(1 << 20),
                        bytes -> {
                            if (++calls[0] == 9) {
                                keyed.disk.log.truncateTo(32);
                            }
                            return true;
                        });
        assertThat(report.end()).isEqualTo(End.STOPPED);
        assertThat(keyed.disk.log.cleanedOffset()).isLessThanOrEqualTo(32);
        assertThat(keyed.read()).isEqualTo(keyed.written.subList(30, 32));
    }

    @Test
    void aFullDiskLeavesTheLogAsItIsAndPasses() throws IOException {
        for (int i = 0; i < 40; i++) {
            keyed.append("k" + i + "=" + "v".repeat(40));
        }
        keyed.append("k1=new");
        keyed.rollAndFlush();
        keyed.disk.faults().capacityBytes(keyed.disk.store.usedBytes() + 10);
        assertThat(keyed.compact().orElseThrow().end()).isEqualTo(End.DISK_FULL);
        assertThat(keyed.disk.log.offlineReason()).isEmpty();
        assertThat(keyed.disk.log.uncleanable()).isEmpty();
        assertThat(keyed.read()).isEqualTo(keyed.written);
        keyed.disk.faults().capacityBytes(Long.MAX_VALUE);
        assertDone();
        assertThat(KeyedDisk.latest(keyed.read())).isEqualTo(keyed.model());
    }

    @Test
    void aDamagedSegmentIsReportedAndTheLogStaysAsItIs() throws IOException {
        for (int i = 0; i < 40; i++) {
            keyed.append("k=" + "v".repeat(40) + i);
        }
        keyed.rollAndFlush();
        keyed.disk.store.flipBit(Disk.LOG_DIR.resolve("00000000000000000000.log"), 200, 3);
        CompactionReport report = keyed.compact().orElseThrow();
        assertThat(report.end()).isEqualTo(End.UNCLEANABLE);
        assertThat(keyed.disk.log.uncleanable())
                .hasValueSatisfying(damage -> {
                    assertThat(damage.file()).endsWith("/orders-0/00000000000000000000.log");
                    assertThat(damage.position()).isBetween(1L, 200L);
                });
        assertThat(keyed.disk.log.isDamaged()).isTrue();
        assertThat(keyed.dirtiness()).isEqualTo(Dirtiness.NONE);
        assertThat(keyed.plan()).isEmpty();
        assertThat(keyed.readFrom(30)).isEqualTo(keyed.written.subList(30, 40));
        keyed.disk.log.advanceLogStart(30);
        assertThat(keyed.disk.log.uncleanable()).as("gone with the damage").isEmpty();
        assertDone();
        assertThat(keyed.read()).isEqualTo(keyed.written.subList(39, 40));
    }

    @Test
    void bytesThatAreNoRecordsMakeALogUncleanable() throws IOException {
        ByteBuffer batch = Batches.batch(1, "value");
        batch.putInt(57, 2);
        java.util.zip.CRC32C crc = new java.util.zip.CRC32C();
        crc.update(batch.duplicate().position(21));
        batch.putInt(17, (int) crc.getValue());
        keyed.append("k=1");
        keyed.disk.log.append(batch, 0, 1);
        keyed.rollAndFlush();
        assertThat(keyed.compact().orElseThrow().end()).isEqualTo(End.UNCLEANABLE);
        assertThat(keyed.disk.log.uncleanable().orElseThrow().toString())
                .contains("(offset 1): expected records that can be read, found record 1 of 2");
        assertThat(keyed.disk.log.isDamaged()).isFalse();
    }
}
