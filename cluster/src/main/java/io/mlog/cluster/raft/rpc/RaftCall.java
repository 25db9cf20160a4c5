package io.mlog.cluster.raft.rpc;

import java.io.IOException;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotRequestProto;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionRequestProto;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.protocol.RaftServerProtocol;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.com.google.protobuf.MessageLite;

/** The calls of one Raft server to another, with their numbers on the wire. */
enum RaftCall {
    REQUEST_VOTE(1, Lane.ELECTION),
    START_ELECTION(2, Lane.ELECTION),
    APPEND_ENTRIES(3, Lane.LOG),
    INSTALL_SNAPSHOT(4, Lane.LOG);

    /** A vote must not wait behind a large batch of entries: each lane has its own connection. */
    enum Lane {
        ELECTION,
        LOG
    }

    private final int number;
    private final Lane lane;

    RaftCall(int number, Lane lane) {
        this.number = number;
        this.lane = lane;
    }

    int number() {
        return number;
    }

    Lane lane() {
        return lane;
    }

    static RaftCall of(int number) throws IOException {
        for (RaftCall call : values()) {
            if (call.number == number) {
                return call;
            }
        }
        throw new IOException("there is no call " + number);
    }

    /** Lets {@code server} answer the call in {@code frame}, which must be meant for it. */
    static MessageLite answer(byte[] frame, RaftServerProtocol server, RaftPeerId self)
            throws IOException {
        ByteString request = ByteString.copyFrom(frame, 1, frame.length - 1);
        return switch (of(frame[0])) {
            case REQUEST_VOTE -> {
                var vote = RequestVoteRequestProto.parseFrom(request);
                checkReceiver(vote.getServerRequest(), self);
                yield server.requestVote(vote);
            }
            case START_ELECTION -> {
                var start = StartLeaderElectionRequestProto.parseFrom(request);
                checkReceiver(start.getServerRequest(), self);
                yield server.startLeaderElection(start);
            }
            case APPEND_ENTRIES -> {
                var append = AppendEntriesRequestProto.parseFrom(request);
                checkReceiver(append.getServerRequest(), self);
                yield server.appendEntries(append);
            }
            case INSTALL_SNAPSHOT -> {
                var install = InstallSnapshotRequestProto.parseFrom(request);
                checkReceiver(install.getServerRequest(), self);
                yield server.installSnapshot(install);
            }
        };
    }

    private static void checkReceiver(RaftRpcRequestProto request, RaftPeerId self)
            throws IOException {
        RaftPeerId receiver = RaftPeerId.valueOf(request.getReplyId());
        if (!receiver.equals(self)) {
            throw new IOException("this is node %s and not %s".formatted(self, receiver));
        }
    }
}
