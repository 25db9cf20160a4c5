package io.mlog.cluster.gossip.wire;

import io.mlog.model.HostPort;
import java.util.List;

/**
 * What the wire is told.
 *
 * @param advertised where others reach this node
 * @param keys the first seals, all of them open; none for gossip in clear
 */
public record WireSettings(HostPort advertised, List<ClusterKey> keys) {
    public WireSettings {
        keys = List.copyOf(keys);
    }

    boolean isSealed() {
        return !keys.isEmpty();
    }
}
