package io.mlog.core.metadata;

import io.mlog.model.PeerId;
import java.util.Optional;

/**
 * Who leads the metadata, as far as one node knows.
 *
 * @param term number of the present Raft leadership, rising
 * @param leader empty while none is known
 * @param leading whether this node leads and has applied all that was committed before its term:
 *     only then may it decide as the controller
 */
public record QuorumLeadership(long term, Optional<PeerId> leader, boolean leading) {}
