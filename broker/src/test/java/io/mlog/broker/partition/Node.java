package io.mlog.broker.partition;

import io.mlog.broker.flush.FlushTarget;
import io.mlog.core.producer.ProducerStates;
import io.mlog.core.replication.HighWatermark.Durability;
import io.mlog.core.replication.IsrLimits;
import io.mlog.core.replication.IsrMember;
import io.mlog.core.replication.IsrProposal;
import io.mlog.core.replication.PartitionView;
import io.mlog.model.Acks;
import io.mlog.model.ErrorCode;
import io.mlog.model.TopicId;
import io.mlog.model.TopicIdPartition;
import io.mlog.model.TopicPartition;
import io.mlog.records.BatchHeader;
import io.mlog.records.LogRecord;
import io.mlog.records.RecordReader;
import io.mlog.records.RecordsSlice;
import io.mlog.services.FetchCommand;
import io.mlog.services.PartitionFetched;
import io.mlog.services.PartitionProduced;
import io.mlog.services.ProduceCommand;
import io.mlog.services.ReplicaAsk;
import io.mlog.services.ReplicaIdentity;
import io.mlog.storage.CompactionConfig;
import io.mlog.storage.CompactionMemory;
import io.mlog.storage.CompactionReport;
import io.mlog.storage.DataDirectory;
import io.mlog.storage.LogConfig;
import io.mlog.storage.LogToOpen;
import io.mlog.storage.OpenedLog;
import io.mlog.storage.PartitionLog;
import io.mlog.storage.fake.MemoryFileStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A broker with one replica of {@link #ORDERS}, on a disk in memory, whose flushes, fetches and
 * time happen when a test says so. Its boot is ten times its id, one more with every restart.
 */
final class Node implements AutoCloseable {
    static final TopicPartition ORDERS = new TopicPartition("orders", 0);
    static final TopicId ORDERS_ID = new TopicId(1, 2);

    final int id;
    final ManualTimer time;
    final HostedPartitions hosted = new HostedPartitions();
    final LocalRecords records;
    final List<PartitionProduced> produced = new ArrayList<>();
    final List<PartitionFetched> fetched = new ArrayList<>();
    final List<IsrProposal> proposals = new ArrayList<>();
    final Set<FlushTarget> wantFlush = new LinkedHashSet<>();
    int fetchable;
    long boot;
    Durability durability = Durability.GROUP;
    LogConfig config = LogConfig.DEFAULT;
    MemoryFileStore disk;
    Partition partition;
    private final Random random;
    private DataDirectory directory;

    Node(int id, ManualTimer time) {
        this.id = id;
        this.time = time;
        this.boot = id * 10L;
        this.random = new Random(id);
        this.records = new LocalRecords(hosted, time, Runnable::run, time);
        this.disk = new MemoryFileStore(time::millis);
        this.directory = openDirectory();
        ProducerStates producers = new ProducerStates(100, 86_400_000);
        this.partition = host(created(producers), producers);
    }

    private DataDirectory openDirectory() {
        try {
            Clock clock = Clock.fixed(time.instant(), ZoneOffset.UTC);
            return DataDirectory.open(disk, Path.of("/data"), 0, clock, random);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private PartitionLog created(ProducerStates producers) {
        try {
            return directory.createLog(
                    ORDERS, ORDERS_ID, config, new ReplayedProducers(producers, time));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Partition host(PartitionLog log, ProducerStates producers) {
        Partition opened =
                new Partition(
                        ORDERS,
                        ORDERS_ID,
                        log,
                        producers,
                        settings(),
                        directory.highWatermark(log),
                        new PartitionPorts(
                                new IsrMember(id, boot),
                                wantFlush::add,
                                time,
                                time,
                                new IsrLimits(100, 3000),
                                (name, topicId, proposal) -> proposals.add(proposal),
                                followed -> fetchable++));
        hosted.add(opened);
        return opened;
    }

    private PartitionSettings settings() {
        return new PartitionSettings(1 << 20, durability, false, -1, -1, Optional.empty());
    }

    /** Lets go of every closed record but the last of its key; those without a key all go. */
    void compact() {
        CompactionConfig eager = new CompactionConfig(0, 0, Long.MAX_VALUE, 0);
        PartitionSettings compacted =
                new PartitionSettings(1 << 20, durability, false, -1, -1, Optional.of(eager));
        partition.log().roll();
        partition.log().flush();
        partition.update(compacted, config);
        CompactionReport report =
                partition
                        .compaction()
                        .orElseThrow()
                        .run(new CompactionMemory(1 << 20), bytes -> true);
        if (report.end() != CompactionReport.End.DONE) {
            throw new AssertionError(report.toString());
        }
        partition.update(settings(), config);
    }

    void durability(Durability next) {
        durability = next;
        partition.update(settings(), config);
    }

    // ---- metadata

    /** An image in which {@code leader} leads with these in-sync replicas; all boots live. */
    Node image(int leader, int epoch, int partitionEpoch, int minIsr, Integer... isr) {
        partition.apply(view(leader, epoch, partitionEpoch, minIsr, isr));
        return this;
    }

    static PartitionView view(
            int leader, int epoch, int partitionEpoch, int minIsr, Integer... isr) {
        return new PartitionView(
                leader,
                epoch,
                partitionEpoch,
                List.of(1, 2, 3),
                List.of(isr),
                minIsr,
                Map.of(1, 10L, 2, 20L, 3, 30L));
    }

    // ---- clients

    void produce(Acks acks, ByteBuffer batch) {
        records.produce(
                new ProduceCommand(
                        acks, 5000, List.of(new ProduceCommand.PartitionBatches(ORDERS, batch, 1))),
                produced::addAll);
    }

    void produce(Acks acks, String... values) {
        produce(acks, PartitionFixture.batch(values));
    }

    /** The one answer to a producer since the last. */
    PartitionProduced answer() {
        if (produced.size() != 1) {
            throw new AssertionError("answers: " + produced);
        }
        return produced.removeFirst();
    }

    /** Reads without waiting. */
    PartitionFetched consume(long offset, boolean allowFollower) {
        consumeLater(offset, allowFollower, 0);
        return fetched.removeLast();
    }

    void consumeLater(long offset, boolean allowFollower, int maxWaitMs) {
        records.fetch(
                new FetchCommand(
                        allowFollower,
                        maxWaitMs,
                        1,
                        1 << 20,
                        List.of(
                                FetchCommand.PartitionFetch.ofConsumer(
                                        ORDERS, offset, 1 << 20, FetchCommand.NO_EPOCH))),
                fetched::addAll);
    }

    // ---- disk

    /** Runs the flush that was asked for; false when none was. */
    boolean flush() {
        boolean wanted = !wantFlush.isEmpty();
        wantFlush.clear();
        if (wanted) {
            partition.flush();
        }
        return wanted;
    }

    /** Flips a bit in the first batch on disk, and lets the scrubber find it. */
    void damage() {
        partition.log().roll();
        try {
            Path folder = Path.of("/data", ORDERS.toString());
            disk.flipBit(folder.resolve("0".repeat(20) + ".log"), 40, 2);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        partition.log().scrub(1 << 20);
        if (!partition.log().isDamaged()) {
            throw new AssertionError("the scrubber found nothing");
        }
    }

    void checkpoint() {
        try {
            directory.writeCheckpoints(Map.of(ORDERS, partition.highWatermark()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The process or the power goes, and the broker comes back with the next boot and no role. */
    void crash(MemoryFileStore.Crash kind) {
        hosted.remove(partition);
        disk = disk.crash(kind, random);
        boot++;
        produced.clear();
        proposals.clear();
        wantFlush.clear();
        fetchable = 0;
        directory = openDirectory();
        ProducerStates producers = new ProducerStates(100, 86_400_000);
        try {
            List<OpenedLog> opened =
                    directory.openLogs(
                            List.of(
                                    new LogToOpen(
                                            directory.found().getFirst(),
                                            config,
                                            new ReplayedProducers(producers, time))),
                            Runnable::run,
                            (done, total, log) -> {});
            if (!(opened.getFirst() instanceof OpenedLog.Ready ready)) {
                throw new AssertionError(opened.toString());
            }
            partition = host(ready.log(), producers);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    long promised() {
        return directory.promisedOffset(ORDERS, ORDERS_ID);
    }

    // ---- replication

    ReplicaIdentity identity() {
        return new ReplicaIdentity(id, boot);
    }

    static ReplicaAsk ask(FetchPosition position) {
        return new ReplicaAsk(
                new TopicIdPartition(ORDERS_ID, 0),
                position.leaderEpoch(),
                position.fetchOffset(),
                position.lastFetchedEpoch(),
                position.logStartOffset(),
                1 << 20);
    }

    FetchPosition position() {
        Optional<FetchPosition> position = partition.position();
        return position.orElseThrow(() -> new AssertionError(id + " has nothing to fetch"));
    }

    /** What {@code leader} answers to an ask of this node. */
    ReplicaData answerOf(Node leader, FetchPosition position) {
        PartitionFetched refusal = leader.partition.acknowledge(identity(), ask(position));
        PartitionFetched answer =
                refusal == null
                        ? leader.partition.readForReplica(ask(position), 5000, 1 << 20, true)
                        : refusal;
        return new ReplicaData(
                answer.error(),
                answer.highWatermark(),
                answer.logStartOffset(),
                answer.divergence(),
                bytes(answer.records()));
    }

    /** One fetch: asks, and takes the answer. */
    ErrorCode fetchFrom(Node leader) {
        FetchPosition position = position();
        ReplicaData data = answerOf(leader, position);
        partition.received(position, data);
        return data.error();
    }

    /** Fetches and flushes until there is nothing more to copy. */
    void catchUpWith(Node leader) {
        for (int rounds = 0; rounds < 20; rounds++) {
            fetchFrom(leader);
            flush();
        }
    }

    // ---- state

    long logEnd() {
        return partition.log().logEndOffset();
    }

    long hw() {
        return partition.highWatermark();
    }

    /** {@code offset=value} of everything in the log. */
    List<String> log() {
        List<String> all = new ArrayList<>();
        for (long next = partition.log().logStartOffset(); next < logEnd(); ) {
            ByteBuffer batch = bytes(partition.log().read(next, 1, logEnd(), true));
            try (RecordReader reader = RecordReader.open(batch, 0, 1 << 20)) {
                while (reader.hasNext()) {
                    LogRecord record = reader.next();
                    ByteBuffer value = record.value();
                    all.add(record.offset() + "=" + text(value));
                }
            }
            next = BatchHeader.lastOffset(batch, 0) + 1;
        }
        return all;
    }

    private static String text(@Nullable ByteBuffer value) {
        return value == null ? "" : StandardCharsets.UTF_8.decode(value).toString();
    }

    static ByteBuffer bytes(RecordsSlice slice) {
        try {
            ByteBuffer bytes = ByteBuffer.allocate(slice.sizeBytes());
            slice.read(0, bytes);
            return bytes.flip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            slice.release();
        }
    }

    @Override
    public void close() {
        fetched.forEach(each -> each.records().release());
        directory.close();
    }
}
