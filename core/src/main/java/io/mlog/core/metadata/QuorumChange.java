package io.mlog.core.metadata;

import io.mlog.model.HostPort;
import io.mlog.model.PeerId;
import java.util.Optional;
import java.util.Set;

/** One change of the quorum's members. */
public sealed interface QuorumChange {
    /** Why the change cannot be made to these members; empty when it can. */
    Optional<String> misfit(QuorumView present);

    /** Adds a node as a listener. It must be running and waiting, with an empty log. */
    record AddListener(PeerId peer, HostPort address) implements QuorumChange {
        @Override
        public Optional<String> misfit(QuorumView present) {
            return unless(present.member(peer).isEmpty(), peer + " is a member already");
        }
    }

    /** Lets listeners vote from now on, all of them at once. */
    record Promote(Set<PeerId> listeners) implements QuorumChange {
        public Promote {
            listeners = Set.copyOf(listeners);
        }

        @Override
        public Optional<String> misfit(QuorumView present) {
            return unless(
                    !listeners.isEmpty() && listeners.stream().allMatch(present::isListener),
                    listeners + " are not all listeners");
        }
    }

    /** Takes a listener, or a voter other than the leader, out. */
    record Remove(PeerId peer) implements QuorumChange {
        @Override
        public Optional<String> misfit(QuorumView present) {
            return unless(present.member(peer).isPresent(), peer + " is no member")
                    .or(() -> unlessLeader(peer, present));
        }
    }

    /** Takes a voter other than the leader out and lets a listener vote in its place. */
    record Replace(PeerId voter, PeerId listener) implements QuorumChange {
        @Override
        public Optional<String> misfit(QuorumView present) {
            return unless(present.isVoter(voter), voter + " is no voter")
                    .or(() -> unless(present.isListener(listener), listener + " is no listener"))
                    .or(() -> unlessLeader(voter, present));
        }
    }

    private static Optional<String> unlessLeader(PeerId peer, QuorumView present) {
        return unless(
                !present.leadership().leader().equals(Optional.of(peer)),
                peer + " leads: the leadership must be transferred first");
    }

    private static Optional<String> unless(boolean fits, String misfit) {
        return fits ? Optional.empty() : Optional.of(misfit);
    }
}
