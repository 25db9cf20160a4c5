package io.mlog.cluster.raft;

import io.mlog.model.HostPort;
import io.mlog.model.PeerId;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.UUID;
import org.apache.ratis.protocol.RaftGroupId;

/**
 * What a node's metadata log is told.
 *
 * @param self the node's name among the peers
 * @param clusterId permanent name of the cluster: logs of two clusters never mix
 * @param directory where the log and its snapshots are kept
 * @param advertised Raft address that other nodes are told
 * @param start what a directory without a log becomes
 * @param submitTimeoutMs how long a command may take until its outcome is called unknown, 1 or more
 * @param maxPending most commands that may wait at once, 1 or more
 * @param snapshotEvery log entries after which a snapshot is taken, 1 or more
 * @param lastCommandsMs how long a close waits for commands that are under way, 1 or more
 */
public record RaftSettings(
        PeerId self,
        String clusterId,
        Path directory,
        HostPort advertised,
        Start start,
        int submitTimeoutMs,
        int maxPending,
        int snapshotEvery,
        int lastCommandsMs) {
    /** What a directory without a log becomes; one with a log goes on where it was. */
    public enum Start {
        /** A quorum of this node alone: the beginning of a cluster. */
        FOUND,
        /** Nothing yet: the node waits until the leader of the cluster adds it. */
        JOIN
    }

    public RaftSettings {
        if (clusterId.isEmpty()) {
            throw new IllegalArgumentException("the cluster id must be given");
        }
        atLeastOne("submit timeout in ms", submitTimeoutMs);
        atLeastOne("number of pending commands", maxPending);
        atLeastOne("number of entries between snapshots", snapshotEvery);
        atLeastOne("time for the last commands in ms", lastCommandsMs);
    }

    /** 10 s, 1024 pending, a snapshot every 5000 entries, a second for the last commands. */
    public static RaftSettings of(
            PeerId self, String clusterId, Path directory, HostPort advertised, Start start) {
        return new RaftSettings(
                self, clusterId, directory, advertised, start, 10_000, 1024, 5000, 1000);
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
