package io.mlog.cluster.gossip;

import io.mlog.cluster.gossip.wire.ClusterKey;
import io.mlog.cluster.net.BoundPort;
import io.mlog.core.membership.Member;
import io.mlog.core.membership.MemberState;
import io.mlog.core.membership.MembershipEvent;
import io.mlog.core.membership.MembershipEvent.Failed;
import io.mlog.core.membership.MembershipEvent.Joined;
import io.mlog.core.membership.MembershipEvent.Left;
import io.mlog.core.membership.MembershipEvent.Suspected;
import io.mlog.core.membership.MembershipEvent.Updated;
import io.mlog.model.HostPort;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** A membership on loopback with what it told its listener. */
final class Gossiper implements AutoCloseable {
    private static final AtomicLong EPOCHS = new AtomicLong(1000);
    private static final long WITHIN_S = 30;

    final GossipMembership membership;
    private final List<MembershipEvent> events = new ArrayList<>();
    private boolean fails;

    private Gossiper(GossipSettings settings, BoundPort port) throws IOException {
        membership = GossipMembership.start(port, settings, this::add);
    }

    /** A node of cluster C on a free port. */
    static Gossiper start(String node, Gossiper... peers) throws IOException {
        return of(node).peers(peers).start();
    }

    static Builder of(String node) {
        return new Builder(node);
    }

    static final class Builder {
        private final String node;
        private String cluster = "C";
        private String directory;
        private HostPort bind = new HostPort("127.0.0.1", 0);
        private Optional<HostPort> advertised = Optional.empty();
        private Optional<Forwarder> forwarder = Optional.empty();
        private List<HostPort> peers = List.of();
        private List<ClusterKey> keys = List.of();
        private GossipTiming timing = GossipTiming.local();

        private Builder(String node) {
            this.node = node;
            this.directory = "dir-of-" + node;
        }

        Builder cluster(String id) {
            cluster = id;
            return this;
        }

        Builder directory(String id) {
            directory = id;
            return this;
        }

        Builder at(HostPort address) {
            bind = address;
            return this;
        }

        Builder advertised(HostPort address) {
            advertised = Optional.of(address);
            return this;
        }

        Builder peers(Gossiper... gossipers) {
            peers = Arrays.stream(gossipers).map(Gossiper::address).toList();
            return this;
        }

        Builder peers(HostPort... addresses) {
            peers = List.of(addresses);
            return this;
        }

        Builder keys(String... texts) {
            keys = Arrays.stream(texts).map(ClusterKey::of).toList();
            return this;
        }

        Builder timing(GossipTiming given) {
            timing = given;
            return this;
        }

        /** Reached by others over that forwarder alone. */
        Builder behind(Forwarder forwarder) {
            this.forwarder = Optional.of(forwarder);
            return advertised(forwarder.address());
        }

        Gossiper start() throws IOException {
            BoundPort port = BoundPort.bind(bind, "--bind-addr");
            forwarder.ifPresent(each -> each.to(port.address()));
            Member self =
                    new Member(
                            node,
                            EPOCHS.incrementAndGet(),
                            cluster,
                            directory,
                            advertised.orElse(port.address()),
                            new HostPort("127.0.0.1", 9093),
                            new HostPort("127.0.0.1", 9094),
                            "0.1.0",
                            MemberState.JOINING);
            return new Gossiper(new GossipSettings(self, peers, keys, timing), port);
        }
    }

    HostPort address() {
        return membership.self().gossipAddress();
    }

    Member self() {
        return membership.self();
    }

    synchronized List<MembershipEvent> events() {
        return List.copyOf(events);
    }

    private synchronized void add(MembershipEvent event) {
        events.add(event);
        notifyAll();
        if (fails) {
            throw new IllegalStateException("a listener that fails on purpose");
        }
    }

    synchronized void failWhenTold() {
        fails = true;
    }

    /** How many boots are known besides this one, counting or not. */
    int boots() {
        return membership.boots();
    }

    /** Events, but for those that may be or not be. */
    List<MembershipEvent> sureEvents() {
        return events().stream().filter(event -> !(event instanceof Suspected)).toList();
    }

    void await(MembershipEvent event) throws Exception {
        var _ = await(event::equals);
    }

    /** Waits for an event that is like that. */
    synchronized MembershipEvent await(Predicate<MembershipEvent> like) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WITHIN_S);
        while (true) {
            Optional<MembershipEvent> found = events.stream().filter(like).findFirst();
            if (found.isPresent()) {
                return found.get();
            }
            long leftMs = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (leftMs <= 0) {
                throw new TimeoutException(
                        "node %s saw only %s".formatted(self().nodeId(), events));
            }
            wait(leftMs);
        }
    }

    /** Waits for events that are equal to these, in this order, with others between. */
    void awaitInOrder(MembershipEvent... expected) throws Exception {
        eventually(
                () -> "%s in order, among %s".formatted(Arrays.toString(expected), events()),
                () -> {
                    Iterator<MembershipEvent> seen = events().iterator();
                    return Arrays.stream(expected).allMatch(each -> skipTo(each, seen));
                });
    }

    private static boolean skipTo(MembershipEvent event, Iterator<MembershipEvent> events) {
        while (events.hasNext()) {
            if (events.next().equals(event)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Waits until these and this node are exactly the members, as they describe themselves, and the
     * listener has been told so: it hears of a change after the members show it.
     */
    Gossiper awaitMembers(Gossiper... others) throws Exception {
        eventually(
                () ->
                        "members of %s: %s; told: %s"
                                .formatted(self().nodeId(), membership.members(), events()),
                () -> {
                    Set<Member> expected =
                            Arrays.stream(others).map(Gossiper::self).collect(Collectors.toSet());
                    Set<Member> known = new HashSet<>(membership.members());
                    return known.remove(self())
                            && known.equals(expected)
                            && toldMembers().equals(expected);
                });
        return this;
    }

    /** Whom the events leave there, this node not among them. */
    private Set<Member> toldMembers() {
        Map<String, Member> there = new HashMap<>();
        for (MembershipEvent event : events()) {
            switch (event) {
                case Joined(Member member) -> there.put(member.nodeId(), member);
                case Updated(Member before, Member after) -> there.put(after.nodeId(), after);
                case Left(Member member) -> there.remove(member.nodeId());
                case Failed(Member member) -> there.remove(member.nodeId());
                case Suspected(Member member) -> {}
            }
        }
        return new HashSet<>(there.values());
    }

    static void eventually(String what, BooleanSupplier condition) throws Exception {
        eventually(() -> what, condition);
    }

    static void eventually(Supplier<String> what, BooleanSupplier condition) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WITHIN_S);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new TimeoutException("not within %d s: %s".formatted(WITHIN_S, what.get()));
            }
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    /** Goes as a process does that is killed: without a word. */
    void vanish() {
        membership.close();
    }

    @Override
    public void close() {
        membership.close();
    }
}
