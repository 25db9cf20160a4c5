package io.mlog.core.metadata;

import io.mlog.model.PeerId;

/** Hears what happens to the quorum; see {@link MetadataQuorum#listen}. May block for a moment. */
public interface QuorumListener {
    /** Another leader, another term, or this node began or ceased to lead. */
    void leadershipChanged(QuorumLeadership leadership);

    /**
     * A connection to or from a peer broke, or could not be made. A hint and no more: the peer may
     * be dead, stopping or moving. Told at most a few times a second for each peer.
     */
    default void connectionLost(PeerId peer) {}

    /**
     * The others have taken this node out of the quorum. Its log is closed for good: its directory
     * cannot take part again.
     */
    default void removed() {}
}
