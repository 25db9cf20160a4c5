package io.mlog.broker.life;

import io.mlog.core.membership.Member;
import io.mlog.core.membership.MemberState;
import io.mlog.core.membership.Membership;
import io.mlog.core.membership.MembershipEvent;
import io.mlog.model.HostPort;
import io.mlog.model.PeerId;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The nodes around this one, as gossip shows them. Gossip may begin after the broker serves: until
 * then there is nobody. Any thread; guarded by its monitor, under which nothing blocks.
 */
public final class Neighbours implements Consumer<MembershipEvent>, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Neighbours.class);
    private static final long LEAVE_MS = 3000;

    private final List<Consumer<MembershipEvent>> followers = new CopyOnWriteArrayList<>();
    private volatile @Nullable Membership membership;
    private @Nullable Thread starting; // guarded by this
    private @Nullable String clusterId; // guarded by this; told once gossip has begun
    private @Nullable String state; // guarded by this; told once gossip has begun
    private boolean closed; // guarded by this

    /** Starts gossip; {@code listener} is this. */
    public interface Start {
        /** Starts, and may block for a moment. */
        Membership gossip(Consumer<MembershipEvent> listener) throws IOException;
    }

    /** Nobody yet. */
    public Neighbours() {}

    /** Starts gossip now. */
    public void begin(Start start) throws IOException {
        joinBy(start.gossip(this));
    }

    /**
     * Starts gossip on a thread of its own, for a broker that needs nobody to serve, or that others
     * will find; a failure is logged, and nobody can join by this broker then.
     */
    public synchronized void beginLater(Start start) {
        starting =
                Thread.ofPlatform()
                        .daemon()
                        .name("mlog-gossip-start")
                        .start(() -> {
                            try {
                                joinBy(start.gossip(this));
                            } catch (IOException | RuntimeException e) {
                                LOG.error("other nodes cannot join by this one: {}", e.toString());
                            }
                        });
    }

    private void joinBy(Membership started) {
        synchronized (this) {
            if (!closed) {
                if (clusterId != null) {
                    started.updateClusterId(clusterId);
                }
                if (state != null) {
                    started.updateState(state);
                }
                membership = started;
                notifyAll();
                return;
            }
        }
        started.close();
    }

    /** Passes later events on to {@code follower}, on gossip's thread, which it must not block. */
    public void follow(Consumer<MembershipEvent> follower) {
        followers.add(follower);
    }

    @Override
    public void accept(MembershipEvent event) {
        Member member = event.member();
        switch (event) {
            case MembershipEvent.Joined joined ->
                    LOG.info("node {} is there, at {}", member.nodeId(), member.gossipAddress());
            case MembershipEvent.Updated(Member before, Member after) -> {
                if (before.bootEpoch() != after.bootEpoch()) {
                    LOG.info(
                            "node {} was started again, at {}",
                            after.nodeId(),
                            after.gossipAddress());
                }
            }
            case MembershipEvent.Suspected suspected ->
                    LOG.debug("a connection to node {} broke", member.nodeId());
            case MembershipEvent.Left left ->
                    LOG.info("node {} has left ({})", member.nodeId(), member.state());
            case MembershipEvent.Failed failed ->
                    LOG.warn("node {} does not answer anybody", member.nodeId());
        }
        synchronized (this) {
            notifyAll();
        }
        followers.forEach(follower -> follower.accept(event));
    }

    /** The nodes that are there, this one included; empty before gossip has begun. */
    public List<Member> members() {
        Membership present = membership;
        return present == null ? List.of() : present.members();
    }

    /** Other live processes under this node's id, see {@link Membership#rivals}. */
    public List<Member> rivals() {
        Membership present = membership;
        return present == null ? List.of() : present.rivals();
    }

    /** Where Raft of the nodes that are there is reached, by directory. */
    public Map<PeerId, HostPort> raftPeers() {
        Map<PeerId, HostPort> peers = new HashMap<>();
        for (Member member : members()) {
            peers.put(new PeerId(member.nodeId(), member.directoryId()), member.raftAddress());
        }
        return peers;
    }

    /** Waits until {@code condition} holds or {@code patienceMs} are over; tells which. */
    public synchronized boolean await(BooleanSupplier condition, long patienceMs)
            throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(patienceMs);
        while (!condition.getAsBoolean()) {
            long leftMs = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (leftMs <= 0) {
                return false;
            }
            // Not everything that changes the answer is an event: look again after a moment.
            wait(Math.min(leftMs, 100));
        }
        return true;
    }

    /** Whether somebody that was named as a peer has answered. */
    public boolean joined() {
        Membership present = membership;
        return present != null && present.joined().isDone();
    }

    /** Tells the others which cluster this node belongs to. */
    public synchronized void belongTo(String cluster) {
        clusterId = cluster;
        Membership present = membership;
        if (present != null) {
            present.updateClusterId(cluster);
        }
    }

    /** Tells the others what this node does; see {@link MemberState}. */
    public synchronized void say(String doing) {
        state = doing;
        Membership present = membership;
        if (present != null) {
            present.updateState(doing);
        }
    }

    /** Says goodbye, where anybody is there to hear it; blocks for a few seconds at most. */
    public void sayGoodbye(String state) {
        Membership present = membership;
        if (present == null || present.members().size() < 2) {
            return;
        }
        try {
            present.updateState(state);
            present.leave().get(LEAVE_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("goodbye was not said", e);
        }
    }

    @Override
    public void close() {
        Thread unfinished;
        synchronized (this) {
            closed = true;
            unfinished = starting;
        }
        if (unfinished != null) {
            try {
                unfinished.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        Membership present = membership;
        if (present != null) {
            present.close();
        }
    }
}
