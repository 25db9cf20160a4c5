package io.mlog.cluster.gossip;

import io.mlog.cluster.gossip.wire.Correspondence;
import io.mlog.cluster.gossip.wire.GossipTransport;
import io.mlog.cluster.gossip.wire.Letter;
import io.mlog.cluster.gossip.wire.Packet;
import io.mlog.cluster.gossip.wire.Refusal;
import io.mlog.cluster.gossip.wire.WireSettings;
import io.mlog.cluster.net.BoundPort;
import io.mlog.core.membership.Member;
import io.mlog.core.membership.Membership;
import io.mlog.core.membership.MembershipEvent;
import io.mlog.model.HostPort;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Membership by scalecube-cluster, which pings, suspects and spreads news (SWIM), over our wire.
 * Here its boots become nodes ({@link Roster}), and this node is introduced to others ({@link
 * Joining}); decisions about who counts are {@link io.mlog.core.membership.MemberTable}'s.
 */
public final class GossipMembership implements Membership {
    private static final long SPREAD_MS = 1_500;
    private static final long LEAVE_MS = 5_000;

    private final Roster roster;
    private final Joining joining;
    private final GossipTransport transport;
    private final SwimLibrary library;
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile Member self;
    private CompletableFuture<Void> lastSpread = CompletableFuture.completedFuture(null);
    private @Nullable CompletableFuture<Void> leaving;

    private GossipMembership(
            BoundPort port, GossipSettings settings, Consumer<MembershipEvent> listener) {
        self = settings.self();
        Introductions introductions = new Introductions(settings.peers());
        introductions.isSelf(self.gossipAddress());
        introductions.isSelf(port.address());
        transport =
                new GossipTransport(
                        port,
                        new WireSettings(self.gossipAddress(), settings.keys()),
                        new Letters());
        joining =
                new Joining(
                        introductions,
                        transport,
                        this::self,
                        this::view,
                        settings.timing().tagsTimeoutMs());
        roster =
                new Roster(
                        self,
                        event -> {
                            joining.follow(event);
                            listener.accept(event);
                        });
        library = new SwimLibrary(self, settings.timing(), transport, roster);
    }

    /**
     * Starts gossip: from here on others can join by this node, and it keeps trying to join by its
     * peers. Blocks for a moment, not until it has joined.
     *
     * @param port where this node listens; closed with the membership, also when the start fails
     * @param listener see {@link Membership}
     * @throws IOException when the library cannot start
     */
    public static GossipMembership start(
            BoundPort port, GossipSettings settings, Consumer<MembershipEvent> listener)
            throws IOException {
        GossipMembership membership = new GossipMembership(port, settings, listener);
        try {
            membership.library.start();
        } catch (RuntimeException e) {
            membership.close();
            throw new IOException("gossip on %s did not start: %s".formatted(port.address(), e), e);
        }
        membership.joining.start();
        return membership;
    }

    @Override
    public Member self() {
        return self;
    }

    @Override
    public List<Member> members() {
        return roster.view().members();
    }

    @Override
    public List<Member> rivals() {
        return roster.view().rivals();
    }

    /** How many boots are known besides this one, those included that are no members. */
    int boots() {
        return view().boots().size();
    }

    @Override
    public CompletableFuture<Void> joined() {
        return joining.joined();
    }

    @Override
    public synchronized void updateState(String state) {
        describe(self.withState(state));
    }

    @Override
    public synchronized void updateClusterId(String clusterId) {
        if (!self.clusterId().isEmpty() && !self.clusterId().equals(clusterId)) {
            throw new IllegalStateException(
                    "node %s is of cluster %s and cannot become one of %s"
                            .formatted(self.nodeId(), self.clusterId(), clusterId));
        }
        describe(self.withClusterId(clusterId));
    }

    private Roster.View view() {
        return roster.view();
    }

    private void describe(Member described) {
        byte[] tags = TagsCodec.encode(described);
        self = described;
        roster.describeSelf(described);
        lastSpread = library.describe(tags);
    }

    @Override
    public synchronized CompletableFuture<Void> leave() {
        if (leaving == null) {
            leaving =
                    lastSpread
                            .copy()
                            .completeOnTimeout(null, SPREAD_MS, TimeUnit.MILLISECONDS)
                            .handle((done, e) -> null)
                            .thenCompose(spread -> library.leave())
                            .completeOnTimeout(null, LEAVE_MS, TimeUnit.MILLISECONDS);
        }
        return leaving.copy();
    }

    /** The library's own thread ends by itself, within a second after this has returned. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        joining.close();
        transport.close();
        library.stop();
        roster.close();
        try {
            transport.awaitEnd();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What comes over the wire, before the library sees it. */
    private final class Letters implements Correspondence {
        @Override
        public String clusterId() {
            return self.clusterId();
        }

        @Override
        public Optional<Packet> admit(Letter letter) {
            Optional<Packet> admitted =
                    Doorkeeper.admit(self, roster.view().boots(), letter.packet());
            joining.received(letter);
            return admitted;
        }

        @Override
        public void sending(Packet packet) {
            joining.sending(packet);
        }

        @Override
        public void broken(HostPort peer) {
            roster.broken(peer);
        }

        @Override
        public void refused(HostPort peer, Refusal refusal) {
            joining.refused(peer, refusal);
        }
    }
}
