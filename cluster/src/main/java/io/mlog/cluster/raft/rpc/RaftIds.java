package io.mlog.cluster.raft.rpc;

import io.mlog.model.PeerId;
import org.apache.ratis.protocol.RaftPeerId;

/** Our names of peers as Ratis writes them, and back. */
public final class RaftIds {
    private RaftIds() {}

    /** Ratis' name of the peer. */
    public static RaftPeerId of(PeerId peer) {
        return RaftPeerId.valueOf(peer.toString());
    }

    /**
     * The peer of that name.
     *
     * @throws IllegalArgumentException when it is not one of ours
     */
    public static PeerId of(RaftPeerId id) {
        return PeerId.parse(id.toString());
    }
}
