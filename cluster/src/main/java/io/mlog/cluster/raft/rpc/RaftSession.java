package io.mlog.cluster.raft.rpc;

import io.mlog.model.PeerId;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Optional;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto.AppendResult;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotReplyProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotRequestProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotResult;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionRequestProto;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.impl.RatisInternals;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * Answers the calls of one connection from a peer, one after the other, on the connection's thread.
 */
final class RaftSession {
    private final RaftServer server;
    private final RaftPeerId self;
    private final SocketRpcType.Wiring wiring;
    private @Nullable PeerId leader;

    RaftSession(RaftServer server, RaftPeerId self, SocketRpcType.Wiring wiring) {
        this.server = server;
        this.self = self;
        this.wiring = wiring;
    }

    /** The reply to the call in {@code frame}, which must be meant for this node. */
    ByteString answer(byte[] frame) throws IOException {
        ByteString request = ByteString.copyFrom(frame, 1, frame.length - 1);
        return switch (RaftCall.of(frame[0])) {
            case REQUEST_VOTE -> {
                var vote = RequestVoteRequestProto.parseFrom(request);
                checkReceiver(vote.getServerRequest());
                yield RatisInternals.vote(division(), vote).toByteString();
            }
            case START_ELECTION -> {
                var start = StartLeaderElectionRequestProto.parseFrom(request);
                checkReceiver(start.getServerRequest());
                yield server.startLeaderElection(start).toByteString();
            }
            case APPEND_ENTRIES -> append(AppendEntriesRequestProto.parseFrom(request));
            case INSTALL_SNAPSHOT -> install(InstallSnapshotRequestProto.parseFrom(request));
            case SUBMIT, CATCH_UP, WHO_LEADS -> answerOurs(RaftCall.of(frame[0]), request);
        };
    }

    /** The leader whose log came over this connection, when one did. */
    Optional<PeerId> leader() {
        return Optional.ofNullable(leader);
    }

    private RaftServer.Division division() throws IOException {
        return server.getDivision(RaftGroupId.valueOf(wiring.group()));
    }

    private ByteString append(AppendEntriesRequestProto request) throws IOException {
        checkReceiver(request.getServerRequest());
        AppendEntriesReplyProto reply = server.appendEntries(request);
        if (reply.getResult() != AppendResult.NOT_LEADER) {
            heard(request.getServerRequest());
        }
        return reply.toByteString();
    }

    private ByteString install(InstallSnapshotRequestProto request) throws IOException {
        checkReceiver(request.getServerRequest());
        InstallSnapshotReplyProto reply = server.installSnapshot(request);
        if (reply.getResult() != InstallSnapshotResult.NOT_LEADER) {
            heard(request.getServerRequest());
        }
        return reply.toByteString();
    }

    /** Before the reply leaves: the leader counts on what this node may do from here on. */
    private void heard(RaftRpcRequestProto request) {
        leader = RaftIds.of(RaftPeerId.valueOf(request.getRequestorId()));
        wiring.events().leaderHeard(leader);
    }

    private ByteString answerOurs(RaftCall call, ByteString request) throws IOException {
        DataInputStream in = new DataInputStream(request.newInput());
        wiring.receiver().check(in);
        QuorumReply reply =
                switch (call) {
                    case SUBMIT -> wiring.service().submit(QuorumCodec.takeCommands(in));
                    case CATCH_UP -> wiring.service().catchUp(in.readInt());
                    default -> wiring.service().whoLeads();
                };
        ByteString.Output out = ByteString.newOutput();
        QuorumCodec.put(reply, new DataOutputStream(out));
        return out.toByteString();
    }

    private void checkReceiver(RaftRpcRequestProto request) throws IOException {
        RaftPeerId receiver = RaftPeerId.valueOf(request.getReplyId());
        if (!receiver.equals(self)) {
            throw new IOException("this is node %s and not %s".formatted(self, receiver));
        }
    }
}
