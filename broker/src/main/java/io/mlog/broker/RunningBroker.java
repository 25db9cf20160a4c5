package io.mlog.broker;

import io.mlog.broker.compaction.CompactionLimits;
import io.mlog.broker.compaction.CompactionMetrics;
import io.mlog.broker.compaction.Compactor;
import io.mlog.broker.config.BrokerConfig;
import io.mlog.broker.config.StorageConfig;
import io.mlog.broker.flush.GroupFlusher;
import io.mlog.broker.http.HttpSite;
import io.mlog.broker.http.Readiness;
import io.mlog.broker.life.ClusterLibraries;
import io.mlog.broker.life.CutOffRecords;
import io.mlog.broker.life.OtherBrokers;
import io.mlog.broker.life.OtherCoordinators;
import io.mlog.broker.life.PeerCalls;
import io.mlog.broker.metrics.Metrics;
import io.mlog.broker.metrics.RequestMetrics;
import io.mlog.broker.net.KafkaService;
import io.mlog.broker.partition.HostedPartitions;
import io.mlog.broker.partition.LocalRecords;
import io.mlog.broker.partition.Partition;
import io.mlog.broker.partition.PartitionPorts;
import io.mlog.broker.partition.ReplicaMetrics;
import io.mlog.broker.rpc.JsonRpc;
import io.mlog.broker.rpc.RemoteOffsets;
import io.mlog.broker.rpc.RpcLimits;
import io.mlog.broker.rpc.RpcServices;
import io.mlog.broker.topics.ClientTopics;
import io.mlog.broker.topics.MetadataPlacement;
import io.mlog.broker.topics.MetadataTopics;
import io.mlog.broker.topics.ProducerIds;
import io.mlog.broker.topics.ProposedIsrs;
import io.mlog.broker.topics.Reconciler;
import io.mlog.core.metadata.MetadataImage;
import io.mlog.core.metadata.MetadataLog;
import io.mlog.core.replication.IsrLimits;
import io.mlog.core.replication.IsrMember;
import io.mlog.kafka.KafkaApi;
import io.mlog.kafka.KafkaLimits;
import io.mlog.model.ErrorCode;
import io.mlog.model.TopicId;
import io.mlog.model.TopicPartition;
import io.mlog.services.GroupService;
import io.mlog.services.RecordService;
import io.mlog.services.ReplicaService;
import io.mlog.services.TopicService;
import io.mlog.storage.DataDirectory;
import io.mlog.storage.FileStore;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntSupplier;

/**
 * Everything of a broker behind its port: data directory, metadata log, partitions, services.
 * Started and closed by {@link BrokerServer}.
 */
final class RunningBroker implements AutoCloseable {
    private static final int FLUSHER_THREADS = 4;

    /** Time between two looks of leaders at their followers. */
    private static final long TICK_MS = 500;

    private static final int SCAN_THREADS = 2;
    private static final int MAX_WAITING_SCANS = 1000;

    /** Twice what one Kafka request may ask to check. */
    private static final int MAX_WAITING_PREVIEWS = 2000;

    private final Undo undo;
    private final BrokerConfig config;
    private final Clock clock;
    private final RecordService records;
    private final ReplicaService replicas;
    private final TopicService topics;
    private final MetadataPlacement placement;
    private final GroupService groups;
    private final RemoteOffsets remoteOffsets;
    private final LocalBroker self;
    private final Executor workers;
    private final boolean founded;

    private RunningBroker(
            Undo undo,
            BrokerConfig config,
            Clock clock,
            RecordService records,
            ReplicaService replicas,
            TopicService topics,
            MetadataPlacement placement,
            GroupService groups,
            RemoteOffsets remoteOffsets,
            LocalBroker self,
            Executor workers,
            boolean founded) {
        this.undo = undo;
        this.config = config;
        this.clock = clock;
        this.records = records;
        this.replicas = replicas;
        this.topics = topics;
        this.placement = placement;
        this.groups = groups;
        this.remoteOffsets = remoteOffsets;
        this.self = self;
        this.workers = workers;
        this.founded = founded;
    }

    /**
     * Opens the directory, joins the metadata log, recovers the partitions. Blocks.
     *
     * @param retire ends what is served, but for what was asked already; run when others have taken
     *     over what this broker led, and before it can do nothing more for anybody
     * @param whenLeft told once when the others have taken this node out of the cluster
     */
    static RunningBroker start(
            BrokerConfig config,
            FileStore files,
            ClusterLibraries libraries,
            IntSupplier boundPort,
            Runnable retire,
            Readiness readiness,
            Metrics metrics,
            Consumer<Throwable> fatal,
            Runnable whenLeft)
            throws IOException {
        Undo undo = new Undo();
        try {
            return start(
                    config, files, libraries, boundPort, retire, readiness, metrics, fatal,
                    whenLeft, undo);
        } catch (InterruptedException e) {
            undo.all();
            Thread.currentThread().interrupt();
            throw new IOException("the start was interrupted", e);
        } catch (IOException | RuntimeException e) {
            undo.all();
            throw e;
        }
    }

