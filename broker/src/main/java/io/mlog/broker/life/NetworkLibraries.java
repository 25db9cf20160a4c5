package io.mlog.broker.life;

import io.mlog.broker.config.NodeConfig;
import io.mlog.broker.config.Secret;
import io.mlog.cluster.gossip.GossipMembership;
import io.mlog.cluster.gossip.GossipSettings;
import io.mlog.cluster.gossip.GossipTiming;
import io.mlog.cluster.gossip.wire.ClusterKey;
import io.mlog.cluster.net.BoundPort;
import io.mlog.cluster.raft.RaftSettings;
import io.mlog.cluster.raft.RatisMetadataLog;
import io.mlog.cluster.raft.ResumingMetadataLog;
import io.mlog.cluster.raft.rpc.RaftPort;
import io.mlog.core.membership.Member;
import io.mlog.core.membership.Membership;
import io.mlog.core.membership.MembershipEvent;
import io.mlog.core.metadata.MetadataImage;
import io.mlog.model.HostPort;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;

/** Raft and gossip of this machine, on ports that are taken before anything else is begun. */
public final class NetworkLibraries implements ClusterLibraries {
    private final BoundPort gossip;
    private final RaftPort raft;
    private final List<ClusterKey> keys;

    private NetworkLibraries(BoundPort gossip, RaftPort raft, List<ClusterKey> keys) {
        this.gossip = gossip;
        this.raft = raft;
        this.keys = keys;
    }

    /**
     * Takes the ports.
     *
     * @throws IOException when one cannot be had, naming the flag
     */
    public static NetworkLibraries bind(NodeConfig config) throws IOException {
        BoundPort gossip = BoundPort.bind(config.gossipAddress(), "--bind-addr");
        try {
            return new NetworkLibraries(
                    gossip,
                    RaftPort.bind(config.raftAddress()),
                    config.clusterKeys().stream().map(Secret::text).map(ClusterKey::of).toList());
        } catch (IOException | RuntimeException e) {
            gossip.close();
            throw e;
        }
    }

    @Override
    public HostPort gossipAddress() {
        return gossip.address();
    }

    @Override
    public HostPort raftAddress() {
        return raft.address();
    }

    @Override
    public Membership startGossip(
            Member self, List<HostPort> peers, Consumer<MembershipEvent> listener)
            throws IOException {
        return GossipMembership.start(
                gossip, new GossipSettings(self, peers, keys, GossipTiming.local()), listener);
    }

    @Override
    public OpenMetadata openMetadata(
            MetadataSeat seat, Consumer<MetadataImage> images, Consumer<Throwable> fatal)
            throws IOException {
        ResumingMetadataLog log =
                ResumingMetadataLog.start(settings(seat), raft, seat.peers()::get, images, fatal);
        return new OpenMetadata(log, log);
    }

    @Override
    public boolean hasMetadata(MetadataSeat seat) {
        return RatisMetadataLog.exists(settings(seat));
    }

    private static RaftSettings settings(MetadataSeat seat) {
        return RaftSettings.of(
                seat.self(),
                seat.clusterId(),
                seat.directory(),
                seat.advertised(),
                seat.founds() ? RaftSettings.Start.FOUND : RaftSettings.Start.JOIN);
    }

    @Override
    public void close() throws IOException {
        try (gossip) {
            raft.close();
        }
    }
}
