package io.mlog.cluster.raft.rpc;

import io.mlog.model.PeerId;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.UUID;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;

/** Asks other nodes what {@link LeaderService} offers, over the lanes that Raft does not use. */
public final class QuorumClient {
    private static final int MARGIN_MS = 200;

    private final UUID group;
    private final PeerLines lines;

    public QuorumClient(UUID group, PeerLines lines) {
        this.group = group;
        this.lines = lines;
    }

    /**
     * Hands commands over; blocks until they are answered.
     *
     * @throws NotSentException when the peer certainly did not see them
     * @throws IOException when it may have
     */
    public QuorumReply submit(PeerId peer, ForwardedCommands commands) throws IOException {
        return call(
                peer, RaftCall.SUBMIT, out -> QuorumCodec.put(commands, out), commands.timeoutMs());
    }

    /** Asks the leader how far the log is committed; blocks. */
    public QuorumReply catchUp(PeerId peer, int timeoutMs) throws IOException {
        return call(peer, RaftCall.CATCH_UP, out -> out.writeInt(timeoutMs), timeoutMs);
    }

    /** Asks a peer whom it follows; blocks. */
    public QuorumReply whoLeads(PeerId peer, int timeoutMs) throws IOException {
        return call(peer, RaftCall.WHO_LEADS, out -> {}, timeoutMs);
    }

    private QuorumReply call(
            PeerId peer, RaftCall call, PeerConnection.Request content, int timeoutMs)
            throws IOException {
        ByteString.Output request = ByteString.newOutput();
        DataOutputStream out = new DataOutputStream(request);
        new QuorumCodec.Receiver(group, peer).writeTo(out);
        content.writeTo(out);
        out.flush();
        ByteString reply = lines.call(peer, call, request.toByteString(), timeoutMs + MARGIN_MS);
        return QuorumCodec.takeReply(new DataInputStream(reply.newInput()));
    }
}