    private static RunningBroker start(
            BrokerConfig config,
            FileStore files,
            ClusterLibraries libraries,
            IntSupplier boundPort,
            Runnable retire,
            Readiness readiness,
            Metrics metrics,
            Consumer<Throwable> fatal,
            Runnable whenLeft,
            Undo undo)
            throws IOException, InterruptedException {
        Clock clock = Clock.systemUTC();
        SecureRandom random = new SecureRandom();
        StorageConfig storage = config.storage();
        DataDirectory directory =
                undo.begun(
                        DataDirectory.open(
                                files,
                                storage.dataDir(),
                                storage.diskReserveBytes(),
                                clock,
                                random));
        HostedPartitions hosted = new HostedPartitions();
        undo.onEnd(() -> closeCleanly(directory, hosted));
        Admission admission =
                Admission.of(
                        new Admission.Start(
                                config, directory, libraries, boundPort, random, readiness, fatal),
                        undo);
        MetadataLog log = admission.log();
        hosted.othersHave(name -> log.image().partition(name).isPresent());
        ClusterLife life = ClusterLife.begin(admission, fatal, whenLeft, undo);

        GroupFlusher flusher = undo.begun(new GroupFlusher(FLUSHER_THREADS, fatal));
        ScheduledTimer timer = undo.begun(new ScheduledTimer("mlog-timer", fatal));
        Map<String, String> topicDefaults = TopicDefaultConfigs.of(config);
        IsrMember identity = admission.identity().asIsrMember();
        Replication replication =
                undo.begun(
                        new Replication(
                                config,
                                identity,
                                hosted,
                                log::image,
                                timer,
                                random,
                                life::hint,
                                fatal));
        metrics.add(replication);
        PartitionPorts ports =
                new PartitionPorts(
                        identity,
                        flusher,
                        timer,
                        clock,
                        new IsrLimits(
                                config.replication().isrLagRecords(),
                                config.replication().isrLagMs()),
                        new ProposedIsrs(identity, log, timer),
                        replication.followers());
        ExecutorService scans = threads("mlog-scan-", SCAN_THREADS, MAX_WAITING_SCANS);
        undo.onEnd(scans::shutdownNow);
        CutOffRecords records = new CutOffRecords(new LocalRecords(hosted, timer, scans, clock));
        MetadataMetrics metadata = new MetadataMetrics(admission.quorum()::quorumLeadership);
        metrics.add(metadata);
        ConsumerGroups groups = new ConsumerGroups(config, hosted, fatal);
        Reconciler reconciler;
        try (ExecutorService recovery = recoveryThreads(storage)) {
            DataPartitions store =
                    new DataPartitions(
                            directory,
                            new DataPartitions.Tuning(
                                    storage.indexIntervalBytes(),
                                    storage.producerIdExpirationMs(),
                                    topicDefaults),
                            ports,
                            recovery,
                            new RecoveryProgress(readiness));
            reconciler =
                    undo.begun(
                            new Reconciler(
                                    identity,
                                    hosted,
                                    store,
                                    image -> {
                                        replication.acted(image);
                                        metadata.acted(image);
                                        groups.acted(image);
                                    },
                                    undo.begun(reconcilerThread()),
                                    fatal));
            admission.images().follow(image -> published(image, replication, life, reconciler));
            published(log.image(), replication, life, reconciler);
            Waits.forResult(reconciler.actedOn(admission.index()));
            long inService =
                    Waits.forResult(
                            life.enterService(
                                    Waits.forResult(reconciler.suspects()),
                                    records,
                                    timer,
                                    fatal,
                                    undo));
            Waits.forResult(reconciler.actedOn(inService));
        }
        undo.onEnd(() -> hosted.all().forEach(RunningBroker::stop));
        timer.every(TICK_MS, () -> hosted.all().forEach(Partition::tick));
        Compactor compactor =
                undo.begun(
                        new Compactor(
                                hosted,
                                directory,
                                new CompactionLimits(
                                        storage.compaction().memoryBytes(),
                                        storage.compaction().bytesPerSecond()),
                                fatal));
        undo.begun(new Housekeeper(directory, hosted, flusher, compactor, storage, fatal));
        metrics.add(new CompactionMetrics(compactor, hosted));
        undo.begun(groups);
        metrics.add(groups);
        metrics.add(new LogMetrics(hosted, flusher));
        metrics.add(new ReplicaMetrics(hosted));

        ExecutorService previews = threads("mlog-preview-", 1, MAX_WAITING_PREVIEWS);
        undo.onEnd(previews::shutdownNow);
        undo.onEnd(retire::run);
        undo.onEnd(life::depart);
        PeerCalls peers = new PeerCalls();
        MetadataTopics topics =
                new MetadataTopics(
                        log,
                        reconciler,
                        hosted,
                        identity.brokerId(),
                        new MetadataTopics.Defaults(
                                config.topics().autoCreate(), config.topics().partitions()),
                        () -> newTopicId(random),
                        previews,
                        new OtherBrokers(identity.brokerId(), log, peers)::actedOn);
        return new RunningBroker(
                undo,
                config,
                clock,
                records,
                replication.sessions(),
                new ClientTopics(topics),
                new MetadataPlacement(log, admission.quorum(), reconciler, previews),
                groups.service(identity.brokerId(), topics, timer),
                new OtherCoordinators(log, peers),
                new LocalBroker(
                        config,
                        identity.brokerId(),
                        log,
                        admission.neighbours(),
                        new ProducerIds(log),
                        topicDefaults,
                        boundPort,
                        directory.diskSpace()),
                scans,
                admission.founded());
    }

