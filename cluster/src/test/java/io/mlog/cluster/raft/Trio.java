package io.mlog.cluster.raft;

import io.mlog.cluster.raft.rpc.RaftPort;
import io.mlog.cluster.raft.rpc.SocketRpcType;
import io.mlog.core.metadata.CommandCodec;
import io.mlog.core.metadata.MetadataCommand;
import io.mlog.core.metadata.MetadataImage;
import io.mlog.model.HostPort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.util.SizeInBytes;

/**
 * Three Raft servers with our transport and our state machine, founded as one group: how nodes join
 * is not of interest here, what they send each other is. Each start of a node takes a new port.
 */
final class Trio implements AutoCloseable {
    static final List<String> NODES = List.of("node-1", "node-2", "node-3");
    private static final int SNAPSHOT_EVERY = 50;

    private final Map<String, MetadataImage> images = new ConcurrentHashMap<>();
    private final Map<String, Long> largestSteps = new ConcurrentHashMap<>();
    final List<Throwable> broken = new CopyOnWriteArrayList<>();
    private final Map<String, RaftServer> servers = new ConcurrentHashMap<>();
    private final Map<String, HostPort> addresses = new ConcurrentHashMap<>();
    private final ClientId client = ClientId.randomId();
    private final AtomicLong callId = new AtomicLong();
    private final Path directory;

    Trio(Path directory) throws IOException {
        this.directory = directory;
        for (String node : NODES) {
            start(node);
        }
    }

    void start(String node) throws IOException {
        RaftSettings settings = Node.settings(directory.resolve(node), SNAPSHOT_EVERY);
        Files.createDirectories(settings.directory());
        RaftPort port = RaftPort.bind(new HostPort("127.0.0.1", 0));
        addresses.put(node, port.address());
        RaftServer server =
                RaftServer.newBuilder()
                        .setServerId(RaftPeerId.valueOf(node))
                        .setProperties(withSmallSegments(RatisProperties.of(settings, false)))
                        .setParameters(
                                new SocketRpcType.Wiring(
                                                port,
                                                id -> Optional.ofNullable(addresses.get(id)),
                                                500)
                                        .toParameters())
                        .setStateMachineRegistry(
                                group -> new MetadataStateMachine(new Images(node)))
                        .setGroup(groupOfThree(settings))
                        .setOption(RaftStorage.StartupOption.RECOVER)
                        .build();
        server.start();
        servers.put(node, server);
    }

    void stop(String node) throws IOException {
        RaftServer server = servers.remove(node);
        if (server != null) {
            server.close();
        }
    }

    /** So that snapshots soon allow whole segments to be deleted. */
    private static RaftProperties withSmallSegments(RaftProperties properties) {
        RaftServerConfigKeys.Log.setSegmentSizeMax(properties, SizeInBytes.valueOf("4KB"));
        RaftServerConfigKeys.Log.setPreallocatedSize(properties, SizeInBytes.valueOf("4KB"));
        RaftServerConfigKeys.Log.setPurgeGap(properties, 1);
        return properties;
    }

    MetadataImage image(String node) {
        return Optional.ofNullable(images.get(node)).orElseThrow();
    }

    /**
     * Most producer ids that were given out between two images of the node following each other.
     */
    long largestStepOf(String node) {
        return largestSteps.getOrDefault(node, 0L);
    }

    /** Submits to whoever leads until it is done. */
    void done(MetadataCommand command) throws Exception {
        ByteString bytes = ByteString.copyFrom(CommandCodec.encode(command));
        eventually("a leader takes " + command, () -> taken(bytes));
    }

    String leader() throws Exception {
        eventually("there is a leader", () -> leaders().findAny().isPresent());
        return leaders().findAny().orElseThrow();
    }

    /** Waits until every running node has the same image with that many producer ids. */
    void awaitProducerIds(long given) throws Exception {
        eventually(
                "all have " + given + " producer ids",
                () ->
                        servers.keySet().stream()
                                .allMatch(node ->
                                        Optional.ofNullable(images.get(node))
                                                        .map(MetadataImage::nextProducerId)
                                                        .orElse(-1L)
                                                == given));
    }

    static void eventually(String what, BooleanSupplier condition) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(25);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new TimeoutException("not within 25 s: " + what);
            }
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    @Override
    public void close() throws IOException {
        for (String node : NODES) {
            stop(node);
        }
    }

    private Stream<String> leaders() {
        return servers.entrySet().stream().filter(e -> leads(e.getValue())).map(Map.Entry::getKey);
    }

    private static boolean leads(RaftServer server) {
        try {
            return server.getDivision(server.getGroupIds().iterator().next())
                    .getInfo()
                    .isLeaderReady();
        } catch (IOException e) {
            return false;
        }
    }

    private boolean taken(ByteString command) {
        return leaders().anyMatch(node -> taken(node, command));
    }

    private boolean taken(String node, ByteString command) {
        try {
            RaftServer server = servers.get(node);
            if (server == null) {
                return false;
            }
            RaftClientReply reply =
                    server.submitClientRequestAsync(
                                    RaftClientRequest.newBuilder()
                                            .setClientId(client)
                                            .setServerId(RaftPeerId.valueOf(node))
                                            .setGroupId(server.getGroupIds().iterator().next())
                                            .setCallId(callId.incrementAndGet())
                                            .setMessage(Message.valueOf(command))
                                            .setType(RaftClientRequest.writeRequestType())
                                            .build())
                            .get(5, TimeUnit.SECONDS);
            return reply.isSuccess();
        } catch (Exception e) {
            return false;
        }
    }

    private static RaftGroup groupOfThree(RaftSettings settings) {
        return RaftGroup.valueOf(
                settings.group(),
                NODES.stream()
                        .map(node ->
                                RaftPeer.newBuilder().setId(node).setAddress("127.0.0.1:1").build())
                        .toArray(RaftPeer[]::new));
    }

    private final class Images implements MetadataStateMachine.Events {
        private final String node;

        Images(String node) {
            this.node = node;
        }

        @Override
        public void applied(MetadataImage image) {
            MetadataImage before = images.put(node, image);
            if (before != null) {
                largestSteps.merge(
                        node, image.nextProducerId() - before.nextProducerId(), Math::max);
            }
        }

        @Override
        public Optional<Submission> submissionOf(RaftClientRequest request) {
            return Optional.empty();
        }

        @Override
        public void comparisonDue(MetadataCommand.CompareImage comparison) {
            // Compared by the test itself.
        }

        @Override
        public void leaderReady() {
            // Asked for when needed.
        }

        @Override
        public void logFailed(Throwable cause) {
            broken.add(cause);
        }

        @Override
        public void broken(Throwable cause) {
            broken.add(cause);
        }

        @Override
        public void closed() {
            // Nodes are stopped on purpose here.
        }
    }
}
