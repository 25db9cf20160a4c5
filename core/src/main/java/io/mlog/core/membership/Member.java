package io.mlog.core.membership;

import io.mlog.model.HostPort;

/**
 * One boot of one node, as it describes itself to the others.
 *
 * @param nodeId the operator's name for the node
 * @param bootEpoch number of the process's life, rising with every start of the node
 * @param clusterId permanent name of the cluster; empty while the node does not know it yet
 * @param directoryId random name of its data directory: a wiped disk has another one
 * @param gossipAddress where others reach it for gossip
 * @param raftAddress where others reach its Raft transport
 * @param rpcAddress where others reach its client port
 * @param version of mlog that it runs
 * @param state one word about what it is doing, from {@link MemberState} or of a newer version
 */
public record Member(
        String nodeId,
        long bootEpoch,
        String clusterId,
        String directoryId,
        HostPort gossipAddress,
        HostPort raftAddress,
        HostPort rpcAddress,
        String version,
        String state) {
    public Member {
        if (nodeId.isEmpty() || nodeId.contains("#")) {
            throw new IllegalArgumentException(
                    "node id '" + nodeId + "' is empty or has a '#' in it");
        }
        if (bootEpoch < 0) {
            throw new IllegalArgumentException(
                    "boot epoch " + bootEpoch + " of node " + nodeId + " is below 0");
        }
    }

    /** Its name on the wire, {@code nodeId#bootEpoch}: no two boots share one. */
    public String id() {
        return id(nodeId, bootEpoch);
    }

    static String id(String nodeId, long bootEpoch) {
        return nodeId + "#" + bootEpoch;
    }

    /** The same boot in another state. */
    public Member withState(String newState) {
        return new Member(
                nodeId,
                bootEpoch,
                clusterId,
                directoryId,
                gossipAddress,
                raftAddress,
                rpcAddress,
                version,
                newState);
    }

    /** The same boot as a member of that cluster. */
    public Member withClusterId(String newClusterId) {
        return new Member(
                nodeId,
                bootEpoch,
                newClusterId,
                directoryId,
                gossipAddress,
                raftAddress,
                rpcAddress,
                version,
                state);
    }
}
