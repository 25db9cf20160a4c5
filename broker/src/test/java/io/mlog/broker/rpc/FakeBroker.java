package io.mlog.broker.rpc;

import io.mlog.core.metadata.BrokerImage;
import io.mlog.core.metadata.CommandResult;
import io.mlog.core.metadata.CommandResult.PartitionResult;
import io.mlog.core.metadata.MetadataCommand;
import io.mlog.core.metadata.MetadataCommand.Election;
import io.mlog.core.metadata.MetadataCommand.Reassignment;
import io.mlog.core.metadata.MetadataImage;
import io.mlog.core.metadata.MetadataMachine;
import io.mlog.core.metadata.PartitionImage;
import io.mlog.core.metadata.ReplicaMoves;
import io.mlog.core.metadata.TopicImage;
import io.mlog.core.producer.SavedProducer;
import io.mlog.core.replication.FollowerStatus;
import io.mlog.model.Acks;
import io.mlog.model.ErrorCode;
import io.mlog.model.HostPort;
import io.mlog.model.MlogException;
import io.mlog.model.OffsetAndEpoch;
import io.mlog.model.TopicId;
import io.mlog.model.TopicPartition;
import io.mlog.services.BrokerService;
import io.mlog.services.ConfigChange;
import io.mlog.services.ConfigEntry;
import io.mlog.services.FetchCommand;
import io.mlog.services.LeaveProgress;
import io.mlog.services.LogDirectory;
import io.mlog.services.NewTopic;
import io.mlog.services.OffsetFound;
import io.mlog.services.OffsetWanted;
import io.mlog.services.PartitionFetched;
import io.mlog.services.PartitionProduced;
import io.mlog.services.PartitionStatus;
import io.mlog.services.PlacementService;
import io.mlog.services.ProduceCommand;
import io.mlog.services.ProducerIdentity;
import io.mlog.services.RecordService;
import io.mlog.services.Refusals;
import io.mlog.services.TopicService;
import io.mlog.services.WaitingFetch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.IntPredicate;

/**
 * Every service of a broker, in memory and as simple as can be. Node-1 with id 1 is this broker;
 * node-2 with id 2 leads the topic {@code elsewhere}.
 */
final class FakeBroker implements RecordService, TopicService, PlacementService, BrokerService {
    /** A topic that exists and is led by another node. */
    static final String ELSEWHERE = "elsewhere";

    /** A topic that this broker hears of only when it asks for what is new. */
    static final String CREATED_ELSEWHERE = "created-elsewhere";

    /** Creating it waits until {@link #createSlowTopics}. */
    static final String SLOW = "slow";

    private final Map<String, TopicImage> topics = new ConcurrentHashMap<>();
    private final Map<TopicPartition, ManualLog> logs = new ConcurrentHashMap<>();
    final FakeGroups groups = new FakeGroups();
    private final List<Runnable> slowCreations = new CopyOnWriteArrayList<>();
    final AtomicInteger slicesOut = new AtomicInteger();
    final List<Consumer<List<PartitionFetched>>> waitingFetches = new CopyOnWriteArrayList<>();
    final List<Runnable> waitingProduces = new CopyOnWriteArrayList<>();
    final AtomicInteger cancelled = new AtomicInteger();
    volatile boolean parkAll;
    volatile boolean autoCreate = true;
    volatile ErrorCode produceError = ErrorCode.NONE;

    FakeBroker() {
        topics.put(ELSEWHERE, topic(ELSEWHERE, 1, 2, Map.of()));
    }

    RpcServices services() {
        return new RpcServices(this, this, this, groups, groups, this);
    }

    ManualLog log(String topic, int partition) {
        return logs.computeIfAbsent(
                new TopicPartition(topic, partition), key -> new ManualLog(slicesOut));
    }

    void createSlowTopics() {
        slowCreations.forEach(Runnable::run);
    }

