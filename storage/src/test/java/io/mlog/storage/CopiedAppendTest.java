package io.mlog.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import io.mlog.model.OffsetAndEpoch;
import io.mlog.records.BatchHeader;
import io.mlog.records.RecordsSlice;
import io.mlog.storage.fake.MemoryFileStore.Crash;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A follower's log: what is copied from a leader's, and where it begins anew. */
class CopiedAppendTest {
    /** The bytes of a log from {@code from} on, as a fetch would give them. */
    private static ByteBuffer bytesOf(Disk leader, long from) throws IOException {
        ByteBuffer all = ByteBuffer.allocateDirect(1 << 20);
        for (long next = from; next < leader.log.logEndOffset(); ) {
            RecordsSlice slice = leader.log.read(next, 1 << 20, leader.log.logEndOffset(), true);
            ByteBuffer part = ByteBuffer.allocate(slice.sizeBytes());
            slice.read(0, part);
            slice.release();
            all.put(part.flip());
            next = lastOffset(part) + 1;
        }
        return all.flip();
    }

    private static long lastOffset(ByteBuffer batches) {
        long last = -1;
        for (int at = 0; at < batches.limit(); at += BatchHeader.sizeBytes(batches, at)) {
            last = BatchHeader.lastOffset(batches, at);
        }
        return last;
    }

    private static Disk leaderWithEpochs() throws IOException {
        Disk leader = Disk.small();
        for (int i = 0; i < 60; i++) {
            leader.append(i / 20, Disk.value(i));
        }
        return leader;
    }

    @Test
    void aCopyIsByteForByteTheSameWithItsOffsetsAndEpochs() throws IOException {
        try (Disk leader = leaderWithEpochs();
                Disk follower = Disk.small()) {
            ByteBuffer copied = bytesOf(leader, 0);
            follower.log.appendCopied(copied, 0);

            assertThat(copied.hasRemaining()).isFalse();
            assertThat(follower.log.logEndOffset()).isEqualTo(60);
            assertThat(bytesOf(follower, 0)).isEqualTo(bytesOf(leader, 0));
            assertThat(follower.log.latestEpoch()).isEqualTo(2);
            for (int epoch = 0; epoch < 4; epoch++) {
                assertThat(follower.log.endOffsetOfEpoch(epoch))
                        .isEqualTo(leader.log.endOffsetOfEpoch(epoch));
            }
        }
    }

    @Test
    void aCopyLargerThanASegmentIsRolledLikeAnyAppend() throws IOException {
        try (Disk leader = leaderWithEpochs();
                Disk follower = Disk.small()) {
            follower.log.appendCopied(bytesOf(leader, 0), 0);

            assertThat(follower.log.segmentCount()).isGreaterThan(4);
            assertThat(follower.sizeOf(follower.segment(0)))
                    .isLessThanOrEqualTo(Disk.SMALL.segmentBytes());
        }
    }

    @Test
    void aFlushedCopySurvivesPowerLossWithItsEpochs() throws IOException {
        try (Disk leader = leaderWithEpochs();
                Disk follower = Disk.small()) {
            follower.log.appendCopied(bytesOf(leader, 0), 0);
            assertThat(follower.log.flushedOffset()).isZero();
            follower.log.flush();

            follower.crash(Crash.POWER);

            assertThat(follower.readAll()).isEqualTo(Disk.expected(0, 60));
            assertThat(follower.log.endOffsetOfEpoch(1)).isEqualTo(new OffsetAndEpoch(40, 1));
        }
    }

    @Test
    void whatDoesNotContinueTheLogOrIsCutIsRefusedAsAWhole() throws IOException {
        try (Disk leader = leaderWithEpochs();
                Disk follower = Disk.small()) {
            follower.log.appendCopied(bytesOf(leader, 0), 0);
            ByteBuffer again = bytesOf(leader, 59);
            assertRefused(follower, again.duplicate(), "offset 59");

            ByteBuffer gap = bytesOf(leader, 59);
            BatchHeader.assign(gap, 0, 61, 2);
            assertRefused(follower, gap, "offset 61");

            ByteBuffer older = again.duplicate();
            BatchHeader.assign(older, 0, 60, 1);
            assertRefused(follower, older, "leader epoch 1");

            ByteBuffer cut = bytesOf(leader, 58);
            BatchHeader.assign(cut, 0, 60, 2);
            BatchHeader.assign(cut, BatchHeader.sizeBytes(cut, 0), 61, 2);
            assertRefused(follower, cut.limit(cut.limit() - 1), "no whole batches");
            assertThat(follower.log.logEndOffset()).isEqualTo(60);
        }
    }

