package io.mlog.cluster.gossip;

import io.mlog.cluster.gossip.wire.Boot;
import io.mlog.cluster.gossip.wire.GossipTransport;
import io.mlog.cluster.gossip.wire.Letter;
import io.mlog.cluster.gossip.wire.OncePerMinute;
import io.mlog.cluster.gossip.wire.Packet;
import io.mlog.cluster.gossip.wire.Packet.Ping;
import io.mlog.cluster.gossip.wire.Packet.Rumour;
import io.mlog.cluster.gossip.wire.Packet.Sync;
import io.mlog.cluster.gossip.wire.Packet.TagsAnswer;
import io.mlog.cluster.gossip.wire.Packet.TagsRequest;
import io.mlog.cluster.gossip.wire.Refusal;
import io.mlog.cluster.gossip.wire.Sighting;
import io.mlog.cluster.gossip.wire.Sighting.Status;
import io.mlog.core.membership.Member;
import io.mlog.core.membership.MemberState;
import io.mlog.core.membership.MembershipEvent;
import io.mlog.core.membership.MembershipEvent.Failed;
import io.mlog.core.membership.MembershipEvent.Joined;
import io.mlog.core.membership.MembershipEvent.Left;
import io.mlog.core.membership.MembershipEvent.Suspected;
import io.mlog.core.membership.MembershipEvent.Updated;
import io.mlog.model.HostPort;
import java.io.EOFException;
import java.io.IOException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Introduces this node to others as {@link Introductions} decides, on a virtual thread of its own,
 * and tells the operator when that gets nowhere. An introduction is the library's message by which
 * two members tell each other all they know.
 */
final class Joining implements AutoCloseable {
    private static final int FAILURES_BEFORE_A_LINE = 4;
    private static final long END_MS = 1_000;
    private static final Logger LOG = LoggerFactory.getLogger(Joining.class);

    private final Introductions introductions;
    private final GossipTransport transport;
    private final Supplier<Member> self;
    private final Supplier<Roster.View> view;
    private final long describeMs;
    private final OncePerMinute complaints = new OncePerMinute(LOG, System::nanoTime);
    private final long startNanos = System.nanoTime();
    private final AtomicInteger incarnation = new AtomicInteger();
    private final Semaphore wakeUps = new Semaphore(0);
    private final CompletableFuture<Void> joined = new CompletableFuture<>();
    private final Thread thread =
            Thread.ofVirtual().name("gossip-joining").unstarted(this::introduceAll);
    private volatile @Nullable Answer firstAnswer;
    private volatile boolean closed;

    /** Whom the first one who answered knows, and until when they are waited for. */
    private record Answer(Set<String> boots, long untilMs) {}

    /**
     * @param describeMs time in which the members that a peer knows will have described themselves
     */
    Joining(
            Introductions introductions,
            GossipTransport transport,
            Supplier<Member> self,
            Supplier<Roster.View> view,
            long describeMs) {
        this.introductions = introductions;
        this.transport = transport;
        this.self = self;
        this.view = view;
        this.describeMs = describeMs;
    }

    void start() {
        thread.start();
    }

    /** See {@link io.mlog.core.membership.Membership#joined}. */
    CompletableFuture<Void> joined() {
        return joined.copy();
    }

    /** Somebody came or went. */
    void follow(MembershipEvent event) {
        Member member = event.member();
        switch (event) {
            case Joined joinedNow -> introductions.isThere(member.nodeId());
            case Updated updated -> introductions.isThere(member.nodeId());
            case Left left -> {
                if (!member.state().equals(MemberState.LEAVING)) {
                    wentAway(member);
                }
            }
            case Failed failed -> wentAway(member);
            case Suspected suspected -> {
                // It is still there.
            }
        }
        wakeUps.release();
    }

    /** A letter arrived, from anyone. */
    void received(Letter letter) {
        if (letter.packet() instanceof Sync sync && sync.isAnswer()) {
            introductions.answered();
            if (firstAnswer == null) {
                firstAnswer = new Answer(others(sync), nowMs() + describeMs);
                wakeUps.release();
            }
        }
    }

