package io.mlog.broker.config;

import io.mlog.model.HostPort;
import java.util.Optional;

/**
 * Who this node is and where it is reached.
 *
 * @param nodeId its stable name
 * @param gossipAddress where gossip would listen; its host is the client port's
 * @param raftAddress where the Raft transport listens
 * @param advertisedHost the host that others reach this node by
 * @param bootstrap whether the operator asked to found a cluster
 */
public record NodeConfig(
        String nodeId,
        HostPort gossipAddress,
        HostPort raftAddress,
        Optional<String> advertisedHost,
        boolean bootstrap) {
    public NodeConfig {
        nodeId = Settings.NODE_ID.check(nodeId);
    }

    static NodeConfig from(SettingValues values) {
        return new NodeConfig(
                values.of(Settings.NODE_ID),
                values.of(Settings.BIND_ADDR),
                values.of(Settings.RAFT_ADDR),
                values.find(Settings.ADVERTISE_ADDR),
                values.of(Settings.BOOTSTRAP));
    }
}