    private static void assertRefused(Disk disk, ByteBuffer batches, String why) {
        assertThatThrownBy(() -> disk.log.appendCopied(batches, 0))
                .isInstanceOfSatisfying(
                        MlogException.class,
                        e -> {
                            assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT_MESSAGE);
                            assertThat(e.reason()).contains(why);
                        });
    }

    @Test
    void producersAreTakenInPieceByPieceSoThatSnapshotsAtARollAreTrue() throws IOException {
        try (Disk leader = Disk.with(new LogConfig(700, 1_000_000, 100, 100_000));
                Disk follower = Disk.small()) {
            for (int i = 0; i < 30; i++) {
                leader.log.append(Batches.batch(9, i, 0, Disk.value(i)), 0, 0);
            }
            Sequences copied = new Sequences();
            follower.producers = copied;
            follower.stopCleanlyAndReopen();

            follower.log.appendCopied(bytesOf(leader, 0), 0);
            assertThat(copied.seen).hasSize(30);
            follower.log.flush();
            follower.producers = new Sequences();
            follower.crash(Crash.POWER);

            assertThat(((Sequences) follower.producers).seen).isEqualTo(copied.seen);
        }
    }

    @Test
    void aTruncationTakesTheProducersBackToo() throws IOException {
        try (Disk leader = leaderWithIdempotentProducer();
                Disk follower = Disk.small()) {
            Sequences copied = new Sequences();
            follower.producers = copied;
            follower.stopCleanlyAndReopen();
            follower.log.appendCopied(bytesOf(leader, 0), 0);

            follower.log.truncateTo(17);

            assertThat(copied.seen).hasSize(17).last().isEqualTo(16);
        }
    }

    private static Disk leaderWithIdempotentProducer() throws IOException {
        Disk leader = Disk.small();
        for (int i = 0; i < 30; i++) {
            leader.log.append(Batches.batch(9, i, 0, Disk.value(i)), 0, 0);
        }
        return leader;
    }

    @Test
    void aFailedAppendLeavesNoEpochBehind() throws IOException {
        try (Disk disk = Disk.small()) {
            disk.append(1, "a");
            disk.faults().capacityBytes(150);
            assertThatThrownBy(() -> disk.append(5, "b")).isInstanceOf(MlogException.class);
            disk.faults().capacityBytes(Long.MAX_VALUE);

            assertThat(disk.log.latestEpoch()).isEqualTo(1);
        }
    }

    @Test
    void aLogThatRestartsIsEmptyAndDurableThere() throws IOException {
        for (long offset : new long[] {0, 30, 60, 500}) {
            for (Crash crash : List.of(Crash.POWER, Crash.TORN, Crash.PROCESS)) {
                try (Disk disk = Disk.small()) {
                    disk.appendMany(60);
                    disk.log.flush();
                    disk.checkpoint();

                    disk.log.restartAt(offset);

                    assertThat(disk.log.logStartOffset()).isEqualTo(offset);
                    assertThat(disk.log.logEndOffset()).isEqualTo(offset);
                    assertThat(disk.log.flushedOffset()).isEqualTo(offset);
                    assertThat(disk.log.latestEpoch()).isEqualTo(-1);
                    disk.append(4, "new");
                    disk.log.flush();
                    disk.checkpoint();
                    disk.crash(crash);
                    assertThat(disk.report.damages()).isEmpty();
                    assertThat(disk.readAll()).containsExactly(offset + "=new");
                    assertThat(disk.log.endOffsetOfEpoch(9))
                            .isEqualTo(new OffsetAndEpoch(offset + 1, 4));
                }
            }
        }
    }

    @Test
    void aCrashRightAfterARestartLosesNoPromise() throws IOException {
        for (long seed = 0; seed < 60; seed++) {
            for (long offset : new long[] {0, 30, 60, 500}) {
                try (Disk disk = Disk.seeded(seed)) {
                    disk.appendMany(60);
                    disk.log.flush();
                    disk.checkpoint();
                    disk.log.restartAt(offset);

                    disk.crash(seed % 2 == 0 ? Crash.TORN : Crash.POWER);

                    assertThat(disk.report.damages()).as("seed %d, %d", seed, offset).isEmpty();
                    assertThat(disk.log.logStartOffset()).isEqualTo(offset);
                    assertThat(disk.log.logEndOffset()).isGreaterThanOrEqualTo(offset);
                }
            }
        }
    }

    @Test
    void theLifeBeforePromisedItsHighWatermarkAndItsRecoveryPoint() throws IOException {
        try (Disk disk = Disk.small()) {
            assertThat(disk.directory.promisedOffset(Disk.ORDERS, Disk.ORDERS_ID)).isZero();
            disk.appendMany(10);
            disk.log.flush();
            disk.appendMany(5);
            disk.directory.writeCheckpoints(java.util.Map.of(Disk.ORDERS, 4L));
            disk.crash(Crash.POWER);
            assertThat(disk.directory.promisedOffset(Disk.ORDERS, Disk.ORDERS_ID)).isEqualTo(10);

            disk.directory.writeCheckpoints(java.util.Map.of(Disk.ORDERS, 13L));
            disk.crash(Crash.POWER);
            assertThat(disk.directory.promisedOffset(Disk.ORDERS, Disk.ORDERS_ID)).isEqualTo(13);
        }
    }

    /** Remembers the base sequence of every batch. */
    private static final class Sequences implements ProducerState {
        final List<Integer> seen = new ArrayList<>();

        @Override
        public byte[] snapshot() {
            ByteBuffer bytes = ByteBuffer.allocate(4 * seen.size());
            seen.forEach(bytes::putInt);
            return bytes.array();
        }

        @Override
        public void reset() {
            seen.clear();
        }

        @Override
        public void restore(long offset, ByteBuffer snapshot) {
            while (snapshot.hasRemaining()) {
                seen.add(snapshot.getInt());
            }
        }

        @Override
        public Map<Long, Long> lastBatchesBelow(long offset) {
            return Map.of();
        }

        @Override
        public void replay(ByteBuffer header, int at) {
            seen.add(BatchHeader.baseSequence(header, at));
        }
    }
}