    private static TopicImage topic(
            String name, int partitions, int leader, Map<String, String> configs) {
        List<PartitionImage> images = new ArrayList<>();
        for (int i = 0; i < partitions; i++) {
            images.add(new PartitionImage(i, List.of(leader), List.of(leader), leader, 3, 0));
        }
        return new TopicImage(name, new TopicId(7, name.hashCode()), images, configs);
    }

    // RecordService

    @Override
    public synchronized void produce(
            ProduceCommand command, Consumer<List<PartitionProduced>> done) {
        ProduceCommand.PartitionBatches batches = command.partitions().getFirst();
        TopicPartition partition = batches.partition();
        if (partition.topic().equals(ELSEWHERE)) {
            done.accept(
                    List.of(
                            PartitionProduced.refused(
                                    partition, ErrorCode.NOT_LEADER, "node-2 leads it")));
            return;
        }
        if (produceError != ErrorCode.NONE) {
            done.accept(
                    List.of(
                            PartitionProduced.refused(
                                    partition, produceError, "as the test says")));
            return;
        }
        ManualLog log = log(partition.topic(), partition.partition());
        long base = log.append(batches.batches());
        List<PartitionProduced> answer =
                List.of(
                        new PartitionProduced(
                                partition, ErrorCode.NONE, null, base, log.endOffset() - 1, -1, 0));
        if (parkAll && command.acks() == Acks.ALL) {
            waitingProduces.add(() -> done.accept(answer));
        } else {
            done.accept(answer);
        }
    }

    @Override
    public synchronized WaitingFetch fetch(
            FetchCommand command, Consumer<List<PartitionFetched>> done) {
        FetchCommand.PartitionFetch wanted = command.partitions().getFirst();
        if (wanted.partition().topic().equals(ELSEWHERE)) {
            done.accept(
                    List.of(
                            PartitionFetched.refused(
                                    wanted.partition(), ErrorCode.NOT_LEADER, "node-2 leads it")));
            return WaitingFetch.NOT_WAITING;
        }
        ManualLog log = log(wanted.partition().topic(), wanted.partition().partition());
        if (wanted.offset() > log.endOffset()) {
            done.accept(
                    List.of(
                            PartitionFetched.refused(
                                    wanted.partition(),
                                    ErrorCode.OFFSET_OUT_OF_RANGE,
                                    "offset " + wanted.offset() + " is too far")));
            return WaitingFetch.NOT_WAITING;
        }
        if (wanted.offset() == log.endOffset() && command.maxWaitMs() > 0) {
            Consumer<List<PartitionFetched>> waiting = done;
            waitingFetches.add(waiting);
            return () -> {
                if (waitingFetches.remove(waiting)) {
                    cancelled.incrementAndGet();
                }
            };
        }
        done.accept(List.of(found(wanted, log)));
        return WaitingFetch.NOT_WAITING;
    }

    PartitionFetched found(FetchCommand.PartitionFetch wanted, ManualLog log) {
        return PartitionFetched.found(
                wanted.partition(),
                log.endOffset(),
                log.endOffset(),
                0,
                log.slice(wanted.offset(), wanted.maxBytes()));
    }

    @Override
    public CompletableFuture<OffsetFound> findOffset(
            TopicPartition partition, OffsetWanted wanted) {
        ManualLog log = log(partition.topic(), partition.partition());
        return CompletableFuture.completedFuture(
                switch (wanted) {
                    case OffsetWanted.Earliest() -> new OffsetFound(0, -1, 3);
                    case OffsetWanted.Latest() -> new OffsetFound(log.endOffset(), -1, 3);
                    case OffsetWanted.MaxTimestamp() -> new OffsetFound(-1, -1, -1);
                    case OffsetWanted.AtOrAfter(long timestampMs) ->
                            timestampMs > 1_000
                                    ? new OffsetFound(-1, -1, -1)
                                    : new OffsetFound(5, 1_000, 3);
                });
    }

    @Override
    public OffsetAndEpoch endOfEpoch(
            TopicPartition partition, int currentLeaderEpoch, int leaderEpoch) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<SavedProducer> producers(TopicPartition partition, int most) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<Long> deleteRecords(TopicPartition partition, long beforeOffset) {
        throw new UnsupportedOperationException("not asked by the JSON RPC");
    }

