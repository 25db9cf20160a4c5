package io.mlog.broker.life;

import io.mlog.core.metadata.MetadataQuorum;
import io.mlog.core.metadata.QuorumChange;
import io.mlog.core.metadata.QuorumLeadership;
import io.mlog.core.metadata.QuorumListener;
import io.mlog.core.metadata.QuorumMember;
import io.mlog.core.metadata.QuorumView;
import io.mlog.model.HostPort;
import io.mlog.model.PeerId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A quorum that is whatever a test says. */
final class FakeQuorum implements MetadataQuorum {
    private final PeerId self;
    private final Map<PeerId, Long> silentMs = new ConcurrentHashMap<>();
    final List<PeerId> transfers = new CopyOnWriteArrayList<>();
    volatile QuorumLeadership leadership = new QuorumLeadership(1, Optional.empty(), false);
    volatile long ownSilenceMs;

    FakeQuorum(PeerId self) {
        this.self = self;
    }

    /** The voter last answered so long ago. */
    void silent(PeerId voter, long ms) {
        silentMs.put(voter, ms);
    }

    /** This node leads in that term. */
    QuorumLeadership lead(long term) {
        leadership = new QuorumLeadership(term, Optional.of(self), true);
        return leadership;
    }

    /** Somebody else leads in that term. */
    QuorumLeadership follow(long term) {
        leadership = new QuorumLeadership(term, Optional.empty(), false);
        return leadership;
    }

    @Override
    public PeerId self() {
        return self;
    }

    @Override
    public QuorumLeadership quorumLeadership() {
        return leadership;
    }

    @Override
    public QuorumView view() {
        List<QuorumMember> members = new ArrayList<>();
        members.add(member(self, 0));
        silentMs.forEach((peer, silent) -> members.add(member(peer, silent)));
        return new QuorumView(leadership, 10, true, members);
    }

    private static QuorumMember member(PeerId peer, long silent) {
        return new QuorumMember(
                peer,
                new HostPort("127.0.0.1", 1),
                true,
                OptionalLong.of(10),
                OptionalLong.of(silent));
    }

    @Override
    public CompletableFuture<Void> change(QuorumView present, QuorumChange change) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<Void> transferLeadership(PeerId to) {
        transfers.add(to);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void listen(QuorumListener listener) {
        listener.leadershipChanged(leadership);
    }

    @Override
    public long silentMs() {
        return ownSilenceMs;
    }
}
