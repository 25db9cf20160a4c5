package io.mlog.cluster.raft;

import io.mlog.cluster.raft.rpc.PeerAddresses;
import io.mlog.cluster.raft.rpc.RaftPort;
import io.mlog.core.metadata.CommandResult;
import io.mlog.core.metadata.CommandResult.Done;
import io.mlog.core.metadata.CommandResult.Outcome;
import io.mlog.core.metadata.MetadataCommand;
import io.mlog.core.metadata.MetadataCommand.CreateCluster;
import io.mlog.core.metadata.MetadataCommand.CreateTopic;
import io.mlog.core.metadata.MetadataCommand.RegisterBroker;
import io.mlog.core.metadata.MetadataCommand.UnfenceBroker;
import io.mlog.core.metadata.MetadataImage;
import io.mlog.model.HostPort;
import io.mlog.model.PeerId;
import io.mlog.model.TopicId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** A metadata log of one node in a test's directory, with what it told its owner. */
final class Node implements AutoCloseable {
    static final PeerAddresses NOBODY = Map::of;
    static final PeerId SELF = new PeerId("node-1", "dir-1");

    final List<MetadataImage> images = new CopyOnWriteArrayList<>();
    final List<Throwable> fatal = new CopyOnWriteArrayList<>();
    final RatisMetadataLog log;
    final HostPort address;

    private Node(RaftSettings settings, RaftPort port) throws IOException {
        address = port.address();
        log = RatisMetadataLog.start(settings, port, NOBODY, images::add, fatal::add);
    }

    static Node start(RaftSettings settings) throws Exception {
        Node node = new Node(settings, RaftPort.bind(new HostPort("127.0.0.1", 0)));
        node.log.leaderReady().get(10, TimeUnit.SECONDS);
        return node;
    }

    static RaftSettings settings(Path directory) {
        return settings(directory, 5000);
    }

    static RaftSettings settings(Path directory, int snapshotEvery) {
        return new RaftSettings(
                SELF,
                "cluster-a",
                directory,
                new HostPort("127.0.0.1", 9093),
                RaftSettings.Start.FOUND,
                5000,
                64,
                snapshotEvery,
                1000);
    }

    /** Founds the cluster and registers this node. */
    Node found() throws Exception {
        done(new CreateCluster("cluster-a"));
        done(
                new RegisterBroker(
                        "node-1",
                        "dir-1",
                        1,
                        null,
                        new HostPort("127.0.0.1", 1),
                        new HostPort("127.0.0.1", 2),
                        null,
                        "0.1.0"));
        done(new UnfenceBroker(1, 1, List.of()));
        return this;
    }

    Outcome createTopic(String name) throws Exception {
        return done(
                new CreateTopic(name, new TopicId(1, name.hashCode()), 2, 1, List.of(), Map.of()));
    }

    Outcome done(MetadataCommand command) throws Exception {
        CommandResult result = log.submit(command).get(10, TimeUnit.SECONDS);
        if (result instanceof Done done) {
            return done.outcome();
        }
        throw new AssertionError(command + ": " + result);
    }

    @Override
    public void close() {
        log.close();
    }
}
