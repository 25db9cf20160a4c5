package io.mlog.cluster.raft;

import io.mlog.model.HostPort;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.UUID;
import org.apache.ratis.protocol.RaftGroupId;

/**
 * What a node's metadata log is told.
 *
 * @param nodeId name of the node, its name among the voters
 * @param clusterId permanent name of the cluster: logs of two clusters never mix
 * @param directory where the log and its snapshots are kept
 * @param advertised Raft address that other nodes are told
 * @param submitTimeoutMs how long a command may take until its outcome is called unknown, 1 or more
 * @param maxPending most commands that may wait at once, 1 or more
 * @param snapshotEvery log entries after which a snapshot is taken, 1 or more
 */
public record RaftSettings(
        String nodeId,
        String clusterId,
        Path directory,
        HostPort advertised,
        int submitTimeoutMs,
        int maxPending,
        int snapshotEvery) {
    public RaftSettings {
        if (nodeId.isEmpty() || clusterId.isEmpty()) {
            throw new IllegalArgumentException(
                    "node id '" + nodeId + "' and cluster id '" + clusterId + "' must be given");
        }
        atLeastOne("submit timeout in ms", submitTimeoutMs);
        atLeastOne("number of pending commands", maxPending);
        atLeastOne("number of entries between snapshots", snapshotEvery);
    }

    /** 10 s, 1024 pending, a snapshot every 5000 entries. */
    public static RaftSettings of(
            String nodeId, String clusterId, Path directory, HostPort advertised) {
        return new RaftSettings(nodeId, clusterId, directory, advertised, 10_000, 1024, 5000);
    }

    /** The Raft group: a directory of its name holds the log. */
    RaftGroupId group() {
        return RaftGroupId.valueOf(
                UUID.nameUUIDFromBytes(("mlog " + clusterId).getBytes(StandardCharsets.UTF_8)));
    }

    /** Where Ratis keeps the group. */
    Path groupDirectory() {
        return directory.resolve(group().getUuid().toString()).resolve("current");
    }

    private static void atLeastOne(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(
                    "the " + name + " is " + value + ", must be 1 or more");
        }
    }
}
