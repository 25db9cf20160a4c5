package io.mlog.cluster.raft.rpc;

import io.mlog.model.HostPort;
import io.mlog.model.PeerId;
import java.util.Map;

/** Where nodes are at this moment. Called on the threads that connect; must not block. */
@FunctionalInterface
public interface PeerAddresses {
    /**
     * The peers that are known to be there, with their Raft addresses. A peer that is missing is
     * tried where the quorum's configuration says it was when it was added.
     */
    Map<PeerId, HostPort> known();
}
