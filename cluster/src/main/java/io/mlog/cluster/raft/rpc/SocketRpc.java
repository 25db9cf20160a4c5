package io.mlog.cluster.raft.rpc;

import io.mlog.model.HostPort;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotReplyProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotRequestProto;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteReplyProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionReplyProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionRequestProto;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.rpc.RpcType;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.RaftServerRpc;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.com.google.protobuf.MessageLite;
import org.jspecify.annotations.Nullable;

/** Both ends of the Raft wire for one server: its listener, and its connections to its peers. */
final class SocketRpc implements RaftServerRpc {
    private final RpcType type;
    private final RaftServer server;
    private final SocketRpcType.Wiring wiring;
    private final Map<RaftPeerId, HostPort> lastAddresses = new ConcurrentHashMap<>();
    private final Map<Line, PeerConnection> connections = new ConcurrentHashMap<>();
    private @Nullable RaftListener listener;

    SocketRpc(RpcType type, RaftServer server, SocketRpcType.Wiring wiring) {
        this.type = type;
        this.server = server;
        this.wiring = wiring;
    }

    @Override
    public RpcType getRpcType() {
        return type;
    }

    @Override
    public synchronized void start() {
        listener = new RaftListener(wiring.port(), server, server.getId());
        listener.start();
    }

    @Override
    public InetSocketAddress getInetSocketAddress() {
        HostPort address = wiring.port().address();
        return InetSocketAddress.createUnresolved(address.host(), address.port());
    }

    /** Only what is tried when nobody knows better: see {@link PeerAddresses}. */
    @Override
    public void addRaftPeers(Collection<RaftPeer> peers) {
        for (RaftPeer peer : peers) {
            if (peer.getAddress() != null) {
                lastAddresses.put(peer.getId(), HostPort.parse(peer.getAddress()));
            }
        }
    }

    @Override
    public void handleException(RaftPeerId peer, Exception e, boolean reconnect) {
        // A connection that failed has been dropped already and is made again by the next call.
    }

    @Override
    public RequestVoteReplyProto requestVote(RequestVoteRequestProto request) throws IOException {
        return RequestVoteReplyProto.parseFrom(
                call(RaftCall.REQUEST_VOTE, request.getServerRequest(), request));
    }

    @Override
    public StartLeaderElectionReplyProto startLeaderElection(
            StartLeaderElectionRequestProto request) throws IOException {
        return StartLeaderElectionReplyProto.parseFrom(
                call(RaftCall.START_ELECTION, request.getServerRequest(), request));
    }

    @Override
    public AppendEntriesReplyProto appendEntries(AppendEntriesRequestProto request)
            throws IOException {
        return AppendEntriesReplyProto.parseFrom(
                call(RaftCall.APPEND_ENTRIES, request.getServerRequest(), request));
    }

    @Override
    public InstallSnapshotReplyProto installSnapshot(InstallSnapshotRequestProto request)
            throws IOException {
        return InstallSnapshotReplyProto.parseFrom(
                call(RaftCall.INSTALL_SNAPSHOT, request.getServerRequest(), request));
    }

    @Override
    public synchronized void close() throws IOException {
        connections.values().forEach(PeerConnection::close);
        if (listener != null) {
            listener.close();
        }
    }

    private ByteString call(RaftCall call, RaftRpcRequestProto header, MessageLite request)
            throws IOException {
        RaftPeerId peer = RaftPeerId.valueOf(header.getReplyId());
        return connections
                .computeIfAbsent(
                        new Line(peer, call.lane()),
                        line -> new PeerConnection(() -> addressOf(peer), wiring.callTimeoutMs()))
                .call(call, request);
    }

    private HostPort addressOf(RaftPeerId peer) throws IOException {
        return wiring.addresses()
                .addressOf(peer.toString())
                .or(() -> Optional.ofNullable(lastAddresses.get(peer)))
                .orElseThrow(() -> new IOException("nobody knows where node " + peer + " is"));
    }

    private record Line(RaftPeerId peer, RaftCall.Lane lane) {}
}
