package io.mlog.cluster.gossip;

import io.mlog.cluster.gossip.wire.Boot;
import io.mlog.cluster.gossip.wire.GossipTransport;
import io.mlog.core.membership.Member;
import io.mlog.model.HostPort;
import io.scalecube.cluster.Cluster;
import io.scalecube.cluster.ClusterImpl;
import io.scalecube.cluster.ClusterMessageHandler;
import io.scalecube.cluster.membership.MembershipEvent;
import io.scalecube.cluster.metadata.MetadataCodec;
import io.scalecube.cluster.transport.api.Message;
import io.scalecube.cluster.transport.api.MessageCodec;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * scalecube-cluster, configured. It has one thread of its own, on which it tells the {@link Roster}
 * of boots. It is given no seeds: whom it does not know is introduced to it by {@link Joining}.
 */
final class SwimLibrary {
    private static final Duration START = Duration.ofSeconds(10);
    private static final Logger LOG = LoggerFactory.getLogger(SwimLibrary.class);

    private final ClusterImpl cluster;

    SwimLibrary(Member self, GossipTiming timing, GossipTransport transport, Roster roster) {
        cluster =
                new ClusterImpl()
                        .config(config ->
                                config.memberId(self.id())
                                        .memberAlias(self.nodeId())
                                        .metadata(TagsCodec.encode(self))
                                        .metadataCodec(new Tags())
                                        .metadataTimeout(timing.tagsTimeoutMs()))
                        .transport(config ->
                                config.transportFactory(ours -> transport)
                                        .messageCodec(new NoCodec()))
                        .failureDetector(config ->
                                config.pingInterval(timing.pingIntervalMs())
                                        .pingTimeout(timing.pingTimeoutMs())
                                        .pingReqMembers(2))
                        .gossip(config ->
                                config.gossipInterval(timing.gossipIntervalMs())
                                        .gossipFanout(3)
                                        .gossipRepeatMult(3))
                        .membership(config ->
                                config.syncInterval(timing.syncIntervalMs())
                                        .suspicionMult(timing.suspicionMult())
                                        .namespace(GossipTransport.NAMESPACE))
                        .handler(started -> new Events(roster));
    }

    /** Blocks for a moment. */
    void start() {
        Cluster started = cluster.start().block(START);
        if (started == null) {
            throw new IllegalStateException("the gossip library did not start");
        }
    }

    /** Completes when most others have likely heard of the new tags. */
    CompletableFuture<Void> describe(byte[] tags) {
        CompletableFuture<Void> spread = cluster.updateMetadata(tags).toFuture();
        spread.exceptionally(e -> {
            LOG.debug("tags were not spread", e);
            return null;
        });
        return spread;
    }

    /** Says goodbye and stops. */
    CompletableFuture<Void> leave() {
        cluster.shutdown();
        return cluster.onShutdown().toFuture();
    }

    /**
     * Stops, and does not wait for it. The library cannot go without a goodbye; it is for whoever
     * calls this to send no more.
     */
    void stop() {
        cluster.shutdown();
    }

    private record Events(Roster roster) implements ClusterMessageHandler {
        @Override
        public void onMembershipEvent(MembershipEvent event) {
            Boot boot = Boot.parse(event.member().id(), HostPort.parse(event.member().address()));
            switch (event.type()) {
                case ADDED, UPDATED -> {
                    // Without tags it said goodbye before it could be asked who it is.
                    if (event.newMetadata() != null) {
                        roster.present(boot, bytes(event.newMetadata()));
                    }
                }
                case LEAVING -> roster.left(boot);
                case REMOVED -> roster.gone(boot);
            }
        }

        private static byte[] bytes(ByteBuffer tags) {
            byte[] bytes = new byte[tags.remaining()];
            tags.duplicate().get(bytes);
            return bytes;
        }
    }

    /** Tags are bytes to the library. */
    private static final class Tags implements MetadataCodec {
        @Override
        public Object deserialize(ByteBuffer buffer) {
            throw new IllegalStateException("tags are read by us");
        }

        @Override
        public ByteBuffer serialize(Object tags) {
            return ByteBuffer.wrap((byte[]) tags);
        }
    }

    /** In place of the library's own, which deserialises any Java object. */
    private static final class NoCodec implements MessageCodec {
        @Override
        public Message deserialize(InputStream in) {
            throw new IllegalStateException("messages are read by our transport");
        }

        @Override
        public void serialize(Message message, OutputStream out) {
            throw new IllegalStateException("messages are written by our transport");
        }
    }
}
