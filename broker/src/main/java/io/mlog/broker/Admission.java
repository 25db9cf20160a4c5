package io.mlog.broker;

import io.mlog.broker.config.BrokerConfig;
import io.mlog.core.metadata.CommandResult;
import io.mlog.core.metadata.MetadataCommand;
import io.mlog.core.metadata.MetadataLog;
import io.mlog.model.HostPort;
import io.mlog.model.PeerId;
import io.mlog.model.TopicId;
import io.mlog.model.TopicIdPartition;
import io.mlog.storage.DataDirectory;
import io.mlog.storage.DirectoryIdentity;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.random.RandomGenerator;

/**
 * A node's way into its cluster: identity of the directory, metadata log, registration, and, once
 * its logs are open, the right to lead.
 *
 * @param brokerId permanent number of this broker
 * @param index of the registration: the broker acts on images from there on
 * @param founded whether this start founded the cluster
 */
record Admission(MetadataLog log, ImageRelay images, int brokerId, long index, boolean founded) {
    /** Blocks until this boot is registered. */
    static Admission of(
            BrokerConfig config,
            DataDirectory directory,
            MetadataLogs logs,
            IntSupplier boundPort,
            RandomGenerator random,
            Consumer<Throwable> fatal,
            Undo undo)
            throws IOException {
        String nodeId = config.node().nodeId();
        String clusterId =
                directory
                        .identity()
                        .map(DirectoryIdentity::clusterId)
                        .orElseGet(
                                () -> new TopicId(random.nextLong(), random.nextLong()).toString());
        directory.claim(clusterId, nodeId);
        ImageRelay images = new ImageRelay();
        MetadataLog log =
                undo.begun(
                        logs.open(
                                directory.root().resolve("raft"),
                                new PeerId(nodeId, directory.directoryId()),
                                clusterId,
                                images,
                                fatal));
        boolean founded = log.image().clusterId().isEmpty();
        if (founded && !directory.found().isEmpty()) {
            throw new IOException(
                    "%s has partitions but its metadata log in raft is gone: restore that directory, or give another --data-dir; nothing was changed"
                            .formatted(directory.root()));
        }
        if (founded) {
            done(log, new MetadataCommand.CreateCluster(clusterId));
        }
        CommandResult.Done registered = done(log, registration(config, directory, boundPort));
        if (registered.outcome() instanceof CommandResult.Outcome.BrokerId(int id)) {
            return new Admission(log, images, id, registered.index(), founded);
        }
        throw new IllegalStateException("registration gave " + registered.outcome());
    }

    /**
     * Asks for the leaderships that wait for this broker; blocks until they are given.
     *
     * @param suspects partitions whose records here are not all that were known to be here
     * @return index of the command
     */
    long unfence(long bootEpoch, List<TopicIdPartition> suspects) throws IOException {
        return done(log, new MetadataCommand.UnfenceBroker(brokerId, bootEpoch, suspects)).index();
    }

    private static MetadataCommand registration(
            BrokerConfig config, DataDirectory directory, IntSupplier boundPort) {
        Optional<String> advertised = config.node().advertisedHost();
        HostPort bound =
                new HostPort(
                        advertised.orElse(config.network().clientAddress().host()),
                        boundPort.getAsInt());
        HostPort raft = config.node().raftAddress();
        return new MetadataCommand.RegisterBroker(
                config.node().nodeId(),
                directory.directoryId(),
                directory.bootEpoch(),
                config.network().advertisedClientAddress().orElse(null),
                bound,
                new HostPort(advertised.orElse(raft.host()), raft.port()),
                null,
                Version.VERSION);
    }

    private static CommandResult.Done done(MetadataLog log, MetadataCommand command)
            throws IOException {
        return switch (Waits.forResult(log.submit(command))) {
            case CommandResult.Done done -> done;
            case CommandResult.Refused refused ->
                    throw new IOException(refused.code() + ": " + refused.message());
        };
    }
}
