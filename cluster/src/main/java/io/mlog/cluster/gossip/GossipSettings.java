package io.mlog.cluster.gossip;

import io.mlog.cluster.gossip.wire.ClusterKey;
import io.mlog.core.membership.Member;
import io.mlog.model.HostPort;
import java.util.List;

/**
 * What a node's gossip is told.
 *
 * @param self this node as it describes itself first; its gossip address is where others reach it
 * @param peers gossip addresses to join by; the node's own among them is ignored
 * @param keys the first one seals, all of them open; none for gossip in clear
 */
public record GossipSettings(
        Member self, List<HostPort> peers, List<ClusterKey> keys, GossipTiming timing) {
    public GossipSettings {
        peers = List.copyOf(peers);
        keys = List.copyOf(keys);
        var _ = TagsCodec.encode(self);
    }
}
