package io.mlog.cluster.raft;

import io.mlog.cluster.raft.rpc.RaftIds;
import io.mlog.cluster.raft.rpc.SocketRpcType;
import java.io.IOException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.ratis.proto.RaftProtos.RaftGroupIdProto;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.ClientInvocationId;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.SetConfigurationRequest;
import org.apache.ratis.protocol.TransferLeadershipRequest;
import org.apache.ratis.server.DivisionInfo;
import org.apache.ratis.server.RaftConfiguration;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.impl.RatisInternals;
import org.apache.ratis.server.protocol.RaftServerProtocol;
import org.apache.ratis.server.raftlog.RaftLog;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.StateMachine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The Raft server of this node with its one group, as far as we use it. Any thread. */
final class RatisServer {
    private static final Logger LOG = LoggerFactory.getLogger(RatisServer.class);

    private static final int MOST_CLOSE_MS = 5000;

    private final RaftSettings settings;
    private final RaftPeerId id;
    private final RaftGroupId group;
    private final RaftServer server;
    private final RaftServer.Division division;
    private final UUID clientUuid = UUID.randomUUID();
    private final ClientId client = ClientId.valueOf(clientUuid);
    private final AtomicLong nextCallId = new AtomicLong();

    private RatisServer(RaftSettings settings, RaftServer server) throws IOException {
        this.settings = settings;
        this.server = server;
        id = server.getId();
        group = settings.group();
        division = server.getDivision(group);
    }

    /** Not yet started. */
    static RatisServer build(
            RaftSettings settings,
            StoredQuorum stored,
            SocketRpcType.Wiring wiring,
            StateMachine machine)
            throws IOException {
        RaftServer server =
                RaftServer.newBuilder()
                        .setServerId(RaftIds.of(settings.self()))
                        .setProperties(
                                RatisProperties.of(settings, stored.isOnlyVoter(settings.self())))
                        .setParameters(wiring.toParameters())
                        .setStateMachineRegistry(any -> machine)
                        .setGroup(groupToStart(settings, stored))
                        .setOption(RaftStorage.StartupOption.RECOVER)
                        .build();
        return new RatisServer(settings, server);
    }

    /**
     * The members are read from disk by Ratis. A node that is to join has none and waits; only a
     * founder is told to be the group.
     */
    private static RaftGroup groupToStart(RaftSettings settings, StoredQuorum stored) {
        return stored.founds()
                ? RaftGroup.valueOf(
                        settings.group(),
                        RaftPeer.newBuilder()
                                .setId(RaftIds.of(settings.self()))
                                .setAddress(settings.advertised().toString())
                                .build())
                : RaftGroup.valueOf(settings.group());
    }

    void start() throws IOException {
        server.start();
        RatisInternals.takeConfiguredRole(division);
    }

    /** Ratis may wait for its own threads for a day: it is given a few seconds. */
    void close() {
        Thread closer = Thread.ofPlatform().daemon().name("raft-close").start(this::closeRatis);
        try {
            if (!closer.join(Duration.ofMillis(MOST_CLOSE_MS))) {
                LOG.warn(
                        "the metadata log in {} was not closed within {} ms; what it acknowledged"
                                + " is on disk",
                        settings.directory(),
                        MOST_CLOSE_MS);
                closer.interrupt();
            }
        } catch (InterruptedException e) {
            closer.interrupt();
            Thread.currentThread().interrupt();
        }
    }

    /** This node's name for Ratis. */
    RaftPeerId id() {
        return id;
    }

    RaftGroupId group() {
        return group;
    }

    RaftServer.Division division() {
        return division;
    }

    DivisionInfo info() {
        return division.getInfo();
    }

    RaftConfiguration configuration() {
        return division.getRaftConf();
    }

    RaftLog log() {
        return division.getRaftLog();
    }

    /** The name of this life of the process among those that submit. */
    ClientId client() {
        return client;
    }

    /** The same as it travels. */
    UUID clientUuid() {
        return clientUuid;
    }

    /** A call of this client that was never used. */
    long nextCallId() {
        return nextCallId.incrementAndGet();
    }

    RaftClientRequest.Builder request(ClientInvocationId invocation, RaftClientRequest.Type type) {
        return RaftClientRequest.newBuilder()
                .setClientId(invocation.getClientId())
                .setCallId(invocation.getLongId())
                .setServerId(id)
                .setGroupId(group)
                .setType(type);
    }

    CompletableFuture<RaftClientReply> submit(RaftClientRequest request) throws IOException {
        return server.submitClientRequestAsync(request);
    }

    CompletableFuture<RaftClientReply> change(SetConfigurationRequest.Arguments arguments)
            throws IOException {
        return server.setConfigurationAsync(
                new SetConfigurationRequest(client, id, group, nextCallId(), arguments));
    }

    CompletableFuture<RaftClientReply> transferLeadership(RaftPeerId to, int timeoutMs)
            throws IOException {
        return server.transferLeadershipAsync(
                new TransferLeadershipRequest(client, id, group, nextCallId(), to, timeoutMs));
    }

    /** Answers as to another node. */
    RaftServerProtocol protocol() {
        return server;
    }

    RaftGroupIdProto groupProto() {
        return RaftGroupIdProto.newBuilder().setId(group.toByteString()).build();
    }

    private void closeRatis() {
        try {
            server.close();
        } catch (IOException | RuntimeException e) {
            LOG.warn("closing the metadata log in {} failed", settings.directory(), e);
        }
    }
}