    @Override
    public Optional<PartitionStatus> status(TopicPartition partition) {
        ManualLog log = log(partition.topic(), partition.partition());
        return Optional.of(
                new PartitionStatus(
                        partition,
                        0,
                        log.endOffset(),
                        log.endOffset(),
                        0,
                        4096,
                        1,
                        List.of(new FollowerStatus(2, true, log.endOffset() - 3, 40)),
                        true,
                        "",
                        List.of(new Refusals(ErrorCode.DISK_FULL, 2, 5, "no space"))));
    }

    @Override
    public Optional<Integer> readerOf(TopicPartition partition, long offset, IntPredicate wanted) {
        throw new UnsupportedOperationException("not asked by the JSON RPC");
    }

    @Override
    public Map<Integer, Long> lags() {
        return Map.of(2, 3L);
    }

    // TopicService

    @Override
    public MetadataImage metadata() {
        Map<Integer, BrokerImage> brokers = new HashMap<>();
        for (int id = 1; id <= 2; id++) {
            brokers.put(
                    id,
                    new BrokerImage(
                            id,
                            "node-" + id,
                            "dir-" + id,
                            1,
                            null,
                            new HostPort("10.0.0." + id, 9094),
                            new HostPort("10.0.0." + id, 9093),
                            null,
                            "0.1.0",
                            false,
                            false));
        }
        return new MetadataImage(1, 1, 1, "c1", topics, Map.of(), brokers, 3, 0);
    }

    /** Has acted on everything up to index 100. */
    @Override
    public CompletableFuture<Long> actedOn(long index, long timeoutMs) {
        return index <= 100
                ? CompletableFuture.completedFuture(100L)
                : CompletableFuture.failedFuture(
                        new MlogException(ErrorCode.REQUEST_TIMED_OUT, "only 100 by now"));
    }

    /** Another broker has created the topic {@link #CREATED_ELSEWHERE} a moment ago. */
    @Override
    public CompletableFuture<MetadataImage> caughtUp() {
        topics.put(CREATED_ELSEWHERE, topic(CREATED_ELSEWHERE, 1, 2, Map.of()));
        return CompletableFuture.completedFuture(metadata());
    }

    @Override
    public CompletableFuture<TopicImage> create(NewTopic wanted, boolean validateOnly) {
        if (topics.containsKey(wanted.name())) {
            return CompletableFuture.failedFuture(
                    new MlogException(
                            ErrorCode.TOPIC_ALREADY_EXISTS, wanted.name() + " exists already"));
        }
        CompletableFuture<TopicImage> created = new CompletableFuture<>();
        Runnable creation =
                () -> {
                    TopicImage image =
                            topic(
                                    wanted.name(),
                                    Math.max(1, wanted.partitions()),
                                    1,
                                    wanted.configs());
                    topics.put(wanted.name(), image);
                    created.complete(image);
                };
        if (wanted.name().equals(SLOW)) {
            slowCreations.add(creation);
        } else {
            Thread.ofVirtual().start(creation);
        }
        return created;
    }

    @Override
    public CompletableFuture<TopicImage> ensureExists(String topic) {
        return autoCreate
                ? create(NewTopic.withDefaults(topic), false)
                : CompletableFuture.failedFuture(
                        new MlogException(
                                ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, "no topic " + topic));
    }

