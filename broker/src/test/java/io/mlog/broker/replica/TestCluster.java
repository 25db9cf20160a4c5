package io.mlog.broker.replica;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.broker.net.Eventually;
import io.mlog.broker.partition.ManualTimer;
import io.mlog.broker.partition.Partition;
import io.mlog.core.metadata.BrokerImage;
import io.mlog.core.metadata.MetadataImage;
import io.mlog.core.metadata.PartitionImage;
import io.mlog.core.metadata.TopicImage;
import io.mlog.core.replication.FollowerStatus;
import io.mlog.core.replication.HighWatermark.Durability;
import io.mlog.core.replication.IsrMember;
import io.mlog.core.replication.IsrProposal;
import io.mlog.model.Acks;
import io.mlog.model.TopicId;
import io.mlog.model.TopicPartition;
import io.mlog.records.BatchHeader;
import io.mlog.records.Codec;
import io.mlog.records.RecordBatchBuilder;
import io.mlog.records.RecordsSlice;
import io.mlog.services.PartitionProduced;
import io.mlog.services.ProduceCommand;
import io.mlog.services.ProduceCommand.PartitionBatches;
import io.mlog.storage.PartitionLog;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.IntUnaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Three brokers that replicate, and a hand-made controller: it applies ISR proposals by
 * compare-and-set, elects whom the test names, and publishes each image to all.
 */
final class TestCluster implements AutoCloseable {
    static final List<Integer> ALL = List.of(1, 2, 3);

    final List<TestBroker> brokers = new ArrayList<>();
    private final Map<Integer, BrokerImage> registered = new HashMap<>();
    private final Map<String, TopicImage> topics = new HashMap<>();
    private final ManualTimer clock = new ManualTimer();
    private long index;

    /** Brokers 1 to 3, each on a disk of its own below {@code root}. */
    TestCluster(Path root, Durability durability, int maxWaitMs) throws IOException {
        for (int id : ALL) {
            TestBroker broker =
                    new TestBroker(
                            id,
                            root.resolve("broker" + id),
                            durability,
                            maxWaitMs,
                            clock,
                            (partition, topicId, proposal) -> proposed(partition, proposal));
            brokers.add(broker);
            registered.put(id, broker.registration());
        }
        publish();
    }

    TestBroker broker(int id) {
        return brokers.get(id - 1);
    }

    /** A topic with that many partitions, all led by {@code leader}, all replicas in sync. */
    void create(String topic, int partitions, int leader) {
        create(topic, partitions, index -> leader);
    }

    /** The same with a leader for each partition; returns when every broker has it. */
    void create(String topic, int partitions, IntUnaryOperator leaderOf) {
        List<PartitionImage> images = new ArrayList<>();
        for (int i = 0; i < partitions; i++) {
            images.add(new PartitionImage(i, ALL, ALL, leaderOf.applyAsInt(i), 0, 0));
        }
        CompletableFuture<Void> acted;
        synchronized (this) {
            TopicId id = new TopicId(7, topics.size() + 1);
            topics.put(topic, new TopicImage(topic, id, images, Map.of()));
            acted = publish();
        }
        acted.join();
    }

    /** Gives the partition's lead to {@code leader}; returns when every broker has acted on it. */
    void elect(String topic, int partition, int leader) {
        change(
                        topic,
                        partition,
                        old ->
                                new PartitionImage(
                                        partition,
                                        old.replicas(),
                                        old.isr(),
                                        leader,
                                        old.leaderEpoch() + 1,
                                        old.partitionEpoch() + 1))
                .join();
    }

    /** A broker that went silent talks again, on another port, with what it has on its disk. */
    synchronized void comeBack(int broker) throws IOException {
        broker(broker).comeBack();
        registered.put(broker, broker(broker).registration());
        publish();
    }

    /** Takes a broker out of the in-sync replicas, as fencing it does. */
    synchronized void fence(String topic, int partition, int broker) {
        change(
                topic,
                partition,
                old ->
                        new PartitionImage(
                                partition,
                                old.replicas(),
                                old.isr().stream().filter(id -> id != broker).toList(),
                                old.leader(),
                                old.leaderEpoch(),
                                old.partitionEpoch() + 1));
    }

