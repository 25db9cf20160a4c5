package io.mlog.cluster.raft.rpc;

import io.mlog.model.PeerId;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.apache.ratis.server.leader.FollowerInfo;
import org.apache.ratis.server.leader.LogAppender;

/**
 * What this node, while it leads, knows of those it sends its log to: how far each is, and when
 * each last confirmed the leadership. Any thread.
 *
 * <p>A confirmation counts from when its request was sent, and only when the follower answered in
 * the leader's own term: an answer that names a higher term confirms nothing.
 */
public final class Followers {
    private final Map<PeerId, LogAppender> appenders = new ConcurrentHashMap<>();
    private final Map<PeerId, Confirmation> confirmations = new ConcurrentHashMap<>();
    private final CopyOnWriteArrayList<Runnable> waiting = new CopyOnWriteArrayList<>();

    private record Confirmation(long term, long sentNanos) {
        Confirmation later(Confirmation other) {
            boolean newer =
                    other.term > term || (other.term == term && other.sentNanos - sentNanos > 0);
            return newer ? other : this;
        }
    }

    /** The state of the peer, when this node sends to it or has sent to it. */
    public Optional<FollowerInfo> info(PeerId peer) {
        return Optional.ofNullable(appenders.get(peer)).map(LogAppender::getFollower);
    }

    /** Asks everybody for a confirmation now. */
    public void heartbeat() {
        appenders.values().forEach(LogAppender::triggerHeartbeat);
    }

    /**
     * Tells idle followers at once how far the log is committed. Ratis lets them wait for the next
     * heartbeat, and with them everybody who waits for a command to be applied there.
     */
    public void tellCommitted(long index) {
        for (LogAppender appender : appenders.values()) {
            if (appender.getFollower().getCommitIndex() < index && !appender.hasAppendEntries()) {
                appender.triggerHeartbeat();
            }
        }
    }

    /**
     * Since when, in {@link System#nanoTime}, the peer has not confirmed that this node leads in
     * that term; empty when it never has.
     */
    public Optional<Long> confirmedNanos(PeerId peer, long term) {
        return Optional.ofNullable(confirmations.get(peer))
                .filter(confirmation -> confirmation.term() == term)
                .map(Confirmation::sentNanos);
    }

    /**
     * Peers that confirmed the leadership of that term with what was sent at {@code sinceNanos} or
     * later.
     */
    public Predicate<PeerId> confirmedSince(long term, long sinceNanos) {
        return peer ->
                confirmedNanos(peer, term).filter(sent -> sent - sinceNanos >= 0).isPresent();
    }

    /** Runs {@code check} at every confirmation, until {@link #forget}; it must not block. */
    public void onConfirmation(Runnable check) {
        waiting.add(check);
    }

    /** Ends {@link #onConfirmation}. */
    public void forget(Runnable check) {
        waiting.remove(check);
    }

    void appending(LogAppender appender) {
        appenders.put(RaftIds.of(appender.getFollowerId()), appender);
    }

    void confirmed(PeerId peer, long term, long sentNanos) {
        Confirmation confirmation = new Confirmation(term, sentNanos);
        confirmations.merge(peer, confirmation, Confirmation::later);
        waiting.forEach(Runnable::run);
    }
}
