package io.mlog.simulation;

import io.mlog.broker.DataPartitions;
import io.mlog.broker.life.BrokerSession;
import io.mlog.broker.life.Controller;
import io.mlog.broker.life.CutOffRecords;
import io.mlog.broker.partition.HostedPartitions;
import io.mlog.broker.partition.LocalRecords;
import io.mlog.broker.partition.Partition;
import io.mlog.broker.partition.PartitionPorts;
import io.mlog.broker.partition.ReplicaSessions;
import io.mlog.broker.replica.FetcherLimits;
import io.mlog.broker.replica.FollowerContext;
import io.mlog.broker.replica.ReplicaFetchers;
import io.mlog.broker.replica.ReplicationStats;
import io.mlog.broker.replica.ReplicationThrottle;
import io.mlog.broker.topics.ProposedIsrs;
import io.mlog.broker.topics.Reconciler;
import io.mlog.core.metadata.BrokerImage;
import io.mlog.core.metadata.CommandResult;
import io.mlog.core.metadata.MetadataCommand;
import io.mlog.core.metadata.MetadataImage;
import io.mlog.core.replication.IsrMember;
import io.mlog.model.ErrorCode;
import io.mlog.model.HostPort;
import io.mlog.model.MlogException;
import io.mlog.model.TopicPartition;
import io.mlog.services.RecordService;
import io.mlog.services.ReplicaIdentity;
import io.mlog.storage.DataDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One life of a broker's process: the parts that a running broker is wired of, on virtual time.
 * What it stands in for is its admission (it registers and takes its place, no more) and its
 * housekeeper (checkpoints each second).
 */
final class BrokerLife {
    private static final long TICK_MS = 500;
    private static final long CHECKPOINT_MS = 1000;
    private static final long REGISTER_AGAIN_MS = 100;

    private final SimulatedBroker machine;
    private final Lifetime lifetime;
    private final Machines machines;
    private final DataDirectory directory;
    private final IsrMember self;
    private final HostedPartitions hosted = new HostedPartitions();
    private final Seat seat;
    private final ReplicaFetchers fetchers;
    private final ReplicaSessions sessions;
    private final CutOffRecords records;
    private final Reconciler reconciler;
    private final Controller controller;
    private final @Nullable Partition[] partitions;
    private @Nullable BrokerSession session;
    private boolean serves;

    BrokerLife(
            SimulatedBroker machine, Lifetime lifetime, Machines machines, RandomGenerator random)
            throws IOException {
        this.machine = machine;
        this.lifetime = lifetime;
        this.machines = machines;
        Settings settings = machines.settings();
        this.partitions = new Partition[settings.partitions()];
        this.directory =
                DataDirectory.open(
                        machine.disk().files(), Path.of("/data"), 0, machine.clock(), random);
        this.self = new IsrMember(machine.id(), directory.bootEpoch());
        this.seat =
                machines.quorum().seat(machine, directory.directoryId(), lifetime, this::published);
        Consumer<Throwable> fatal = this::isBug;
        this.fetchers =
                new ReplicaFetchers(
                        leader -> new ReplicaLine(machine.id(), lifetime, leader, machines),
                        new FollowerContext(
                                new ReplicaIdentity(self.brokerId(), self.bootEpoch()),
                                FetcherLimits.forLagTime(settings.isrLimits().lagTimeMs()),
                                lifetime,
                                random,
                                this::hint,
                                new ReplicationThrottle(
                                        ReplicationThrottle.UNLIMITED,
                                        () -> machines.scheduler().nowMicros() * 1000),
                                new ReplicationStats(),
                                fatal));
        this.sessions =
                new ReplicaSessions(
                        hosted,
                        seat::image,
                        lifetime,
                        machine.clock(),
                        settings.fetchRecords(),
                        random,
                        fatal);
        ProposedIsrs proposed = new ProposedIsrs(self, seat, lifetime);
        PartitionPorts ports =
                new PartitionPorts(
                        self,
                        machine.disk().flusher(lifetime),
                        lifetime,
                        machine.clock(),
                        settings.isrLimits(),
                        (name, topicId, proposal) -> {
                            machines.proposals().made(name, proposal);
                            proposed.propose(name, topicId, proposal);
                        },
                        fetchers);
        this.records =
                new CutOffRecords(new LocalRecords(hosted, lifetime, lifetime, machine.clock()));
        this.reconciler =
                new Reconciler(
                        self,
                        hosted,
                        new DataPartitions(
                                directory,
                                new DataPartitions.Tuning(256, 86_400_000, Map.of()),
                                ports,
                                Runnable::run,
                                (done, total, log) -> {}),
                        image -> sessions.metadataActed(),
                        lifetime,
                        fatal);
        this.controller =
                new Controller(
                        seat,
                        seat,
                        this::probe,
                        settings.watchTimes(),
                        machines.scheduler()::nowMs,
                        lifetime);
    }

