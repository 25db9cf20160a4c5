package io.mlog.broker.partition;

import io.mlog.broker.flush.GroupFlusher;
import io.mlog.core.producer.ProducerStates;
import io.mlog.core.replication.HighWatermark.Durability;
import io.mlog.core.replication.IsrLimits;
import io.mlog.core.replication.IsrMember;
import io.mlog.core.replication.PartitionView;
import io.mlog.model.Acks;
import io.mlog.model.TopicId;
import io.mlog.model.TopicPartition;
import io.mlog.records.BatchHeader;
import io.mlog.records.Codec;
import io.mlog.records.RecordBatchBuilder;
import io.mlog.services.FetchCommand;
import io.mlog.services.PartitionFetched;
import io.mlog.services.PartitionProduced;
import io.mlog.services.ProduceCommand;
import io.mlog.services.WaitingFetch;
import io.mlog.storage.DataDirectory;
import io.mlog.storage.FileStore;
import io.mlog.storage.LogConfig;
import io.mlog.storage.RealFileStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * Two hosted partitions on a real disk, with time moved by hand. The flusher has no thread: a test
 * flushes when it says so.
 */
final class PartitionFixture implements AutoCloseable {
    static final TopicPartition FIRST = new TopicPartition("orders", 0);
    static final TopicPartition SECOND = new TopicPartition("orders", 1);

    final ManualTimer timer = new ManualTimer();
    final HostedPartitions hosted = new HostedPartitions();

    /** Reads that wait for the disk; done by the test, or at once when it does not care. */
    final List<Runnable> elsewhere = new ArrayList<>();

    boolean holdsReads;
    final LocalRecords records = new LocalRecords(hosted, timer, this::elsewhere, timer);
    final List<PartitionProduced> produced = new ArrayList<>();
    final List<List<PartitionFetched>> fetched = new ArrayList<>();
    private final DataDirectory directory;
    private final GroupFlusher flusher =
            new GroupFlusher(
                    0,
                    bug -> {
                        throw new AssertionError(bug);
                    });

    PartitionFixture(Path root, Durability durability) throws IOException {
        this(root, durability, new RealFileStore(), LogConfig.DEFAULT);
    }

    PartitionFixture(Path root, Durability durability, FileStore files, LogConfig logConfig)
            throws IOException {
        directory = DataDirectory.open(files, root, 0, Clock.systemUTC(), new Random(1));
        directory.claim("cluster", "node-1");
        for (TopicPartition name : List.of(FIRST, SECOND)) {
            ProducerStates producers = new ProducerStates(100, 86_400_000);
            Partition partition =
                    new Partition(
                            name,
                            new TopicId(1, 2),
                            directory.createLog(
                                    name,
                                    new TopicId(1, 2),
                                    logConfig,
                                    new ReplayedProducers(producers, timer)),
                            producers,
                            new PartitionSettings(
                                    1 << 20, durability, false, -1, -1, Optional.empty()),
                            0,
                            new PartitionPorts(
                                    new IsrMember(1, 10),
                                    flusher,
                                    timer,
                                    timer,
                                    new IsrLimits(100, 3000),
                                    (proposed, topicId, proposal) -> {},
                                    followed -> {}));
            partition.apply(new PartitionView(1, 3, 0, List.of(1), List.of(1), 1, Map.of(1, 10L)));
            hosted.add(partition);
        }
    }

    private void elsewhere(Runnable read) {
        if (holdsReads) {
            elsewhere.add(read);
        } else {
            read.run();
        }
    }

    Partition partition(TopicPartition name) {
        Partition partition = hosted.find(name);
        if (partition == null) {
            throw new AssertionError(name + " is not hosted");
        }
        return partition;
    }

    void flush(TopicPartition name) {
        partition(name).flush();
    }

    void produce(Acks acks, int timeoutMs, TopicPartition name, ByteBuffer batch) {
        records.produce(
                new ProduceCommand(
                        acks,
                        timeoutMs,
                        List.of(new ProduceCommand.PartitionBatches(name, batch, 1))),
                produced::addAll);
    }

    void produce(Acks acks, TopicPartition name, String... values) {
        produce(acks, 5000, name, batch(values));
    }

    WaitingFetch fetch(int maxWaitMs, int minBytes, TopicPartition name, long offset) {
        return records.fetch(
                FetchCommand.ofConsumer(
                        maxWaitMs,
                        minBytes,
                        1 << 20,
                        List.of(
                                FetchCommand.PartitionFetch.ofConsumer(
                                        name, offset, 1 << 20, FetchCommand.NO_EPOCH))),
                fetched::add);
    }

    static ByteBuffer batch(String... values) {
        return batch(BatchHeader.NO_PRODUCER_ID, 0, -1, values);
    }

    static ByteBuffer batch(long producerId, int epoch, int sequence, String... values) {
        RecordBatchBuilder builder = new RecordBatchBuilder(1024, 1 << 20);
        builder.reset(Codec.NONE);
        if (producerId != BatchHeader.NO_PRODUCER_ID) {
            builder.producer(producerId, (short) epoch, sequence);
        }
        for (String value : values) {
            byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
            builder.appendValue(77, bytes, 0, bytes.length);
        }
        ByteBuffer built = builder.build();
        return ByteBuffer.allocateDirect(built.remaining()).put(built).flip();
    }

    @Override
    public void close() {
        fetched.forEach(answer -> answer.forEach(each -> each.records().release()));
        directory.close();
    }
}
