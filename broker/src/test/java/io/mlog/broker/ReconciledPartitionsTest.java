package io.mlog.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.broker.partition.HostedPartitions;
import io.mlog.broker.partition.ManualTimer;
import io.mlog.broker.partition.Partition;
import io.mlog.broker.partition.PartitionPorts;
import io.mlog.broker.topics.InMemoryMetadataLog;
import io.mlog.broker.topics.Reconciler;
import io.mlog.core.metadata.CommandResult;
import io.mlog.core.metadata.MetadataCommand;
import io.mlog.core.metadata.MetadataImage;
import io.mlog.core.replication.IsrLimits;
import io.mlog.core.replication.IsrMember;
import io.mlog.model.HostPort;
import io.mlog.model.TopicId;
import io.mlog.model.TopicIdPartition;
import io.mlog.model.TopicPartition;
import io.mlog.records.Codec;
import io.mlog.records.RecordBatchBuilder;
import io.mlog.storage.DataDirectory;
import io.mlog.storage.FoundPartition;
import io.mlog.storage.fake.MemoryFileStore;
import io.mlog.storage.fake.MemoryFileStore.Crash;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Broker 1 of three, with real logs on a disk in memory: what it hosts follows the metadata. */
class ReconciledPartitionsTest {
    private static final TopicPartition ORDERS = new TopicPartition("orders", 0);
    private static final TopicId ORDERS_ID = new TopicId(7, 8);

    private final ManualTimer time = new ManualTimer();
    private final List<TopicPartition> fetchable = new CopyOnWriteArrayList<>();
    private final List<MetadataImage> acted = new CopyOnWriteArrayList<>();
    private final List<MetadataImage> images = new ArrayList<>();
    private final InMemoryMetadataLog metadata = new InMemoryMetadataLog(images::add);
    private MemoryFileStore disk = new MemoryFileStore(time::millis);
    private DataDirectory directory;
    private HostedPartitions hosted = new HostedPartitions();
    private Reconciler reconciler;

    @BeforeEach
    void start() throws IOException {
        submit(new MetadataCommand.CreateCluster("cluster"));
        for (int id = 1; id <= 3; id++) {
            register(id, 10L * id);
            unfence(id, 10L * id, List.of());
        }
        open(10);
    }

    @AfterEach
    void stop() {
        reconciler.close();
        directory.close();
    }

    private void open(long boot) throws IOException {
        directory =
                DataDirectory.open(
                        disk,
                        Path.of("/data"),
                        0,
                        Clock.fixed(time.instant(), ZoneOffset.UTC),
                        new Random(1));
        hosted = new HostedPartitions();
        PartitionPorts ports =
                new PartitionPorts(
                        new IsrMember(1, boot),
                        target -> {},
                        time,
                        time,
                        new IsrLimits(100, 3000),
                        (name, topicId, proposal) -> {},
                        followed -> fetchable.add(followed.name()));
        reconciler =
                new Reconciler(
                        new IsrMember(1, boot),
                        hosted,
                        new DataPartitions(
                                directory,
                                new DataPartitions.Tuning(4096, 86_400_000, Map.of()),
                                ports,
                                Runnable::run,
                                (done, total, log) -> {}),
                        acted::add,
                        Runnable::run,
                        bug -> {
                            throw new AssertionError(bug);
                        });
        reconciler.published(metadata.image());
    }

    private void restart(Crash crash, long boot) throws IOException {
        reconciler.close();
        disk = disk.crash(crash, new Random(1));
        open(boot);
    }

    private void submit(MetadataCommand command) {
        CommandResult result = metadata.submit(command).join();
        if (result instanceof CommandResult.Refused refused) {
            throw new AssertionError(refused.message());
        }
    }

    private void register(int id, long boot) {
        submit(
                new MetadataCommand.RegisterBroker(
                        "node-" + id,
                        "dir-" + id,
                        boot,
                        null,
                        new HostPort("127.0.0.1", 9090 + id),
                        new HostPort("127.0.0.1", 9190 + id),
                        null,
                        "1"));
    }

