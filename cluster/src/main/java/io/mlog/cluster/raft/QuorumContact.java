package io.mlog.cluster.raft;

import io.mlog.cluster.raft.rpc.Followers;
import io.mlog.cluster.raft.rpc.RaftIds;
import io.mlog.model.PeerId;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftConfiguration;

/**
 * When this node was last in contact with the quorum, and whether it leads at this moment. A leader
 * knows only what a majority told it after it asked: until then another one may lead already. Ratis
 * itself takes a confirmation of some earlier moment for one of now when the commit index has not
 * moved, so it is not asked. Any thread.
 */
final class QuorumContact {
    /** This node did not lead, or not yet, when it was asked. */
    static final class NotLeadingException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NotLeadingException() {
            super("this node does not lead the metadata", null, false, false);
        }
    }

    private final RatisServer server;
    private final Followers followers;
    private final AtomicLong heardNanos = new AtomicLong(System.nanoTime());
    private volatile long ledTerm = -1;

    QuorumContact(RatisServer server, Followers followers) {
        this.server = server;
        this.followers = followers;
    }

    /** The leader was heard. */
    void heard() {
        heardNanos.set(System.nanoTime());
    }

    /** This node leads in that term: a majority has voted for it. */
    void led(long term) {
        ledTerm = term;
        heard();
    }

    /** Ms since the leader was heard, or since a majority confirmed that this node leads. */
    long silentMs() {
        long now = System.nanoTime();
        RaftConfiguration configuration = server.configuration();
        long asLeader =
                Math.max(
                        silentNanos(configuration.getCurrentPeers(), now),
                        configuration.getPreviousPeers().isEmpty()
                                ? 0
                                : silentNanos(configuration.getPreviousPeers(), now));
        return TimeUnit.NANOSECONDS.toMillis(
                Math.max(0, Math.min(now - heardNanos.get(), asLeader)));
    }

    /**
     * Done once a majority has confirmed that this node leads, with the commit index as it was at
     * the call. Fails with {@link NotLeadingException}; whoever waits bounds the wait.
     */
    CompletableFuture<Long> committed() {
        long term = server.info().getCurrentTerm();
        if (!server.info().isLeaderReady()) {
            return CompletableFuture.failedFuture(new NotLeadingException());
        }
        long index = server.log().getLastCommittedIndex();
        long sinceNanos = System.nanoTime();
        CompletableFuture<Long> committed = new CompletableFuture<>();
        Runnable check =
                () -> {
                    if (isMajority(followers.confirmedSince(term, sinceNanos))) {
                        committed.complete(index);
                    }
                };
        followers.onConfirmation(check);
        committed.whenComplete((done, failure) -> followers.forget(check));
        check.run();
        if (!committed.isDone()) {
            followers.heartbeat();
        }
        return committed;
    }

    /**
     * Whether these, with this node, are a majority of the voters, of both sets during a change.
     */
    private boolean isMajority(Predicate<PeerId> confirmed) {
        RaftConfiguration configuration = server.configuration();
        return isMajorityOf(configuration.getCurrentPeers(), confirmed)
                && isMajorityOf(configuration.getPreviousPeers(), confirmed);
    }

    private boolean isMajorityOf(Collection<RaftPeer> voters, Predicate<PeerId> confirmed) {
        long with =
                voters.stream()
                        .map(RaftPeer::getId)
                        .filter(id -> id.equals(server.id()) || confirmed.test(RaftIds.of(id)))
                        .count();
        return voters.isEmpty() || with > voters.size() / 2;
    }

    /** Since when no majority of these has confirmed the last leadership of this node. */
    private long silentNanos(Collection<RaftPeer> voters, long now) {
        long[] silent =
                voters.stream()
                        .map(RaftPeer::getId)
                        .mapToLong(id -> silentNanos(id, now))
                        .sorted()
                        .toArray();
        return silent.length == 0 ? Long.MAX_VALUE : silent[silent.length / 2];
    }

    private long silentNanos(RaftPeerId voter, long now) {
        if (voter.equals(server.id())) {
            return server.info().isLeader() ? 0 : Long.MAX_VALUE;
        }
        return followers
                .confirmedNanos(RaftIds.of(voter), ledTerm)
                .map(sent -> now - sent)
                .orElse(Long.MAX_VALUE);
    }
}
