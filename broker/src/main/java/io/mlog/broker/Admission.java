package io.mlog.broker;

import io.mlog.broker.config.BrokerConfig;
import io.mlog.broker.http.Readiness;
import io.mlog.broker.life.BrokerSession;
import io.mlog.broker.life.ClusterLibraries;
import io.mlog.broker.life.ClusterLibraries.MetadataSeat;
import io.mlog.broker.life.ClusterLibraries.OpenMetadata;
import io.mlog.broker.life.Entrance;
import io.mlog.broker.life.Neighbours;
import io.mlog.broker.life.TakenOut;
import io.mlog.core.membership.Member;
import io.mlog.core.membership.MemberState;
import io.mlog.core.metadata.BrokerImage;
import io.mlog.core.metadata.CommandResult;
import io.mlog.core.metadata.MetadataCommand;
import io.mlog.core.metadata.MetadataLog;
import io.mlog.core.metadata.MetadataQuorum;
import io.mlog.model.ErrorCode;
import io.mlog.model.HostPort;
import io.mlog.model.MlogException;
import io.mlog.model.PeerId;
import io.mlog.storage.DataDirectory;
import io.mlog.storage.DirectoryIdentity;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node's way into its cluster: gossip, identity of the directory, metadata log, registration.
 *
 * @param identity this boot of the broker, as the cluster knows it
 * @param index of the registration: the broker acts on images from there on
 * @param founded whether this start founded the cluster
 */