    private void unfence(int id, long boot, List<TopicIdPartition> suspects) {
        submit(new MetadataCommand.UnfenceBroker(id, boot, suspects));
    }

    private void create(String name, TopicId id, List<List<Integer>> assignments) {
        submit(new MetadataCommand.CreateTopic(name, id, -1, -1, assignments, Map.of()));
        act();
    }

    /** Waits until the newest image is acted on. */
    private void act() {
        reconciler.published(metadata.image());
        reconciler.actedOn(metadata.appliedIndex()).join();
    }

    private Partition hosted(TopicPartition name) {
        return Objects.requireNonNull(hosted.find(name), name + " is not hosted");
    }

    private void append(int epoch) {
        RecordBatchBuilder builder = new RecordBatchBuilder(100, 1000);
        builder.reset(Codec.NONE);
        builder.appendValue(1, new byte[] {1}, 0, 1);
        ByteBuffer batch = builder.build();
        hosted(ORDERS)
                .log()
                .append(
                        ByteBuffer.allocateDirect(batch.remaining()).put(batch).flip(),
                        epoch,
                        time.millis());
    }

    // ---- roles

    @Test
    void leadsFollowsOrDoesNotHostAsTheImageSays() {
        create("orders", ORDERS_ID, List.of(List.of(1, 2), List.of(2, 1), List.of(2, 3)));

        assertThat(hosted.all()).hasSize(2);
        assertThat(hosted(ORDERS).position()).isEmpty();
        assertThat(hosted(new TopicPartition("orders", 1)).position())
                .hasValueSatisfying(position -> assertThat(position.leaderId()).isEqualTo(2));
        assertThat(fetchable).containsExactly(new TopicPartition("orders", 1));
        assertThat(acted.getLast()).isSameAs(metadata.image());
    }

    @Test
    void aFencedLeaderMakesThisBrokerLeadWhatItIsInSyncWith() {
        create("orders", ORDERS_ID, List.of(List.of(2, 1)));
        assertThat(hosted(ORDERS).position()).isPresent();

        submit(new MetadataCommand.FenceBroker(2, 20));
        act();

        assertThat(hosted(ORDERS).position()).isEmpty();
        submit(new MetadataCommand.FenceBroker(1, 10));
        act();
        assertThat(hosted(ORDERS).status().online()).isTrue();
    }

    @Test
    void whatMovedToOthersIsDeletedAndADeletedTopicToo() throws IOException {
        create("orders", ORDERS_ID, List.of(List.of(1, 2)));
        create("logs", new TopicId(9, 9), List.of(List.of(1)));
        submit(
                new MetadataCommand.ReassignPartitions(
                        List.of(new MetadataCommand.Reassignment(ORDERS, List.of(2)))));
        act();
        assertThat(hosted.find(ORDERS)).isNull();
        assertThat(directory.found()).hasSize(1);

        submit(new MetadataCommand.DeleteTopic("logs", TopicId.ZERO));
        act();

        assertThat(hosted.all()).isEmpty();
        assertThat(directory.found()).isEmpty();
    }

    @Test
    void aTopicCreatedAgainIsAnotherPartition() {
        create("orders", ORDERS_ID, List.of(List.of(1)));
        Partition before = hosted(ORDERS);
        submit(new MetadataCommand.DeleteTopic("orders", ORDERS_ID));
        create("orders", new TopicId(9, 9), List.of(List.of(1)));

        assertThat(hosted(ORDERS)).isNotSameAs(before);
        assertThat(hosted(ORDERS).topicId()).isEqualTo(new TopicId(9, 9));
        assertThat(before.status().online()).isFalse();
    }

    @Test
    void aChangedConfigurationReachesThePartition() {
        create("orders", ORDERS_ID, List.of(List.of(1)));

        submit(
                new MetadataCommand.ReplaceTopicConfigs(
                        "orders", Map.of("max.message.bytes", "12345")));
        act();

        assertThat(hosted(ORDERS).settings().maxBatchBytes()).isEqualTo(12345);
    }