    /**
     * The library tells others of this node: an introduction with a lower incarnation would not
     * clear it of a suspicion.
     */
    void sending(Packet packet) {
        switch (packet) {
            case Sync sync -> sync.sightings().forEach(this::learnIncarnation);
            case Rumour rumour -> learnIncarnation(rumour.sighting());
            case Ping ping -> {
                // Tells nothing of incarnations.
            }
            case TagsRequest request -> {
                // Nor does this.
            }
            case TagsAnswer answer -> {
                // Nor does this.
            }
        }
    }

    private void learnIncarnation(Sighting sighting) {
        if (sighting.boot().id().equals(self.get().id())) {
            incarnation.accumulateAndGet(sighting.incarnation(), Math::max);
        }
    }

    /** A peer does not take our letters. */
    void refused(HostPort peer, Refusal refusal) {
        if (refusal == Refusal.OURSELVES) {
            introductions.isSelf(peer);
            wakeUps.release();
        } else {
            introductions.refused(peer);
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        joined.cancel(false);
        try {
            thread.join(END_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void wentAway(Member member) {
        introductions.wentAway(member.nodeId(), member.gossipAddress(), nowMs());
    }

    private Set<String> others(Sync sync) {
        return sync.sightings().stream()
                .filter(sighting -> sighting.status() == Status.ALIVE)
                .map(sighting -> sighting.boot().id())
                .filter(id -> !id.equals(self.get().id()))
                .collect(Collectors.toSet());
    }

    private void introduceAll() {
        try {
            while (!closed) {
                long nowMs = nowMs();
                Set<HostPort> present = present();
                introductions.due(nowMs, present).forEach(this::introduce);
                if (present.isEmpty()) {
                    introductions.silent(nowMs).forEach(this::complainOfSilence);
                }
                checkJoined(nowMs);
                var _ = wakeUps.tryAcquire(waitMs(nowMs), TimeUnit.MILLISECONDS);
                wakeUps.drainPermits();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void introduce(HostPort address) {
        Member me = self.get();
        Boot boot = new Boot(me.nodeId(), me.bootEpoch(), me.gossipAddress());
        Sync introduction =
                new Sync(false, List.of(new Sighting(boot, Status.ALIVE, incarnation.get())));
        transport
                .introduce(address, introduction)
                .whenComplete((done, e) -> {
                    if (e == null) {
                        introductions.delivered(address, nowMs());
                    } else {
                        undelivered(address, e);
                    }
                });
    }

    private void undelivered(HostPort address, Throwable cause) {
        introductions.undelivered(address);
        LOG.debug("gossip did not reach {}: {}", address, cause.toString());
        if (introductions.isPeer(address)
                && introductions.failures(address) >= FAILURES_BEFORE_A_LINE) {
            complaints.warn(
                    address.toString(),
                    "no answer from peer %s: %s; trying again".formatted(address, words(cause)));
        }
    }

    private void complainOfSilence(HostPort address) {
        complaints.warn(
                address.toString(),
                "peer %s takes our gossip and no answer arrives: can it reach us at %s (--advertise-addr)? Trying again"
                        .formatted(address, self.get().gossipAddress()));
    }

    private void checkJoined(long nowMs) {
        Answer answer = firstAnswer;
        if (introductions.hasNoPeers()
                || (answer != null
                        && (nowMs >= answer.untilMs
                                || view.get().boots().containsAll(answer.boots)))) {
            joined.complete(null);
        }
    }

    private long waitMs(long nowMs) {
        Answer answer = firstAnswer;
        long wait = introductions.waitMs(nowMs);
        return answer == null || joined.isDone()
                ? wait
                : Math.clamp(answer.untilMs - nowMs, 1, wait);
    }

    private Set<HostPort> present() {
        String nodeId = self.get().nodeId();
        return view.get().members().stream()
                .filter(member -> !member.nodeId().equals(nodeId))
                .map(Member::gossipAddress)
                .collect(Collectors.toSet());
    }

    private long nowMs() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
    }

    private static String words(Throwable cause) {
        String message = cause.getMessage();
        return switch (cause) {
            case UnknownHostException unknown -> "the host is not known";
            case EOFException end -> "it closed the connection";
            case IOException failed when message != null -> message;
            default -> cause.toString();
        };
    }
}