    /**
     * Time passes until the broker is not in sync any more. The other followers are heard of
     * meanwhile, however long that takes.
     */
    void passUntilOut(String topic, int broker) throws InterruptedException {
        while (image(topic, 0).isr().contains(broker)) {
            clock.pass(TestBroker.LAG_MS / 2);
            Eventually.holds(
                    "the others are heard of",
                    () ->
                            followers(topic)
                                    .filter(follower -> follower.brokerId() != broker)
                                    .allMatch(follower -> follower.sinceCurrentMs() == 0));
            brokers.forEach(TestBroker::tick);
        }
    }

    private Stream<FollowerStatus> followers(String topic) {
        Partition leader = broker(image(topic, 0).leader()).partition(topic, 0);
        return leader.leading().orElseThrow().followers().stream();
    }

    synchronized PartitionImage image(String topic, int partition) {
        return topic(topic).partitions().get(partition);
    }

    private TopicImage topic(String topic) {
        return requireNonNull(topics.get(topic), topic);
    }

    private synchronized void proposed(TopicPartition name, IsrProposal proposal) {
        PartitionImage old = image(name.topic(), name.partition());
        if (old.partitionEpoch() == proposal.partitionEpoch()
                && old.leaderEpoch() == proposal.leaderEpoch()) {
            change(
                    name.topic(),
                    name.partition(),
                    present ->
                            new PartitionImage(
                                    present.partition(),
                                    present.replicas(),
                                    proposal.isr().stream().map(IsrMember::brokerId).toList(),
                                    present.leader(),
                                    present.leaderEpoch(),
                                    present.partitionEpoch() + 1));
        }
    }

    private synchronized CompletableFuture<Void> change(
            String topic, int partition, UnaryOperator<PartitionImage> change) {
        TopicImage old = topic(topic);
        List<PartitionImage> partitions = new ArrayList<>(old.partitions());
        partitions.set(partition, change.apply(partitions.get(partition)));
        topics.put(topic, new TopicImage(topic, old.id(), partitions, old.configs()));
        return publish();
    }

    private synchronized CompletableFuture<Void> publish() {
        Map<TopicId, String> names = new HashMap<>();
        topics.forEach((name, topic) -> names.put(topic.id(), name));
        index++;
        MetadataImage image =
                new MetadataImage(index, index, 1, "cluster", topics, names, registered, 4, 0);
        return CompletableFuture.allOf(
                brokers.stream()
                        .map(broker -> broker.publish(image))
                        .toArray(CompletableFuture<?>[]::new));
    }

    /** Produces to the broker and gives back what it answers. */
    CompletableFuture<PartitionProduced> produce(
            int broker, Acks acks, String topic, int partition, String... values) {
        CompletableFuture<PartitionProduced> answer = new CompletableFuture<>();
        broker(broker)
                .records
                .produce(
                        new ProduceCommand(
                                acks,
                                20_000,
                                List.of(
                                        new PartitionBatches(
                                                new TopicPartition(topic, partition),
                                                batch(values),
                                                1))),
                        produced -> answer.complete(produced.getFirst()));
        return answer;
    }

    PartitionProduced produced(int broker, Acks acks, String topic, String... values)
            throws Exception {
        return produce(broker, acks, topic, 0, values).get(30, TimeUnit.SECONDS);
    }

    static ByteBuffer batch(String... values) {
        RecordBatchBuilder builder = new RecordBatchBuilder(1024, 1 << 20);
        builder.reset(Codec.NONE);
        for (String value : values) {
            byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
            builder.appendValue(77, bytes, 0, bytes.length);
        }
        ByteBuffer built = builder.build();
        return ByteBuffer.allocateDirect(built.remaining()).put(built).flip();
    }

    /** Every byte of a replica's log below {@code end}. */
    byte[] log(int broker, String topic, int partition, long end) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        PartitionLog log = broker(broker).partition(topic, partition).log();
        for (long next = 0; next < end; ) {
            RecordsSlice slice = log.read(next, 1, end, true);
            try {
                ByteBuffer bytes = ByteBuffer.allocate(slice.sizeBytes());
                slice.read(0, bytes);
                next = BatchHeader.lastOffset(bytes, 0) + 1;
                all.writeBytes(bytes.array());
            } finally {
                slice.release();
            }
        }
        return all.toByteArray();
    }

    @Override
    public void close() {
        brokers.forEach(TestBroker::close);
        brokers.forEach(broker -> assertThat(broker.bugs()).isEmpty());
    }
}