    @Test
    void aPartitionThatCannotBeOpenedIsTriedAgainWithTheNextImage() {
        disk.faults().failForces(file -> true);
        create("orders", ORDERS_ID, List.of(List.of(1)));
        assertThat(hosted.find(ORDERS)).isNull();

        disk.faults().failForces(file -> false);
        create("logs", new TopicId(9, 9), List.of(List.of(2)));

        assertThat(hosted(ORDERS).status().online()).isTrue();
    }

    // ---- which images

    @Test
    void imagesOfAnotherBootAreNotObeyed() throws IOException {
        create("orders", ORDERS_ID, List.of(List.of(1, 2)));
        reconciler.close();
        disk = disk.crash(Crash.PROCESS, new Random(1));
        open(11);

        reconciler.published(metadata.image());
        assertThat(hosted.all()).isEmpty();

        register(1, 11);
        act();
        assertThat(hosted(ORDERS).position())
                .hasValueSatisfying(position -> assertThat(position.leaderId()).isEqualTo(2));
    }

    @Test
    void aRegisteredBootThatIsStillFencedLeadsNothing() throws IOException {
        create("orders", ORDERS_ID, List.of(List.of(1)));
        register(1, 11);
        restart(Crash.PROCESS, 11);
        act();
        assertThat(hosted(ORDERS).position()).isEmpty();
        assertThat(hosted(ORDERS).highWatermark()).isZero();

        append(0); // nobody else writes while it leads nothing
        unfence(1, 11, List.of());
        act();
        assertThat(metadata.image().partition(ORDERS).orElseThrow().leader()).isOne();
    }

    // ---- what the disk has lost

    @Test
    void aReplicaThatEndsBelowWhatWasPromisedIsASuspect() throws IOException {
        create("orders", ORDERS_ID, List.of(List.of(1, 2), List.of(1, 2)));
        append(0);
        append(0);
        hosted(ORDERS).log().flush();
        append(0);
        directory.writeCheckpoints(Map.of(ORDERS, 3L));
        register(1, 11);
        restart(Crash.POWER, 11);

        assertThat(reconciler.suspects().join())
                .containsExactly(new TopicIdPartition(ORDERS_ID, 0));
    }

    @Test
    void aReplicaThatHasAllThatWasPromisedIsNone() throws IOException {
        create("orders", ORDERS_ID, List.of(List.of(1, 2)));
        append(0);
        hosted(ORDERS).log().flush();
        directory.writeCheckpoints(Map.of(ORDERS, 1L));
        register(1, 11);
        restart(Crash.POWER, 11);

        assertThat(reconciler.suspects().join()).isEmpty();
    }

    @Test
    void aReplicaWhoseDirectoryIsGoneIsASuspect() throws IOException {
        create("orders", ORDERS_ID, List.of(List.of(1, 2)));
        append(0);
        hosted(ORDERS).log().flush();
        directory.writeCheckpoints(Map.of(ORDERS, 1L));
        reconciler.close();
        disk = disk.crash(Crash.PROCESS, new Random(1));
        disk.deleteTree(directory.root().resolve("orders-0"));
        register(1, 11);
        open(11);

        assertThat(reconciler.suspects().join())
                .containsExactly(new TopicIdPartition(ORDERS_ID, 0));
    }

    @Test
    void whatMovedAwayWhileTheBrokerWasDownIsDeletedAndTheUnknownPutAside() throws IOException {
        create("orders", ORDERS_ID, List.of(List.of(1, 2)));
        create("logs", new TopicId(9, 9), List.of(List.of(1)));
        submit(
                new MetadataCommand.ReassignPartitions(
                        List.of(new MetadataCommand.Reassignment(ORDERS, List.of(2)))));
        submit(new MetadataCommand.DeleteTopic("logs", TopicId.ZERO));
        register(1, 11);
        restart(Crash.PROCESS, 11);

        act();

        assertThat(hosted.all()).isEmpty();
        assertThat(directory.found()).extracting(FoundPartition::topicPartition).isEmpty();
        assertThat(disk.list(Path.of("/data")))
                .anyMatch(file -> file.toString().contains("logs-0"))
                .noneMatch(file -> file.toString().contains("orders-0"));
    }
}