    /** Registers, recovers, and goes into service. */
    void begin() {
        seat.listen(controller);
        published(seat.image());
        register();
    }

    /** Fetchers know where a leader is before a partition is told to follow it. */
    private void published(MetadataImage image) {
        fetchers.published(image);
        reconciler.published(image);
    }

    private void register() {
        HostPort address = machine.address();
        seat.submit(
                        new MetadataCommand.RegisterBroker(
                                machine.nodeId(),
                                directory.directoryId(),
                                self.bootEpoch(),
                                null,
                                address,
                                address,
                                null,
                                "simulated"))
                .whenComplete((result, failure) -> registered(result));
    }

    private void registered(@Nullable CommandResult result) {
        BrokerImage known = seat.image().brokers().get(machine.id());
        if (known == null || known.bootEpoch() != self.bootEpoch()) {
            lifetime.after(REGISTER_AGAIN_MS, this::register);
            return;
        }
        long index = result instanceof CommandResult.Done done ? done.index() : seat.appliedIndex();
        reconciler.actedOn(index).thenAccept(image -> enterService());
    }

    private void enterService() {
        BrokerSession begun =
                new BrokerSession(
                        new BrokerSession.Identity(self.brokerId(), self.bootEpoch()),
                        reconciler.suspects().join(),
                        seat,
                        seat,
                        records,
                        lifetime,
                        machines.settings().watchTimes().sessionMs(),
                        this::isBug,
                        () -> isBug(new IllegalStateException("nobody takes brokers out here")));
        session = begun;
        begun.begin().thenAccept(index -> serves = true);
        lifetime.every(TICK_MS, () -> hosted.all().forEach(Partition::tick));
        lifetime.every(CHECKPOINT_MS, this::checkpoint);
    }

    private void checkpoint() {
        try {
            directory.writeCheckpoints(highWatermarks());
        } catch (IOException | MlogException full) {
            machines.scheduler().trace().note(() -> "no checkpoint: " + full.getMessage());
        }
    }

    private Map<TopicPartition, Long> highWatermarks() {
        Map<TopicPartition, Long> highWatermarks = new HashMap<>();
        hosted.all().forEach(each -> highWatermarks.put(each.name(), each.highWatermark()));
        return highWatermarks;
    }

    private void hint(int brokerId) {
        controller.hint(brokerId);
    }

    /** A connection attempt: only a machine whose process is gone says so. */
    private void probe(HostPort address, Consumer<Boolean> done) {
        SimulatedBroker other = machines.at(address);
        Network network = machines.network();
        long there = network.latencyMicros(machine.id(), other.id());
        lifetime.afterMicros(
                2 * there,
                "probed",
                () -> {
                    boolean heard = network.passesBothWays(machine.id(), other.id());
                    done.accept(heard && other.hasPower() && other.life() == null);
                });
    }

    private void isBug(Throwable bug) {
        throw new Violation(lifetime.name() + " finds a bug of ours: " + bug, bug);
    }

    /** Ends as a process does that is killed. */
    void end() {
        lifetime.end();
        seat.close();
    }

    /** Begins an orderly end: whoever waits is told. */
    void stopServing() {
        if (session != null) {
            session.close();
        }
        controller.close();
        fetchers.close();
        reconciler.close();
        for (Partition each : hosted.all()) {
            each.stop(ErrorCode.NOT_READY, "the broker is stopping; retry in a moment");
        }
    }

    /** The disk's part of an orderly stop. */
    void closeCleanly() {
        try {
            directory.closeCleanly(highWatermarks());
        } catch (IOException | MlogException failure) {
            machines.scheduler().trace().note(() -> "not stopped cleanly: " + failure.getMessage());
        }
    }

    // ---- state

    boolean isAlive() {
        return !lifetime.isOver();
    }

    boolean serves() {
        return serves;
    }

    String name() {
        return lifetime.name();
    }

    Lifetime lifetime() {
        return lifetime;
    }

    long bootEpoch() {
        return self.bootEpoch();
    }

    Seat seat() {
        return seat;
    }

    RecordService records() {
        return records;
    }

    ReplicaSessions sessions() {
        return sessions;
    }

    /** The hosted partition, null while it is not open. */
    @Nullable Partition partition(int index) {
        Partition known = partitions[index];
        if (known == null) {
            known = hosted.find(machines.settings().partition(index));
            partitions[index] = known;
        }
        return known;
    }

    /** What may be lost begins there; -1 while the partition is not open. */
    long safeOffset(int index) {
        Partition open = partition(index);
        if (open == null) {
            return -1;
        }
        return machines.settings().flushes()
                ? open.log().flushedOffset()
                : open.log().logEndOffset();
    }

    long logEnd(int index) {
        Partition open = partition(index);
        return open == null ? -1 : open.log().logEndOffset();
    }
}
