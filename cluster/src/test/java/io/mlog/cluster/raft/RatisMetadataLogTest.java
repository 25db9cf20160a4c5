package io.mlog.cluster.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlog.cluster.raft.rpc.RaftPort;
import io.mlog.core.metadata.CommandResult;
import io.mlog.core.metadata.CommandResult.Outcome;
import io.mlog.core.metadata.CommandResult.Refused;
import io.mlog.core.metadata.ImageCodec;
import io.mlog.core.metadata.MetadataCommand.AllocateProducerIds;
import io.mlog.core.metadata.MetadataCommand.CreateCluster;
import io.mlog.core.metadata.MetadataCommand.CreateTopic;
import io.mlog.core.metadata.MetadataImage;
import io.mlog.core.metadata.MetadataLog.Leadership;
import io.mlog.model.ErrorCode;
import io.mlog.model.HostPort;
import io.mlog.model.MlogException;
import io.mlog.model.TopicId;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RatisMetadataLogTest {
    @TempDir Path directory;

    @Test
    void anEmptyDirectoryBecomesAGroupOfOneThatTakesCommandsInOrder() throws Exception {
        assertThat(RatisMetadataLog.exists(Node.settings(directory))).isFalse();
        try (Node node = Node.start(Node.settings(directory)).found()) {
            Outcome created = node.createTopic("orders");

            MetadataImage image = node.log.image();
            assertThat(created).isEqualTo(new Outcome.Topic(image.topic("orders").orElseThrow()));
            assertThat(node.log.leadership())
                    .isEqualTo(new Leadership(Optional.of("node-1"), 1, List.of("node-1")));
            assertThat(node.images.getLast()).isSameAs(image);
            assertThat(node.images)
                    .extracting(MetadataImage::commandCount)
                    .containsExactly(1L, 2L, 3L, 4L);
            assertThat(RatisMetadataLog.exists(Node.settings(directory))).isTrue();
        }
    }

    @Test
    void aRefusalIsAResultAndChangesNothing() throws Exception {
        try (Node node = Node.start(Node.settings(directory)).found()) {
            CommandResult result =
                    node.log
                            .submit(
                                    new CreateTopic(
                                            "t", new TopicId(1, 1), 1, 5, List.of(), Map.of()))
                            .get(5, TimeUnit.SECONDS);

            assertThat(result).isInstanceOf(Refused.class);
            assertThat(((Refused) result).code()).isEqualTo(ErrorCode.INVALID_REPLICATION_FACTOR);
            assertThat(node.log.image().topicsByName()).isEmpty();
        }
    }

    @Test
    void aRestartKeepsTheState() throws Exception {
        byte[] before;
        try (Node node = Node.start(Node.settings(directory)).found()) {
            node.createTopic("orders");
            node.done(new AllocateProducerIds(1000));
            before = ImageCodec.encode(node.log.image());
        }
        try (Node node = Node.start(Node.settings(directory))) {
            assertThat(ImageCodec.encode(node.log.image())).isEqualTo(before);
            assertThat(node.done(new AllocateProducerIds(1)))
                    .isEqualTo(new Outcome.ProducerIds(1000, 1));
            assertThat(node.fatal).isEmpty();
        }
    }

    @Test
    void aNodeThatWasKilledKeepsWhatItAcknowledged() throws Exception {
        Path crashed = Files.createDirectory(directory.resolve("crashed"));
        byte[] before;
        try (Node node = Node.start(Node.settings(directory.resolve("running"))).found()) {
            for (int i = 0; i < 50; i++) {
                node.createTopic("topic-" + i);
            }
            before = ImageCodec.encode(node.log.image());
            copy(directory.resolve("running"), crashed);
        }
        try (Node node = Node.start(Node.settings(crashed))) {
            assertThat(ImageCodec.encode(node.log.image())).isEqualTo(before);
        }
    }

    @Test
    void aKilledNodeStartsFromItsSnapshotAndTheLogBehindIt() throws Exception {
        Path crashed = Files.createDirectory(directory.resolve("crashed"));
        byte[] before;
        try (Node node = Node.start(Node.settings(directory.resolve("running"), 20)).found()) {
            for (int i = 0; i < 70; i++) {
                node.createTopic("topic-" + i);
            }
            before = ImageCodec.encode(node.log.image());
            copy(directory.resolve("running"), crashed);
        }
        assertThat(snapshotsIn(crashed)).isBetween(1L, 3L);

        try (Node node = Node.start(Node.settings(crashed, 20))) {
            assertThat(ImageCodec.encode(node.log.image())).isEqualTo(before);
            assertThat(node.images.getFirst().topicsByName())
                    .as("the first image is the snapshot's")
                    .hasSizeGreaterThan(10);
        }
    }

    @Test
    void aSnapshotThatCannotBeWrittenDelaysNothingAndIsTriedAgainLater() throws Exception {
        try (Node node = Node.start(Node.settings(directory, 20))) {
            Path snapshots = Node.settings(directory).groupDirectory().resolveSibling("sm");
            List<Path> inTheWay = new ArrayList<>();
            for (int index = 0; index < 200; index++) {
                Path file = snapshots.resolve("snapshot.1_" + index + ".unfinished");
                Files.createDirectories(file.resolve("not-empty"));
                inTheWay.add(file);
            }
            for (int i = 0; i < 60; i++) {
                node.done(new AllocateProducerIds(1));
            }
            assertThat(snapshotsIn(directory)).isZero();

            for (int i = 0; i < MetadataStateMachine.ENTRIES_BETWEEN_ATTEMPTS + 50; i++) {
                node.done(new AllocateProducerIds(1));
            }
            assertThat(snapshotsIn(directory)).isPositive();
            assertThat(inTheWay).allMatch(Files::isDirectory);
            assertThat(node.fatal).isEmpty();
        }
    }

    @Test
    void manyCommandsAtOnceAreAllAnsweredAndTooManyAreRefused() throws Exception {
        try (Node node = Node.start(Node.settings(directory))) {
            List<CompletableFuture<CommandResult>> results = new ArrayList<>();
            for (int i = 0; i < 2000; i++) {
                results.add(node.log.submit(new AllocateProducerIds(1)));
            }
            int done = 0;
            List<ErrorCode> refusals = new ArrayList<>();
            for (CompletableFuture<CommandResult> result : results) {
                try {
                    result.get(10, TimeUnit.SECONDS);
                    done++;
                } catch (ExecutionException e) {
                    refusals.add(
                            e.getCause() instanceof MlogException m ? m.code() : ErrorCode.NONE);
                }
            }
            assertThat(node.log.image().nextProducerId()).isEqualTo(done);
            assertThat(done).isGreaterThanOrEqualTo(64);
            assertThat(refusals).allMatch(code -> code == ErrorCode.NOT_READY);
        }
    }

    @Test
    void theHashOfTheImageIsComparedEveryThousandCommands() throws Exception {
        try (Node node = Node.start(Node.settings(directory))) {
            for (int i = 0; i < 1010; i++) {
                node.done(new AllocateProducerIds(1));
            }
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
            while (node.log.image().commandCount() < 1011 && System.nanoTime() < deadline) {
                Thread.onSpinWait();
            }
            assertThat(node.log.image().commandCount()).isEqualTo(1011);
            assertThat(node.fatal).isEmpty();
        }
    }

    @Test
    void aCommandTooLargeForTheLogIsRefusedWithTheLimit() throws Exception {
        try (Node node = Node.start(Node.settings(directory))) {
            List<List<Integer>> assignments =
                    Collections.nCopies(20_000, Collections.nCopies(20, 1));
            assertThatThrownBy(() ->
                            node.done(
                                    new CreateTopic(
                                            "t", new TopicId(1, 1), -1, -1, assignments, Map.of())))
                    .cause()
                    .isInstanceOf(MlogException.class)
                    .hasMessageContaining("921600");
            assertThat(node.done(new AllocateProducerIds(1))).isNotNull();
        }
    }

    @Test
    void afterCloseCommandsAreRefusedAndThePortIsFree() throws Exception {
        Node node = Node.start(Node.settings(directory));
        node.close();
        node.close();

        assertThatThrownBy(() -> node.done(new AllocateProducerIds(1)))
                .cause()
                .hasMessageContaining("stopping");
        assertThat(node.fatal).isEmpty();
        try (RaftPort port = RaftPort.bind(node.address)) {
            assertThat(port.address()).isEqualTo(node.address);
        }
    }

    @Test
    void aBusyPortIsNamedWithItsFlag() throws Exception {
        try (ServerSocket busy = new ServerSocket(0)) {
            HostPort wanted = new HostPort("127.0.0.1", busy.getLocalPort());
            assertThatThrownBy(() -> RaftPort.bind(wanted))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("--raft-addr 127.0.0.1:" + busy.getLocalPort())
                    .hasMessageContaining("in use");
        }
    }

    @Test
    void anImageListenerThatThrowsEndsTheNodeLoudly() throws Exception {
        List<Throwable> fatal = Collections.synchronizedList(new ArrayList<>());
        CompletableFuture<Throwable> first = new CompletableFuture<>();
        RatisMetadataLog log =
                RatisMetadataLog.start(
                        Node.settings(directory),
                        RaftPort.bind(new HostPort("127.0.0.1", 0)),
                        Node.NOBODY,
                        image -> {
                            throw new IllegalStateException("no place for " + image.clusterId());
                        },
                        cause -> {
                            fatal.add(cause);
                            first.complete(cause);
                        });
        try {
            CompletableFuture<CommandResult> result = log.submit(new CreateCluster("c"));
            assertThat(first.get(10, TimeUnit.SECONDS)).hasMessageContaining("no place for c");
            assertThatThrownBy(() -> result.get(10, TimeUnit.SECONDS))
                    .cause()
                    .isInstanceOf(MlogException.class);
            assertThatThrownBy(
                            () -> log.submit(new AllocateProducerIds(1)).get(10, TimeUnit.SECONDS))
                    .cause()
                    .isInstanceOf(MlogException.class);
        } finally {
            log.close();
        }
        assertThat(fatal).hasSize(1);
        assertThat(snapshotsIn(directory)).as("nothing is saved of it").isZero();
    }

    @Test
    void aDamagedSnapshotEndsTheStartWithItsName() throws Exception {
        try (Node node = Node.start(Node.settings(directory)).found()) {
            node.createTopic("orders");
        }
        Path snapshot;
        try (Stream<Path> files = Files.walk(directory)) {
            snapshot =
                    files.filter(f -> f.getFileName().toString().matches("snapshot\\.\\d+_\\d+"))
                            .findFirst()
                            .orElseThrow();
        }
        byte[] bytes = Files.readAllBytes(snapshot);
        bytes[bytes.length / 2] ^= 1;
        Files.write(snapshot, bytes);

        assertThatThrownBy(() -> Node.start(Node.settings(directory)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(snapshot.getFileName().toString());
    }

    private static long snapshotsIn(Path root) throws IOException {
        Path snapshots = Node.settings(root).groupDirectory().resolveSibling("sm");
        try (Stream<Path> files = Files.list(snapshots)) {
            return files.filter(f -> f.getFileName().toString().matches("snapshot\\.\\d+_\\d+"))
                    .count();
        }
    }

    /** What a killed process leaves: the files as they are while it runs, without its lock. */
    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else if (!file.getFileName().toString().equals("in_use.lock")) {
                    Files.copy(file, target);
                }
            }
        }
    }
}
