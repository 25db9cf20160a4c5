package io.mlog.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import io.mlog.model.TopicId;
import io.mlog.model.TopicPartition;
import io.mlog.records.RecordsSlice;
import io.mlog.storage.fake.MemoryFileStore;
import io.mlog.storage.fake.MemoryFileStore.Crash;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class DataDirectoryTest {
    private static final Path ROOT = Path.of("/srv/mlog");
    private static final Path TRASH = Path.of("/srv/mlog/orders-0.0.deleted");

    private MemoryFileStore store = new MemoryFileStore(() -> 0);

    private DataDirectory openAt(long nowMs) throws IOException {
        Clock clock = Clock.fixed(Instant.ofEpochMilli(nowMs), ZoneOffset.UTC);
        return DataDirectory.open(store, ROOT, 0, clock, new Random(nowMs));
    }

    private static PartitionLog create(DataDirectory directory, String topic, int id)
            throws IOException {
        return directory.createLog(
                new TopicPartition(topic, 0), new TopicId(1, id), Disk.SMALL, ProducerState.NONE);
    }

    @Test
    void aSecondBrokerIsRefusedWithTheReasonAndTheFirstGoesOn() throws IOException {
        try (DataDirectory first = openAt(1)) {
            assertThatThrownBy(() -> openAt(2))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("/srv/mlog is in use by another broker")
                    .hasMessageContaining("stop that one or name another directory");
            create(first, "orders", 1).flush();
        }
        openAt(3).close();
    }

    @Test
    void aDirectoryIsClaimedOnceAndRefusesAnotherClusterOrNode() throws IOException {
        try (DataDirectory directory = openAt(1)) {
            assertThat(directory.identity()).isEmpty();
            DirectoryIdentity mine = directory.claim("cluster-a", "node-1");
            assertThat(mine.directoryId()).hasSize(22).isEqualTo(directory.directoryId());
        }
        store = store.crash(Crash.POWER, new Random(1));
        try (DataDirectory directory = openAt(2)) {
            DirectoryIdentity mine = directory.identity().orElseThrow();
            assertThat(directory.claim("cluster-a", "node-1")).isEqualTo(mine);
            assertThatThrownBy(() -> directory.claim("cluster-b", "node-1"))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("belongs to node 'node-1' of cluster cluster-a")
                    .hasMessageContaining("cluster cluster-b");
            assertThatThrownBy(() -> directory.claim("cluster-a", "node-2"))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void twoDirectoriesNeverHaveTheSameId() throws IOException {
        String first;
        try (DataDirectory directory = openAt(1)) {
            first = directory.directoryId();
        }
        store.deleteTree(ROOT);
        try (DataDirectory directory = openAt(2)) {
            assertThat(directory.directoryId()).isNotEqualTo(first);
        }
    }

    @Test
    void bootEpochsRiseEvenWhenTheClockGoesBackAndThePowerFails() throws IOException {
        long last = 0;
        for (long nowMs : new long[] {500, 500, 20, 9000, 1}) {
            try (DataDirectory directory = openAt(nowMs)) {
                assertThat(directory.bootEpoch()).isGreaterThan(last);
                assertThat(directory.bootEpoch()).isGreaterThanOrEqualTo(nowMs);
                last = directory.bootEpoch();
            }
            store = store.crash(Crash.POWER, new Random(1));
        }
    }

    @Test
    void anotherFormatIsRefused() throws IOException {
        openAt(1).close();
        java.nio.ByteBuffer other = java.nio.ByteBuffer.allocate(64).putInt(7).position(0);
        CheckedFile.replace(store, ROOT.resolve("identity"), FileKind.IDENTITY, other);

        assertThatThrownBy(() -> openAt(2))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("has format 7, this mlog knows 1");
        assertThat(store.lock(ROOT.resolve(".lock"))).isNotNull();
    }

    @Test
    void aDamagedIdentityOrBootEpochStopsTheStartAndNamesTheFile() throws IOException {
        for (String name : List.of("identity", "boot-epoch")) {
            store = new MemoryFileStore(() -> 0);
            openAt(1).close();
            store.flipBit(ROOT.resolve(name), 18, 0);

            assertThatThrownBy(() -> openAt(2))
                    .isInstanceOf(DamagedFileException.class)
                    .hasMessageContaining(
                            "/srv/mlog/" + name + " at position 12: expected checksum");
        }
    }

    @Test
    void partitionsWithoutTheirDirectorysIdentityAreRefused() throws IOException {
        try (DataDirectory directory = openAt(1)) {
            create(directory, "orders", 1);
        }
        store.delete(ROOT.resolve("identity"));

        assertThatThrownBy(() -> openAt(2))
                .hasMessageContaining("holds partitions but no file identity");
    }

    @Test
    void onlyDirectoriesWithPartitionMetadataArePartitions() throws IOException {
        try (DataDirectory directory = openAt(1)) {
            create(directory, "a-topic.with-dots", 1);
            create(directory, "orders", 2);
            store.createDirectories(ROOT.resolve("raft"));
            store.createDirectories(ROOT.resolve("half-0"));
        }
        store = store.crash(Crash.POWER, new Random(1));
        try (DataDirectory directory = openAt(2)) {
            assertThat(directory.found())
                    .extracting(found -> found.topicPartition() + " " + found.topicId())
                    .containsExactly(
                            "a-topic.with-dots-0 " + new TopicId(1, 1),
                            "orders-0 " + new TopicId(1, 2));
            assertThatThrownBy(() -> create(directory, "orders", 3))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("/srv/mlog/orders-0 exists already");
            assertThat(create(directory, "half", 4).logEndOffset()).isZero();
        }
    }

    @Test
    void aDirectoryNobodyKnowsIsRenamedAsideAndKept() throws IOException {
        try (DataDirectory directory = openAt(1)) {
            create(directory, "orders", 1).append(Batches.batch(0, "kept"), 0, 0);
        }
        try (DataDirectory directory = openAt(2)) {
            Path aside = directory.setAside(directory.found().get(0));

            assertThat(directory.found()).isEmpty();
            assertThat(store.exists(aside.resolve("00000000000000000000.log"))).isTrue();
            create(directory, "orders", 2);
            assertThat(directory.found()).hasSize(1);
            assertThat(directory.setAside(directory.found().get(0))).isNotEqualTo(aside);
        }
    }

    @Test
    void aDeletedLogIsGoneAtOnceAndItsFilesWhenTheLastReaderLetsGo() throws IOException {
        try (DataDirectory directory = openAt(1)) {
            PartitionLog log = create(directory, "orders", 1);
            log.append(Batches.batch(0, "a"), 0, 0);
            RecordsSlice slice = log.read(0, 1000, 1, true);

            directory.deleteLog(log);

            assertThat(store.exists(TRASH)).isTrue();
            PartitionLog next = create(directory, "orders", 2);
            next.append(Batches.batch(0, "b"), 0, 0);
            next.flush();
            directory.writeCheckpoints(Map.of());
            assertThat(Batches.records(slice)).containsExactly("0=a");
            directory.reapDeleted();
            assertThat(store.exists(TRASH)).isFalse();
            assertThat(Batches.records(next.read(0, 1000, 1, true))).containsExactly("0=b");
            assertThatThrownBy(() -> log.append(Batches.batch(0, "x"), 0, 0))
                    .isInstanceOfSatisfying(
                            MlogException.class,
                            e ->
                                    assertThat(e.code())
                                            .isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION));
        }
    }

    @Test
    void aDeletionCutShortByACrashIsFinishedByTheNextStart() throws IOException {
        DataDirectory directory = openAt(1);
        PartitionLog log = create(directory, "orders", 1);
        log.append(Batches.batch(0, "a"), 0, 0);
        RecordsSlice held = log.read(0, 1000, 1, true);
        directory.deleteLog(log);
        assertThat(held.sizeBytes()).isPositive();

        store = store.crash(Crash.POWER, new Random(1));
        try (DataDirectory next = openAt(2)) {
            assertThat(next.found()).isEmpty();
            assertThat(store.exists(TRASH)).isFalse();
        }
    }

    @Test
    void aRecreatedTopicNeverMeetsTheCheckpointsOfItsGhost() throws IOException {
        try (DataDirectory directory = openAt(1)) {
            PartitionLog log = create(directory, "orders", 1);
            for (int i = 0; i < 20; i++) {
                log.append(Batches.batch(0, Disk.value(i)), 0, 0);
            }
            log.flush();
            directory.writeCheckpoints(Map.of(log.topicPartition(), 20L));
            directory.deleteLog(log);
            PartitionLog next = create(directory, "orders", 2);
            assertThat(directory.highWatermark(next)).isZero();
            next.append(Batches.batch(0, "b"), 0, 0);
            next.flush();
        }
        try (DataDirectory directory = openAt(2)) {
            OpenedLog.Ready ready = (OpenedLog.Ready) open(directory).get(0);
            assertThat(ready.report().damages()).isEmpty();
            assertThat(ready.log().logEndOffset()).isEqualTo(1);
        }
    }

    @Test
    void theHighWatermarkIsTheCheckpointsButNeverAboveTheLogsEnd() throws IOException {
        DataDirectory directory = openAt(1);
        PartitionLog log = create(directory, "orders", 1);
        log.append(Batches.batch(0, "a"), 0, 0);
        log.append(Batches.batch(0, "b"), 0, 0);
        log.flush();
        directory.writeCheckpoints(Map.of(log.topicPartition(), 1L));
        log.append(Batches.batch(0, "c"), 0, 0);
        directory.writeCheckpoints(Map.of(log.topicPartition(), 3L));
        store = store.crash(Crash.POWER, new Random(1));

        try (DataDirectory next = openAt(2)) {
            PartitionLog opened = ((OpenedLog.Ready) open(next).get(0)).log();
            assertThat(opened.logEndOffset()).isEqualTo(2);
            assertThat(next.highWatermark(opened)).isEqualTo(2);
        }
    }

    @Test
    void logsAreOpenedInParallelAndProgressIsTold() throws Exception {
        try (DataDirectory directory = openAt(1)) {
            for (int i = 0; i < 12; i++) {
                PartitionLog log = create(directory, "t" + i, i);
                log.append(Batches.batch(0, "of " + i), 0, 0);
            }
        }
        try (DataDirectory directory = openAt(2);
                ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<String> told = new ArrayList<>();
            List<LogToOpen> wanted =
                    directory.found().stream()
                            .map(found -> new LogToOpen(found, Disk.SMALL, ProducerState.NONE))
                            .toList();

            List<OpenedLog> opened =
                    directory.openLogs(
                            wanted,
                            threads,
                            (done, total, log) -> {
                                synchronized (told) {
                                    told.add(done + "/" + total);
                                }
                            });

            assertThat(told).hasSize(12).contains("1/12", "12/12");
            assertThat(opened)
                    .extracting(OpenedLog::partition)
                    .isEqualTo(wanted.stream().map(LogToOpen::partition).toList());
            assertThat(opened).allMatch(OpenedLog.Ready.class::isInstance);
        }
    }

    @Test
    void aLogThatWentOfflineMakesTheStopUncleanAndTheOthersAreStillClosed() throws IOException {
        DataDirectory directory = openAt(1);
        PartitionLog good = create(directory, "good", 1);
        PartitionLog bad = create(directory, "bad", 2);
        good.append(Batches.batch(0, "a"), 0, 0);
        bad.append(Batches.batch(0, "b"), 0, 0);
        store.faults().failForces(path -> path.toString().contains("bad-0/"));

        directory.closeCleanly(Map.of());

        store.faults().failForces(path -> false);
        store = store.crash(Crash.POWER, new Random(1));
        try (DataDirectory next = openAt(2)) {
            assertThat(next.stoppedCleanly()).isFalse();
            OpenedLog.Ready ready = (OpenedLog.Ready) open(next).get(1);
            assertThat(ready.log().logEndOffset()).isEqualTo(1);
        }
    }

    private static List<OpenedLog> open(DataDirectory directory) throws IOException {
        return directory.openLogs(
                directory.found().stream()
                        .map(found -> new LogToOpen(found, Disk.SMALL, ProducerState.NONE))
                        .toList(),
                Runnable::run,
                (done, total, opened) -> {});
    }
}
