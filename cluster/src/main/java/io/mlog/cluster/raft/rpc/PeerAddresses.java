package io.mlog.cluster.raft.rpc;

import io.mlog.model.HostPort;
import java.util.Optional;

/** Where nodes are at this moment. Called on the threads that connect; must not block. */
@FunctionalInterface
public interface PeerAddresses {
    /** The Raft address of the node; empty when it is not known, the last one is then tried. */
    Optional<HostPort> addressOf(String nodeId);
}
