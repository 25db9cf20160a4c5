package io.mlog.cluster.raft.rpc;

import io.mlog.model.HostPort;
import io.mlog.model.PeerId;
import java.util.List;
import java.util.Optional;

/** What a node answers to the calls that are not Raft's own. */
public sealed interface QuorumReply {
    /** What became of each forwarded command, in their order. */
    record Outcomes(List<CommandOutcome> outcomes) implements QuorumReply {
        public Outcomes {
            outcomes = List.copyOf(outcomes);
        }
    }

    /** All that was committed when the leader was asked is in the log up to {@code index}. */
    record Committed(long index) implements QuorumReply {}

    /**
     * Who leads, as the answering node knows; the answer to whoever asks, and to what only the
     * leader could do.
     */
    record Leads(long term, Optional<Leader> leader) implements QuorumReply {}

    /** Nothing was done; the same call may succeed in a moment. */
    record TryLater(String reason) implements QuorumReply {}

    /** A leader and where it is. */
    record Leader(PeerId peer, HostPort address) {}
}
