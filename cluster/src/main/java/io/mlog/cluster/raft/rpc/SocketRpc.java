package io.mlog.cluster.raft.rpc;

import io.mlog.model.HostPort;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Collection;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto.AppendResult;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotReplyProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotRequestProto;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteReplyProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionReplyProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionRequestProto;
import org.apache.ratis.protocol.RaftGroupId;
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
    private @Nullable RaftListener listener; // guarded by this

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
        listener =
                new RaftListener(
                        wiring.port(),
                        () -> new RaftSession(server, server.getId(), wiring),
                        wiring.events());
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
                wiring.lines()
                        .remember(RaftIds.of(peer.getId()), HostPort.parse(peer.getAddress()));
            }
        }
    }

    @Override
    public void handleException(RaftPeerId peer, Exception e, boolean reconnect) {
        // A connection that failed has been dropped already and is made again by the next call.
    }

    /** Ratis waits for the threads that send to followers, for seconds and with its lock held. */
    @Override
    public void notifyNotLeader(RaftGroupId group) {
        wiring.lines().dropLog();
    }

    @Override
    public RequestVoteReplyProto requestVote(RequestVoteRequestProto request) throws IOException {
        return RequestVoteReplyProto.parseFrom(
                call(
                        RaftCall.REQUEST_VOTE,
                        request.getServerRequest(),
                        request,
                        wiring.voteTimeoutMs()));
    }

    @Override
    public StartLeaderElectionReplyProto startLeaderElection(
            StartLeaderElectionRequestProto request) throws IOException {
        return StartLeaderElectionReplyProto.parseFrom(
                call(
                        RaftCall.START_ELECTION,
                        request.getServerRequest(),
                        request,
                        wiring.voteTimeoutMs()));
    }

    @Override
    public AppendEntriesReplyProto appendEntries(AppendEntriesRequestProto request)
            throws IOException {
        long sentNanos = System.nanoTime();
        AppendEntriesReplyProto reply =
                AppendEntriesReplyProto.parseFrom(
                        call(
                                RaftCall.APPEND_ENTRIES,
                                request.getServerRequest(),
                                request,
                                wiring.callTimeoutMs()));
        if (reply.getResult() != AppendResult.NOT_LEADER
                && reply.getTerm() == request.getLeaderTerm()) {
            RaftPeerId peer = RaftPeerId.valueOf(request.getServerRequest().getReplyId());
            wiring.followers().confirmed(RaftIds.of(peer), request.getLeaderTerm(), sentNanos);
        }
        return reply;
    }

    @Override
    public InstallSnapshotReplyProto installSnapshot(InstallSnapshotRequestProto request)
            throws IOException {
        return InstallSnapshotReplyProto.parseFrom(
                call(
                        RaftCall.INSTALL_SNAPSHOT,
                        request.getServerRequest(),
                        request,
                        wiring.callTimeoutMs()));
    }

    @Override
    public synchronized void close() throws IOException {
        wiring.lines().close();
        if (listener != null) {
            listener.close();
        }
    }

    private ByteString call(
            RaftCall call, RaftRpcRequestProto header, MessageLite request, int timeoutMs)
            throws IOException {
        RaftPeerId peer = RaftPeerId.valueOf(header.getReplyId());
        return wiring.lines().call(RaftIds.of(peer), call, request, timeoutMs);
    }
}
