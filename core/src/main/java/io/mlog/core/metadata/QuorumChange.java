package io.mlog.core.metadata;

import io.mlog.model.HostPort;
import io.mlog.model.PeerId;
import java.util.Set;

/** One change of the quorum's members. */
public sealed interface QuorumChange {
    /** Adds a node as a listener. It must be running and waiting, with an empty log. */
    record AddListener(PeerId peer, HostPort address) implements QuorumChange {}

    /** Lets listeners vote from now on, all of them at once. */
    record Promote(Set<PeerId> listeners) implements QuorumChange {
        public Promote {
            listeners = Set.copyOf(listeners);
        }
    }

    /** Takes a listener, or a voter other than the leader, out. */
    record Remove(PeerId peer) implements QuorumChange {}

    /** Takes a voter other than the leader out and lets a listener vote in its place. */
    record Replace(PeerId voter, PeerId listener) implements QuorumChange {}
}
