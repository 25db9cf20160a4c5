package io.mlog.core.metadata;

import io.mlog.model.HostPort;
import io.mlog.model.PeerId;
import java.util.OptionalLong;

/**
 * A peer in the quorum.
 *
 * @param address as it was when the peer was added; it may have moved since
 * @param voter whether it counts towards the majority; otherwise it only listens
 * @param matchIndex last log entry known to be on its disk; known to the leader only
 * @param silentMs since its last answer to the leader; known to the leader only, 0 for itself
 */
public record QuorumMember(
        PeerId id,
        HostPort address,
        boolean voter,
        OptionalLong matchIndex,
        OptionalLong silentMs) {}
