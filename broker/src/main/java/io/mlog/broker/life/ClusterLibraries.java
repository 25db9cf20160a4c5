package io.mlog.broker.life;

import io.mlog.core.membership.Member;
import io.mlog.core.membership.Membership;
import io.mlog.core.membership.MembershipEvent;
import io.mlog.core.metadata.MetadataImage;
import io.mlog.core.metadata.MetadataLog;
import io.mlog.core.metadata.MetadataQuorum;
import io.mlog.model.HostPort;
import io.mlog.model.PeerId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What holds a cluster together, by libraries: gossip and Raft in production, stand-ins in tests.
 * Its ports are bound when it is made; each kind is opened once.
 */
public interface ClusterLibraries extends AutoCloseable {
    /** Where gossip listens, with the port that was bound. */
    HostPort gossipAddress();

    /** Where Raft listens, with the port that was bound. */
    HostPort raftAddress();

    /**
     * Starts gossip.
     *
     * @param self this node as it describes itself first
     * @param peers gossip addresses to join by
     * @param listener see {@link Membership}
     * @throws IOException when it cannot start; the message says what to do
     */
    Membership startGossip(Member self, List<HostPort> peers, Consumer<MembershipEvent> listener)
            throws IOException;

    /**
     * Opens the metadata log.
     *
     * @param images told each new image, in order, on the apply thread
     * @param fatal told once when the log cannot go on
     * @throws IOException when the directory cannot be used; the message says what to do
     */
    OpenMetadata openMetadata(
            MetadataSeat seat, Consumer<MetadataImage> images, Consumer<Throwable> fatal)
            throws IOException;

    /**
     * This node's place in the metadata quorum.
     *
     * @param directory where the log is kept
     * @param self this node with its data directory
     * @param advertised Raft address that others are told
     * @param founds whether a directory without a log becomes a quorum of this node alone; else it
     *     waits to be added to the cluster's
     * @param peers where the others are now
     */
    record MetadataSeat(
            Path directory,
            PeerId self,
            String clusterId,
            HostPort advertised,
            boolean founds,
            Supplier<Map<PeerId, HostPort>> peers) {}

    /** Whether the directory holds a metadata log of the cluster. */
    boolean hasMetadata(MetadataSeat seat);

    /** The log, and the quorum that keeps it: two sides of one thing, closed by the log. */
    record OpenMetadata(MetadataLog log, MetadataQuorum quorum) {}

    /** Gives the ports back that nothing was opened on. */
    @Override
    void close() throws IOException;
}
