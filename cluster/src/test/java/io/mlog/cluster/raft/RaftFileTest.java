package io.mlog.cluster.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.cluster.raft.RaftFileContent.Damaged;
import io.mlog.cluster.raft.RaftFileContent.Entry;
import io.mlog.cluster.raft.RaftFileContent.Matter;
import io.mlog.core.metadata.MetadataCommand.AllocateProducerIds;
import io.mlog.core.metadata.MetadataCommand.CreateCluster;
import io.mlog.core.metadata.MetadataImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RaftFileTest {
    private record Told(Path file, long position, boolean torn) {}

    @TempDir Path directory;
    private MetadataImage last = MetadataImage.EMPTY;

    /** Two lives: a closed segment with a snapshot behind it, and an open one. */
    @BeforeEach
    void aLogOfTwoLives() throws Exception {
        try (Node node = Node.start(Node.settings(directory)).found()) {
            node.createTopic("orders");
        }
        try (Node node = Node.start(Node.settings(directory))) {
            node.done(new AllocateProducerIds(1000));
            node.createTopic("lines");
            last = node.log.image();
        }
    }

    @Test
    void entriesAreReadInOrderWithTheirCommands() throws IOException {
        List<RaftFile> logs = logs();
        assertThat(logs).hasSize(2);
        List<Entry> entries = new ArrayList<>();
        for (RaftFile log : logs) {
            entries.addAll(entries(log));
        }
        assertThat(entries)
                .extracting(Entry::index)
                .startsWith(0L, 1L, 2L, 3L)
                .doesNotHaveDuplicates();
        assertThat(entries.get(0).matter())
                .isEqualTo(new Matter.Configuration(List.of("node-1@dir-1@127.0.0.1:9093")));
        assertThat(entries.get(1).matter())
                .isEqualTo(new Matter.Command(new CreateCluster("cluster-a")));
        assertThat(entries)
                .extracting(Entry::matter)
                .contains(new Matter.Command(new AllocateProducerIds(1000)));
    }

    @Test
    void snapshotsVotesAndVotersAreRead() throws IOException {
        List<RaftFileContent> all = new ArrayList<>();
        for (Path file : files()) {
            RaftFile known = RaftFile.of(file).orElse(null);
            if (known != null && !(known instanceof RaftFile.Log)) {
                RaftFileReader.read(known, all::add);
            }
        }
        assertThat(all)
                .contains(new RaftFileContent.Voters(List.of("node-1@dir-1@127.0.0.1:9093")))
                .contains(new RaftFileContent.Image(last))
                .anyMatch(content ->
                        content instanceof RaftFileContent.Fields fields
                                && "node-1@dir-1".equals(fields.fields().get("votedFor")));
    }

    @Test
    void theImageBeforeAFileComesFromSnapshotAndEntriesOrIsToldToBeMissing() throws Exception {
        List<RaftFile> logs = logs();
        RaftFile.Log first = (RaftFile.Log) logs.get(0);
        RaftFile.Log second = (RaftFile.Log) logs.get(1);
        assertThat(RaftHistory.before(first)).contains(MetadataImage.EMPTY);
        MetadataImage before = RaftHistory.before(second).orElseThrow();
        assertThat(before.topic("orders")).isPresent();
        assertThat(before.topic("lines")).isEmpty();

        for (Path file : files()) {
            if (RaftFile.of(file).orElse(null) instanceof RaftFile.Snapshot) {
                Files.delete(file);
            }
        }
        assertThat(RaftHistory.before(second)).contains(before);
        Files.delete(first.path());
        assertThat(RaftHistory.before(second)).isEmpty();
    }

    @Test
    void aSoundDirectoryHasNothingToTell() throws IOException {
        assertThat(check()).isEmpty();
        assertThat(new RaftDirectoryCheck(directory.resolve("none"), RaftFileTest::fail).run())
                .isFalse();
        assertThat(new RaftDirectoryCheck(directory, RaftFileTest::fail).run()).isTrue();
    }

    private static void fail(
            Path file, long position, String expected, String found, boolean torn) {
        throw new AssertionError(file + " at " + position + ": " + expected + ", " + found);
    }

    @Test
    void everyFlippedBitIsFoundInItsFile() throws IOException {
        for (Path file : files()) {
            RaftFile known = RaftFile.of(file).orElse(null);
            boolean checksummed =
                    known instanceof RaftFile.Log || known instanceof RaftFile.Snapshot;
            if (!checksummed) {
                continue;
            }
            byte[] good = Files.readAllBytes(file);
            int used = good.length;
            while (good[used - 1] == 0) {
                used--;
            }
            for (int at = 0; at < used; at += 3) {
                byte[] bad = good.clone();
                bad[at] ^= (byte) (1 << at % 8);
                Files.write(file, bad);
                assertThat(check())
                        .as("byte %d of %s", at, file)
                        .isNotEmpty()
                        .allMatch(told -> told.file().toString().startsWith(file.toString()));
            }
            Files.write(file, good);
        }
    }

    @Test
    void aTornEndOfTheOpenFileIsWhatACrashLeavesAndDamageBeforeItIsNot() throws IOException {
        Path open = logs().get(1).path();
        List<Entry> entries = entries(logs().get(1));
        byte[] good = Files.readAllBytes(open);
        int end = (int) entries.getLast().position() + entries.getLast().sizeBytes();
        byte[] torn = good.clone();
        java.util.Arrays.fill(torn, end - 5, end, (byte) 0);
        Files.write(open, torn);
        assertThat(check()).containsExactly(new Told(open, entries.getLast().position(), true));

        byte[] damaged = good.clone();
        damaged[(int) entries.get(1).position() + 6] ^= 2;
        Files.write(open, damaged);
        assertThat(check()).containsExactly(new Told(open, entries.get(1).position(), false));
    }

    @Test
    void missingFilesAreMissed() throws IOException {
        Path closed = logs().get(0).path();
        for (Path file : files()) {
            if (RaftFile.of(file).orElse(null) instanceof RaftFile.Snapshot) {
                Files.delete(file);
            }
        }
        Files.delete(closed);
        assertThat(check()).extracting(Told::file).contains(logs().get(0).path());
    }

    private List<Told> check() throws IOException {
        List<Told> told = new ArrayList<>();
        new RaftDirectoryCheck(
                        directory,
                        (file, position, expected, found, torn) ->
                                told.add(new Told(file, position, torn)))
                .run();
        return told;
    }

    private static List<Entry> entries(RaftFile log) throws IOException {
        List<Entry> entries = new ArrayList<>();
        RaftFileReader.read(
                log,
                content -> {
                    assertThat(content).isNotInstanceOf(Damaged.class);
                    entries.add((Entry) content);
                });
        return entries;
    }

    private List<RaftFile> logs() throws IOException {
        Path log =
                files().stream()
                        .filter(file -> RaftFile.of(file).orElse(null) instanceof RaftFile.Log)
                        .findFirst()
                        .orElseThrow();
        return RaftFile.in(Objects.requireNonNull(log.getParent())).stream()
                .filter(RaftFile.Log.class::isInstance)
                .toList();
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(Files::isRegularFile).sorted().toList();
        }
    }
}