    @Override
    public CompletableFuture<Void> delete(String topic) {
        return topics.remove(topic) == null
                ? CompletableFuture.failedFuture(
                        new MlogException(
                                ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, "no topic " + topic))
                : CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletableFuture<TopicImage> createPartitions(
            String topic, int total, boolean validateOnly) {
        TopicImage before = topics.get(topic);
        TopicImage after = topic(topic, total, 1, before == null ? Map.of() : before.configs());
        topics.put(topic, after);
        return CompletableFuture.completedFuture(after);
    }

    @Override
    public CompletableFuture<TopicImage> alterConfigs(
            String topic, List<ConfigChange> changes, boolean validateOnly) {
        TopicImage before = topics.get(topic);
        if (before == null) {
            throw new IllegalStateException("a bug that the test wants to see");
        }
        Map<String, String> configs = new HashMap<>(before.configs());
        for (ConfigChange change : changes) {
            String value = change.value();
            if (value == null) {
                configs.remove(change.name());
            } else {
                configs.put(change.name(), value);
            }
        }
        TopicImage after = topic(topic, before.partitions().size(), 1, configs);
        topics.put(topic, after);
        return CompletableFuture.completedFuture(after);
    }

    @Override
    public CompletableFuture<TopicImage> replaceConfigs(
            String topic, Map<String, String> configs, boolean validateOnly) {
        throw new UnsupportedOperationException("not asked by the JSON RPC");
    }

    // PlacementService, by the rules of the metadata machine

    @Override
    public CompletableFuture<List<PartitionResult>> reassign(List<Reassignment> wishes) {
        return apply(new MetadataCommand.ReassignPartitions(wishes));
    }

    @Override
    public CompletableFuture<List<PartitionResult>> resize(
            String topic, List<Integer> partitions, int replicas) {
        return reassign(
                new ReplicaMoves(metadata())
                        .resize(
                                metadata().topic(topic).orElseThrow(),
                                Set.copyOf(partitions),
                                replicas));
    }

    @Override
    public CompletableFuture<List<PartitionResult>> elect(
            Election election, List<TopicPartition> partitions) {
        return apply(new MetadataCommand.ElectLeaders(election, partitions, 100));
    }

    private CompletableFuture<List<PartitionResult>> apply(MetadataCommand command) {
        MetadataMachine.Step step = MetadataMachine.step(metadata(), 2, command);
        topics.putAll(step.image().topicsByName());
        return switch (step.result()) {
            case CommandResult.Done(
                            long index,
                            CommandResult.Outcome.PartitionResults(List<PartitionResult> each)) ->
                    CompletableFuture.completedFuture(each);
            case CommandResult.Done done -> throw new AssertionError(done);
            case CommandResult.Refused refused ->
                    CompletableFuture.failedFuture(refused.toException());
        };
    }

    /** Node-2 is on its way out, nobody else. */
    @Override
    public CompletableFuture<LeaveProgress> leave(String nodeId, boolean fewerReplicas) {
        return CompletableFuture.completedFuture(
                nodeId.equals("node-2")
                        ? new LeaveProgress(LeaveProgress.Phase.MOVING, 3)
                        : new LeaveProgress(LeaveProgress.Phase.LEFT, 0));
    }

    // BrokerService

    @Override
    public String clusterId() {
        return "c1";
    }

    @Override
    public int brokerId() {
        return 1;
    }

    @Override
    public Optional<HostPort> advertisedClientAddress() {
        return Optional.empty();
    }

    @Override
    public Optional<String> raftLeaderNodeId() {
        return Optional.of("node-1");
    }

    @Override
    public long raftTerm() {
        return 4;
    }

    @Override
    public List<String> raftVoters() {
        return List.of("node-1");
    }

    @Override
    public boolean isThere(String nodeId) {
        return true;
    }

    @Override
    public CompletableFuture<ProducerIdentity> newProducerId() {
        return CompletableFuture.completedFuture(new ProducerIdentity(1000, (short) 0));
    }

    @Override
    public List<ConfigEntry> brokerConfigs() {
        return List.of();
    }

    @Override
    public List<ConfigEntry> topicConfigs(TopicImage topic) {
        return List.of(
                new ConfigEntry(
                        "retention.ms",
                        "1000",
                        ConfigEntry.Source.TOPIC,
                        false,
                        ConfigEntry.Type.LONG,
                        "how long"));
    }

    @Override
    public LogDirectory logDirectory() {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean autoCreateTopics() {
        return autoCreate;
    }
}
