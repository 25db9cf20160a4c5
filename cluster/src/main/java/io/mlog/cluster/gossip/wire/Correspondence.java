package io.mlog.cluster.gossip.wire;

import io.mlog.model.HostPort;
import java.util.Optional;

/**
 * What the owner of a {@link GossipTransport} has to do with its letters. Called on the threads of
 * connections; must not block.
 */
public interface Correspondence {
    /** Which cluster this node belongs to; empty while it does not know. */
    String clusterId();

    /**
     * Looks at a letter that came.
     *
     * @return what of it the library is to see; empty for nothing
     */
    Optional<Packet> admit(Letter letter);

    /** The library sends that packet. */
    void sending(Packet packet);

    /** A connection to that peer was closed by the other end, or broke. */
    void broken(HostPort peer);

    /** That peer does not take our letters; this was logged unless the peer is this node itself. */
    void refused(HostPort peer, Refusal refusal);
}
