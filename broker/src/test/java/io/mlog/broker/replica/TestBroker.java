package io.mlog.broker.replica;

import static java.util.Objects.requireNonNull;

import io.mlog.broker.flush.GroupFlusher;
import io.mlog.broker.metrics.Metrics;
import io.mlog.broker.metrics.RequestMetrics;
import io.mlog.broker.net.ConnectionLimits;
import io.mlog.broker.net.ListenAddress;
import io.mlog.broker.net.Listener;
import io.mlog.broker.net.PeerLines;
import io.mlog.broker.net.Reception;
import io.mlog.broker.net.Serving;
import io.mlog.broker.partition.HostedPartitions;
import io.mlog.broker.partition.IsrProposals;
import io.mlog.broker.partition.LocalRecords;
import io.mlog.broker.partition.Partition;
import io.mlog.broker.partition.PartitionPorts;
import io.mlog.broker.partition.PartitionSettings;
import io.mlog.broker.partition.ReplayedProducers;
import io.mlog.broker.partition.ReplicaSessions;
import io.mlog.core.metadata.BrokerImage;
import io.mlog.core.metadata.MetadataImage;
import io.mlog.core.metadata.PartitionImage;
import io.mlog.core.metadata.TopicImage;
import io.mlog.core.producer.ProducerStates;
import io.mlog.core.replication.HighWatermark.Durability;
import io.mlog.core.replication.IsrLimits;
import io.mlog.core.replication.IsrMember;
import io.mlog.core.replication.PartitionView;
import io.mlog.kafka.KafkaApi;
import io.mlog.kafka.KafkaLimits;
import io.mlog.model.HostPort;
import io.mlog.model.TopicPartition;
import io.mlog.services.ReplicaIdentity;
import io.mlog.storage.DataDirectory;
import io.mlog.storage.LogConfig;
import io.mlog.storage.PartitionLog;
import io.mlog.storage.RealFileStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Everything of a broker that replicates: real disk, real sockets, real fetchers and sessions. Its
 * metadata is what the test publishes, on which it acts on a thread of its own, as the reconciler
 * does. How long followers lag is measured on a clock that the test moves.
 */
final class TestBroker implements AutoCloseable {
    static final int MIN_ISR = 2;

    /** How long a follower may lag, on the clock that the test moves. */
    static final long LAG_MS = 3000;

