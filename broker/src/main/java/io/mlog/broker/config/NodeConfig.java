package io.mlog.broker.config;

import io.mlog.model.HostPort;
import java.util.List;
import java.util.Optional;

/**
 * Who this node is and where it is reached.
 *
 * @param nodeId its stable name
 * @param gossipAddress where gossip listens; its host is the client port's
 * @param raftAddress where the Raft transport listens
 * @param advertisedHost the host that others reach this node by
 * @param peers gossip addresses of members to join
 * @param rack where it stands, for placement and for reading nearby
 * @param clusterKeys secrets that seal gossip, the first, and open it; none for gossip in clear
 * @param bootstrap whether the operator asked to found a cluster
 */
public record NodeConfig(
        String nodeId,
        HostPort gossipAddress,
        HostPort raftAddress,
        Optional<String> advertisedHost,
        List<HostPort> peers,
        Optional<String> rack,
        List<Secret> clusterKeys,
        boolean bootstrap) {
    public NodeConfig {
        nodeId = Settings.NODE_ID.check(nodeId);
        peers = List.copyOf(peers);
        clusterKeys = List.copyOf(clusterKeys);
    }

    static NodeConfig from(SettingValues values) {
        return new NodeConfig(
                values.of(Settings.NODE_ID),
                values.of(Settings.BIND_ADDR),
                values.of(Settings.RAFT_ADDR),
                values.find(Settings.ADVERTISE_ADDR),
                values.find(Settings.PEER).orElse(List.of()),
                values.find(Settings.RACK),
                values.find(Settings.CLUSTER_KEY).orElse(List.of()),
                values.of(Settings.BOOTSTRAP));
    }
}
