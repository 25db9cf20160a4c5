package io.mlog.cluster.raft;

import io.mlog.model.PeerId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftConfigurationProto;
import org.apache.ratis.proto.RaftProtos.RaftPeerProto;
import org.apache.ratis.protocol.RaftPeerId;

/**
 * What this node's disk says about the quorum before the log is opened.
 *
 * <p>Ratis keeps the last configuration that was applied; a later one may still be in the log. A
 * directory that began to join is marked, so that it can never found a second cluster under the
 * first one's name, whatever it is told at later starts.
 *
 * @param voters as last applied here; empty before the first
 * @param founds whether this node, having no log, is to be the whole quorum
 */
record StoredQuorum(List<PeerId> voters, boolean founds) {
    private static final String CONFIGURATION = "raft-meta.conf";
    private static final String JOINS = "joins";

    /**
     * Reads, and marks a directory that begins to join.
     *
     * @throws IOException when the disk contradicts how the node is to start
     */
    static StoredQuorum open(RaftSettings settings) throws IOException {
        Path configuration = settings.groupDirectory().resolve(CONFIGURATION);
        if (Files.exists(configuration)) {
            return new StoredQuorum(votersIn(configuration), false);
        }
        Path mark = settings.directory().resolve(JOINS);
        return switch (settings.start()) {
            case FOUND -> {
                if (Files.exists(mark)) {
                    throw new IOException(
                            "%s belongs to a node that was to join cluster %s and has not yet been added: start it with the address of a node of that cluster, or remove its data directory"
                                    .formatted(settings.directory(), settings.clusterId()));
                }
                yield new StoredQuorum(List.of(), true);
            }
            case JOIN -> {
                if (!Files.exists(mark)) {
                    begin(mark, settings);
                }
                yield new StoredQuorum(List.of(), false);
            }
        };
    }

    /** Whether nobody else votes: nobody could answer then, so nobody need be given time. */
    boolean isOnlyVoter(PeerId node) {
        return founds || voters.equals(List.of(node));
    }

    private static void begin(Path mark, RaftSettings settings) throws IOException {
        if (Files.exists(settings.groupDirectory())) {
            throw new IOException(
                    "%s belongs to a node that began to found cluster %s: it cannot join one; remove its data directory"
                            .formatted(settings.directory(), settings.clusterId()));
        }
        Files.createFile(mark);
        try (FileChannel directory =
                FileChannel.open(settings.directory(), StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    private static List<PeerId> votersIn(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            RaftConfigurationProto configuration =
                    LogEntryProto.newBuilder().mergeFrom(in).build().getConfigurationEntry();
            List<PeerId> voters = new ArrayList<>();
            for (RaftPeerProto peer : configuration.getPeersList()) {
                voters.add(PeerId.parse(RaftPeerId.valueOf(peer.getId()).toString()));
            }
            return voters;
        } catch (IllegalArgumentException e) {
            throw new IOException(
                    "%s: %s; the directory was written by another build"
                            .formatted(file, e.getMessage()),
                    e);
        }
    }
}