    final int id;
    final HostedPartitions hosted = new HostedPartitions();
    final LocalRecords records;
    final ReplicationStats stats = new ReplicationStats();
    final List<Integer> hints = new CopyOnWriteArrayList<>();
    private final List<Throwable> bugs = new CopyOnWriteArrayList<>();
    private final Durability durability;
    private final DataDirectory directory;
    private final RealTimer timer = new RealTimer();
    private final GroupFlusher flusher = new GroupFlusher(4, bugs::add);
    private final ExecutorService reconciler =
            Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().daemon().name("test-reconciler").factory());
    private final ReplicaSessions sessions;
    private final PartitionPorts ports;
    private final int maxWaitMs;
    private PeerLines lines;
    private volatile ReplicaFetchers fetchers;
    private Listener listener;
    private volatile MetadataImage image = MetadataImage.EMPTY;

    TestBroker(
            int id,
            Path root,
            Durability durability,
            int maxWaitMs,
            InstantSource clock,
            IsrProposals proposals)
            throws IOException {
        this.id = id;
        this.durability = durability;
        directory =
                DataDirectory.open(new RealFileStore(), root, 0, Clock.systemUTC(), new Random(id));
        directory.claim("cluster", "node-" + id);
        this.maxWaitMs = maxWaitMs;
        lines = newLines();
        fetchers = newFetchers();
        sessions =
                new ReplicaSessions(
                        hosted,
                        () -> image,
                        timer,
                        Clock.systemUTC(),
                        5000,
                        new SecureRandom(),
                        bugs::add);
        ports =
                new PartitionPorts(
                        new IsrMember(id, bootEpoch()),
                        flusher,
                        timer,
                        clock,
                        new IsrLimits(100, LAG_MS),
                        proposals,
                        partition -> fetchers.fetchable(partition));
        records = new LocalRecords(hosted, timer, Runnable::run, Clock.systemUTC());
        listener = listen();
    }

    private PeerLines newLines() {
        return PeerLines.start(1, "test-replica-" + id, 100 << 20, System::nanoTime);
    }

    private ReplicaFetchers newFetchers() {
        FetcherLimits defaults = FetcherLimits.DEFAULTS;
        return new ReplicaFetchers(
                new KafkaReplicaTransport(lines, System::nanoTime, 3000),
                new FollowerContext(
                        new ReplicaIdentity(id, bootEpoch()),
                        new FetcherLimits(
                                maxWaitMs,
                                defaults.maxBytes(),
                                defaults.maxPartitionBytes(),
                                defaults.maxAsks(),
                                defaults.leaderPauses(),
                                defaults.partitionPauses()),
                        timer,
                        new SecureRandom(),
                        hints::add,
                        new ReplicationThrottle(ReplicationThrottle.UNLIMITED, System::nanoTime),
                        stats,
                        bugs::add));
    }

    /** Talks again after {@link #goSilent}, on another port. */
    void comeBack() throws IOException {
        lines = newLines();
        fetchers = newFetchers();
        listener = listen();
        fetchers.published(image);
        hosted.all().forEach(fetchers::fetchable);
    }

    private Listener listen() throws IOException {
        Metrics metrics = new Metrics();
        RequestMetrics requests = new RequestMetrics();
        Listener bound =
                Listener.bind(
                        new ListenAddress(new HostPort("127.0.0.1", 0), "--rpc-port"),
                        1,
                        ConnectionLimits.DEFAULT,
                        new Reception(
                                (request, exchange) -> exchange.replyNothing(),
                                pipeline -> {},
                                metrics,
                                requests));
        ImageOnly services = new ImageOnly(id, () -> image);
        bound.serve(
                new Serving(
                        (request, exchange) -> exchange.replyNothing(),
                        new KafkaApi(
                                        records,
                                        sessions,
                                        services,
                                        services,
                                        services,
                                        services,
                                        KafkaLimits.DEFAULTS)
                                ::handle));
        return bound;
    }

    long bootEpoch() {
        return directory.bootEpoch();
    }

    BrokerImage registration() {
        HostPort address = new HostPort("127.0.0.1", listener.port());
        return new BrokerImage(
                id,
                "node-" + id,
                "dir-" + id,
                bootEpoch(),
                null,
                address,
                address,
                null,
                "test",
                false,
                false);
    }

    Partition partition(String topic, int index) {
        return requireNonNull(
                hosted.find(new TopicPartition(topic, index)), topic + "-" + index + " is missing");
    }

    /** Lets the broker act on an image, soon and after those before it; tells when it has. */
    CompletableFuture<Void> publish(MetadataImage newer) {
        fetchers.published(newer);
        image = newer;
        return CompletableFuture.runAsync(() -> act(newer), reconciler)
                .whenComplete((done, bug) -> {
                    if (bug != null) {
                        bugs.add(bug);
                    }
                });
    }

    private void act(MetadataImage newer) {
        for (TopicImage topic : newer.topicsByName().values()) {
            for (PartitionImage partition : topic.partitions()) {
                if (partition.replicas().contains(id)) {
                    host(topic, partition).apply(view(newer, partition));
                }
            }
        }
        sessions.metadataActed();
    }

    private Partition host(TopicImage topic, PartitionImage partition) {
        TopicPartition name = new TopicPartition(topic.name(), partition.partition());
        Partition present = hosted.find(name);
        if (present != null) {
            return present;
        }
        ProducerStates producers = new ProducerStates(100, 86_400_000);
        try {
            PartitionLog log =
                    directory.createLog(
                            name,
                            topic.id(),
                            LogConfig.DEFAULT,
                            new ReplayedProducers(producers, Clock.systemUTC()));
            Partition fresh =
                    new Partition(
                            name,
                            topic.id(),
                            log,
                            producers,
                            new PartitionSettings(
                                    1 << 20, durability, false, -1, -1, Optional.empty()),
                            0,
                            ports);
            hosted.add(fresh);
            return fresh;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static PartitionView view(MetadataImage image, PartitionImage partition) {
        Map<Integer, Long> boots = new HashMap<>();
        image.brokers().forEach((broker, registered) -> boots.put(broker, registered.bootEpoch()));
        return new PartitionView(
                partition.leader(),
                partition.leaderEpoch(),
                partition.partitionEpoch(),
                partition.replicas(),
                partition.isr(),
                MIN_ISR,
                boots);
    }

    /** Its partitions look at the clock. */
    void tick() {
        hosted.all().forEach(Partition::tick);
    }

    /** Ends everything that talks to others, as the death of the process would. */
    void goSilent() {
        fetchers.close();
        lines.close();
        listener.close();
    }

    List<Throwable> bugs() {
        return new ArrayList<>(bugs);
    }

    @Override
    public void close() {
        goSilent();
        reconciler.close();
        timer.close();
        flusher.close();
        directory.close();
    }
}
