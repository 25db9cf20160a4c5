package io.mlog.cluster.raft.rpc;

import io.mlog.model.PeerId;

/** What the wire tells about peers; on the wire's threads, which must not be blocked. */
public interface WireEvents {
    /** The leader sent something to the log and was obeyed; before it is answered. */
    void leaderHeard(PeerId leader);

    /** The connection over which the leader sent its log has ended. */
    void leaderHungUp(PeerId leader);
}
