package io.mlog.cluster.raft;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftConfigurationProto;
import org.apache.ratis.proto.RaftProtos.RaftPeerProto;
import org.apache.ratis.protocol.RaftPeerId;

/**
 * The voters as this node's disk last knew them. Only a hint for how long to wait before the first
 * election: a later change may still be in the log.
 *
 * @param areOnDisk false before the first of them was committed here
 */
record Voters(boolean areOnDisk, List<RaftPeerId> ids) {
    private static final String FILE = "raft-meta.conf";

    static Voters lastKnown(RaftSettings settings) throws IOException {
        Path file = settings.groupDirectory().resolve(FILE);
        if (!Files.exists(file)) {
            return new Voters(false, List.of(RaftPeerId.valueOf(settings.nodeId())));
        }
        try (InputStream in = Files.newInputStream(file)) {
            RaftConfigurationProto voters =
                    LogEntryProto.newBuilder().mergeFrom(in).build().getConfigurationEntry();
            return new Voters(
                    true,
                    voters.getPeersList().stream()
                            .map(RaftPeerProto::getId)
                            .map(RaftPeerId::valueOf)
                            .toList());
        }
    }

    /** Whether nobody else votes. */
    boolean isOnly(RaftPeerId node) {
        return ids.equals(List.of(node));
    }
}