    /** Fetchers know where a leader is before a partition is told to follow it. */
    private static void published(
            MetadataImage image, Replication replication, ClusterLife life, Reconciler reconciler) {
        replication.published(image);
        life.published(image);
        reconciler.published(image);
    }

    private static TopicId newTopicId(SecureRandom random) {
        TopicId id = new TopicId(random.nextLong(), random.nextLong());
        return id.equals(TopicId.ZERO) ? newTopicId(random) : id;
    }

    private static ExecutorService recoveryThreads(StorageConfig storage) {
        int threads =
                storage.recoveryThreads() > 0
                        ? storage.recoveryThreads()
                        : Runtime.getRuntime().availableProcessors();
        return Executors.newFixedThreadPool(
                threads, Thread.ofPlatform().daemon().name("mlog-recovery-", 0).factory());
    }

    /** One turn is waiting at most, and none is wanted once it is closed. */
    private static ExecutorService reconcilerThread() {
        return new ThreadPoolExecutor(
                1,
                1,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(1),
                Thread.ofPlatform().daemon().name("mlog-reconciler").factory(),
                new ThreadPoolExecutor.DiscardPolicy());
    }

    /** Threads that are there only while there is work, and refuse it when too much waits. */
    private static ExecutorService threads(String name, int count, int maxWaiting) {
        ThreadPoolExecutor threads =
                new ThreadPoolExecutor(
                        count,
                        count,
                        10,
                        TimeUnit.SECONDS,
                        new ArrayBlockingQueue<>(maxWaiting),
                        Thread.ofPlatform().daemon().name(name, 0).factory());
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    private static void stop(Partition partition) {
        partition.stop(ErrorCode.NOT_READY, "the broker is stopping; retry in a moment");
    }

    private static void closeCleanly(DataDirectory directory, HostedPartitions hosted)
            throws IOException {
        Map<TopicPartition, Long> highWatermarks = new HashMap<>();
        for (Partition partition : hosted.all()) {
            highWatermarks.put(partition.name(), partition.highWatermark());
        }
        directory.closeCleanly(highWatermarks);
    }

    JsonRpc json(RequestMetrics requests) {
        RpcLimits defaults = RpcLimits.DEFAULTS;
        return new JsonRpc(
                new RpcServices(records, topics, placement, groups, remoteOffsets, self),
                new RpcLimits(
                        Math.min(defaults.maxFetchBytes(), config.network().fetchMaxBytes()),
                        (int) Math.min(Integer.MAX_VALUE, config.network().fetchMaxWaitMs()),
                        defaults.maxBatchBytes()),
                clock,
                requests,
                workers);
    }

    KafkaService kafka(Metrics metrics) {
        KafkaApi api =
                new KafkaApi(records, replicas, topics, placement, groups, self, kafkaLimits());
        metrics.add(new KafkaMetrics(api));
        return api::handle;
    }

    private KafkaLimits kafkaLimits() {
        KafkaLimits defaults = KafkaLimits.DEFAULTS;
        return new KafkaLimits(
                defaults.maxStructureBytes(),
                defaults.maxElements(),
                defaults.maxBatchesPerPartition(),
                defaults.maxProduceTimeoutMs(),
                config.network().fetchMaxBytes(),
                (int) Math.min(Integer.MAX_VALUE, config.network().fetchMaxWaitMs()),
                defaults.maxChangesPerRequest());
    }

    HttpSite.Services siteServices() {
        return new HttpSite.Services(topics, records, self);
    }

    boolean founded() {
        return founded;
    }

    @Override
    public void close() {
        undo.all();
    }
}