record Admission(
        MetadataLog log,
        MetadataQuorum quorum,
        Neighbours neighbours,
        ImageRelay images,
        BrokerSession.Identity identity,
        long index,
        boolean founded) {
    private static final Logger LOG = LoggerFactory.getLogger(Admission.class);
    private static final long SAY_EVERY_MS = 10_000;
    private static final long ASK_AGAIN_MS = 100;

    /** What a start has at hand. */
    record Start(
            BrokerConfig config,
            DataDirectory directory,
            ClusterLibraries libraries,
            IntSupplier boundPort,
            RandomGenerator random,
            Readiness readiness,
            Consumer<Throwable> fatal) {
        private HostPort advertised(HostPort bound) {
            return new HostPort(config.node().advertisedHost().orElse(bound.host()), bound.port());
        }

        HostPort rpcAddress() {
            return advertised(
                    new HostPort(config.network().clientAddress().host(), boundPort.getAsInt()));
        }

        HostPort raftAddress() {
            return advertised(libraries.raftAddress());
        }

        private Member self() {
            return new Member(
                    config.node().nodeId(),
                    directory.bootEpoch(),
                    directory.identity().map(identity -> identity.clusterId()).orElse(""),
                    directory.directoryId(),
                    advertised(libraries.gossipAddress()),
                    raftAddress(),
                    rpcAddress(),
                    Version.VERSION,
                    MemberState.JOINING);
        }

        PeerId peer() {
            return new PeerId(config.node().nodeId(), directory.directoryId());
        }
    }

    /**
     * Blocks until this boot is registered, for a node that joins or returns as long as no majority
     * of the cluster is there; {@code /ready} says what is waited for.
     */
    static Admission of(Start start, Undo undo) throws IOException, InterruptedException {
        Neighbours neighbours = undo.begun(new Neighbours());
        Neighbours.Start gossip =
                listener ->
                        start.libraries()
                                .startGossip(start.self(), start.config().node().peers(), listener);
        boolean alone = start.config().node().peers().isEmpty();
        boolean returns = start.directory().identity().isPresent();
        if (!alone) {
            neighbours.begin(gossip);
        } else if (returns) {
            // It may have others, which look for it: they tell where they are now.
            neighbours.beginLater(gossip);
        }
        Entrance.Cluster cluster =
                new Entrance(
                                start.config().node(),
                                start.directory(),
                                neighbours,
                                start.readiness(),
                                start.random())
                        .find();
        MetadataSeat seat = seat(start, cluster, returns, neighbours);
        if (seat.founds()) {
            // Before there is a log: its group is named after the cluster.
            start.directory().claim(cluster.id(), start.config().node().nodeId());
        }
        ImageRelay images = new ImageRelay();
        OpenMetadata metadata = start.libraries().openMetadata(seat, images, start.fatal());
        undo.begun(metadata.log());
        neighbours.belongTo(cluster.id());
        Admission admission = register(start, seat, returns, metadata, neighbours, images);
        start.directory().claim(cluster.id(), start.config().node().nodeId());
        if (alone && !returns) {
            neighbours.beginLater(gossip);
        }
        return admission;
    }

    private static MetadataSeat seat(
            Start start, Entrance.Cluster cluster, boolean returns, Neighbours neighbours)
            throws IOException {
        // One that died between its claim and its log, and has nobody to get a log from.
        boolean foundsAgain = returns && start.config().node().peers().isEmpty();
        MetadataSeat seat =
                new MetadataSeat(
                        start.directory().root().resolve("raft"),
                        start.peer(),
                        cluster.id(),
                        start.raftAddress(),
                        cluster.founds() || foundsAgain,
                        neighbours::raftPeers);
        boolean lost = !start.directory().found().isEmpty() || (returns && !foundsAgain);
        if (lost && !start.libraries().hasMetadata(seat)) {
            throw new IOException(
                    "%s belongs to cluster %s but its metadata log in raft is gone: restore that directory, or give another --data-dir, with which the node comes back as one that lost its disk; nothing was changed"
                            .formatted(start.directory().root(), cluster.id()));
        }
        return seat;
    }

    private static Admission register(
            Start start,
            MetadataSeat seat,
            boolean returns,
            OpenMetadata metadata,
            Neighbours neighbours,
            ImageRelay images)
            throws IOException, InterruptedException {
        MetadataLog log = metadata.log();
        if (seat.founds() || returns) {
            // One that joins has no log to catch up with before it is registered.
            untilDone(start, log::barrier, neighbours);
        }
        boolean founded = seat.founds() && log.image().clusterId().isEmpty();
        if (founded) {
            MetadataCommand founding = new MetadataCommand.CreateCluster(seat.clusterId());
            done(untilDone(start, () -> log.submit(founding), neighbours));
        }
        CommandResult registered =
                untilDone(start, () -> log.submit(registration(start)), neighbours);
        Optional<BrokerImage> self = registeredSelf(start, log);
        if (self.isEmpty()) {
            done(registered); // tells why not
            throw new IllegalStateException("registration gave " + registered + " and no broker");
        }
        long index =
                registered instanceof CommandResult.Done done ? done.index() : log.appliedIndex();
        return new Admission(
                log,
                metadata.quorum(),
                neighbours,
                images,
                new BrokerSession.Identity(self.get().id(), self.get().bootEpoch()),
                index,
                founded);
    }

    /** A registration whose outcome was not known may have been applied all the same. */
    private static Optional<BrokerImage> registeredSelf(Start start, MetadataLog log) {
        return log.image()
                .broker(start.config().node().nodeId())
                .filter(broker -> broker.bootEpoch() == start.directory().bootEpoch())
                .filter(broker -> broker.directoryId().equals(start.directory().directoryId()));
    }

    private interface Ask<T> {
        CompletableFuture<T> again();
    }

    /** Asks until there is an answer: a cluster without a majority may come back any time. */
    private static <T> T untilDone(Start start, Ask<T> ask, Neighbours neighbours)
            throws IOException, InterruptedException {
        long toldNanos = System.nanoTime();
        while (true) {
            try {
                return ask.again().get();
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof MlogException refusal) || !mayPass(refusal)) {
                    throw new IOException(
                            e.getCause() instanceof MlogException refusal
                                    ? refusal.code() + ": " + refusal.reason()
                                    : "the start failed: " + e.getCause(),
                            e);
                }
                String waiting =
                        "waiting for the cluster's metadata: %s; nodes that are there: %s"
                                .formatted(
                                        refusal.reason(),
                                        neighbours.members().stream().map(Member::nodeId).toList());
                start.readiness().become(Readiness.Phase.STARTING, waiting);
                refuseWhenTakenOut(start, neighbours);
                if (System.nanoTime() - toldNanos > TimeUnit.MILLISECONDS.toNanos(SAY_EVERY_MS)) {
                    toldNanos = System.nanoTime();
                    LOG.info("{}", waiting);
                }
                TimeUnit.MILLISECONDS.sleep(ASK_AGAIN_MS);
            }
        }
    }

    /** Nobody would ever tell it. */
    private static void refuseWhenTakenOut(Start start, Neighbours neighbours)
            throws IOException, InterruptedException {
        Optional<DirectoryIdentity> returning = start.directory().identity();
        if (returning.isEmpty()) {
            return;
        }
        String nodeId = start.config().node().nodeId();
        String clusterId = returning.get().clusterId();
        Optional<String> told = new TakenOut(nodeId, clusterId, neighbours).toldBy();
        if (told.isPresent()) {
            throw new IOException(
                    "node %s was taken out of cluster %s (%s says so): %s cannot take part again; give an empty --data-dir to come as a new node"
                            .formatted(nodeId, clusterId, told.get(), start.directory().root()));
        }
    }

    private static boolean mayPass(MlogException refusal) {
        return refusal.code() == ErrorCode.NOT_CONTROLLER
                || refusal.code() == ErrorCode.REQUEST_TIMED_OUT;
    }

    private static MetadataCommand registration(Start start) {
        return new MetadataCommand.RegisterBroker(
                start.config().node().nodeId(),
                start.directory().directoryId(),
                start.directory().bootEpoch(),
                start.config().network().advertisedClientAddress().orElse(null),
                start.rpcAddress(),
                start.raftAddress(),
                start.config().node().rack().orElse(null),
                Version.VERSION);
    }

    private static CommandResult.Done done(CommandResult result) throws IOException {
        return switch (result) {
            case CommandResult.Done done -> done;
            case CommandResult.Refused refused ->
                    throw new IOException(refused.code() + ": " + refused.message());
        };
    }
}
