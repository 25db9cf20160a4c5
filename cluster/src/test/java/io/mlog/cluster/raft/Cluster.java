package io.mlog.cluster.raft;

import io.mlog.cluster.raft.rpc.RaftPort;
import io.mlog.core.metadata.CommandResult;
import io.mlog.core.metadata.ImageCodec;
import io.mlog.core.metadata.MetadataCommand;
import io.mlog.core.metadata.MetadataImage;
import io.mlog.core.metadata.QuorumChange;
import io.mlog.core.metadata.QuorumLeadership;
import io.mlog.core.metadata.QuorumListener;
import io.mlog.core.metadata.QuorumMember;
import io.mlog.core.metadata.QuorumView;
import io.mlog.model.HostPort;
import io.mlog.model.PeerId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Several nodes in one JVM, each with its metadata log, on loopback. Every way from one node to
 * another goes through a {@link Relay}. A node takes a new port at each start unless told
 * otherwise.
 */
final class Cluster implements AutoCloseable {
    static final String CLUSTER_ID = "cluster-a";

    private final Path root;
    private final int snapshotEvery;
    private final int submitTimeoutMs;
    private final int lastCommandsMs;
    private final Map<String, Member> members = new ConcurrentHashMap<>();
    private final Map<String, Relay> relays = new ConcurrentHashMap<>();
    private final List<Thread> closing = new CopyOnWriteArrayList<>();
    private final AtomicInteger directories = new AtomicInteger();
    final List<Throwable> fatal = new CopyOnWriteArrayList<>();

    /** A node, running or not. */
    final class Member {
        final String name;
        final PeerId peer;
        final Path directory;
        final List<MetadataImage> images = new CopyOnWriteArrayList<>();
        final List<QuorumLeadership> leaderships = new CopyOnWriteArrayList<>();
        final List<PeerId> lost = new CopyOnWriteArrayList<>();
        volatile boolean removed;
        volatile HostPort address = new HostPort("127.0.0.1", 1);
        private volatile @Nullable RatisMetadataLog running;

        private Member(String name) {
            this.name = name;
            int number = directories.incrementAndGet();
            peer = new PeerId(name, "dir-" + number);
            directory = root.resolve(name + "-" + number);
        }

        private void start(RaftSettings.Start start, int port) throws IOException {
            RaftPort bound = RaftPort.bind(new HostPort("127.0.0.1", port));
            address = bound.address();
            RatisMetadataLog log =
                    RatisMetadataLog.start(
                            new RaftSettings(
                                    peer,
                                    CLUSTER_ID,
                                    directory,
                                    address,
                                    start,
                                    submitTimeoutMs,
                                    64,
                                    snapshotEvery,
                                    lastCommandsMs),
                            bound,
                            () -> addressesFrom(name),
                            images::add,
                            fatal::add);
            log.listen(new Heard());
            running = log;
        }

        boolean isRunning() {
            return running != null;
        }

        RatisMetadataLog log() {
            RatisMetadataLog log = running;
            if (log == null) {
                throw new IllegalStateException(name + " does not run");
            }
            return log;
        }

        private final class Heard implements QuorumListener {
            @Override
            public void leadershipChanged(QuorumLeadership leadership) {
                leaderships.add(leadership);
            }

            @Override
            public void connectionLost(PeerId from) {
                lost.add(from);
            }

            @Override
            public void removed() {
                removed = true;
            }
        }
    }

    Cluster(Path root) {
        this(root, 5000, 10_000);
    }

    Cluster(Path root, int snapshotEvery, int submitTimeoutMs) {
        this(root, snapshotEvery, submitTimeoutMs, 1000);
    }

    Cluster(Path root, int snapshotEvery, int submitTimeoutMs, int lastCommandsMs) {
        this.root = root;
        this.snapshotEvery = snapshotEvery;
        this.submitTimeoutMs = submitTimeoutMs;
        this.lastCommandsMs = lastCommandsMs;
    }

    /** A founded cluster with that many voters. */
    static Cluster of(Path root, int voters) throws Exception {
        Cluster cluster = new Cluster(root);
        cluster.grow(voters);
        return cluster;
    }

    /** Founds, and adds voters until there are that many. */
    void grow(int voters) throws Exception {
        found("a");
        for (int i = 1; i < voters; i++) {
            join(String.valueOf((char) ('a' + i)));
        }
        promoteAll();
    }

    Member found(String name) throws Exception {
        Member member = new Member(name);
        admit(member);
        member.start(RaftSettings.Start.FOUND, 0);
        member.log().leaderReady().get(20, TimeUnit.SECONDS);
        done(name, new MetadataCommand.CreateCluster(CLUSTER_ID));
        return member;
    }

    /** Starts a node on an empty directory and has the leader add it as a listener. */
    Member join(String name) throws Exception {
        Member member = startEmpty(name);
        change(new QuorumChange.AddListener(member.peer, relayedAddress(leader().name, name)));
        return member;
    }

    /** A node on an empty directory, that waits. */
    Member startEmpty(String name) throws IOException {
        Member member = new Member(name);
        admit(member);
        member.start(RaftSettings.Start.JOIN, 0);
        return member;
    }

    /**
     * Lets every listener vote, in one change, and waits until each knows of it: who does not yet
     * does not vote for those that it has not heard of.
     */
    void promoteAll() throws Exception {
        Set<PeerId> listeners =
                leader().log().view().listeners().stream()
                        .map(QuorumMember::id)
                        .collect(Collectors.toSet());
        if (!listeners.isEmpty()) {
            change(new QuorumChange.Promote(listeners));
            QuorumView changed = leader().log().view();
            eventually(
                    "every member knows the voters",
                    () ->
                            running().stream()
                                    .filter(each -> changed.isVoter(each.peer))
                                    .allMatch(each -> each.log().view().hasMembersOf(changed)));
        }
    }

    /** Makes a change through whoever leads. */
    void change(QuorumChange change) throws Exception {
        Member leader = leader();
        eventually("the quorum is at rest", () -> leader.log().view().stable());
        leader.log().change(leader.log().view(), change).get(30, TimeUnit.SECONDS);
    }

    Member member(String name) {
        Member member = members.get(name);
        if (member == null) {
            throw new IllegalArgumentException("there is no node " + name);
        }
        return member;
    }

    RatisMetadataLog log(String name) {
        return member(name).log();
    }

    /** The running node that leads the highest term; waits for one. */
    Member leader() throws Exception {
        return leaderBesides("");
    }

    Member leaderBesides(String name) throws Exception {
        eventually("there is a leader", () -> !leaders(name).isEmpty());
        return leaders(name).getLast();
    }

    /** Whoever is not named, running. */
    List<Member> others(String name) {
        return running().stream().filter(each -> !each.name.equals(name)).toList();
    }

    /** As a process that was killed looks to the others: everything is reset and refused. */
    void kill(String name) throws IOException {
        Member member = member(name);
        for (Relay relay : relaysOf(name)) {
            relay.refuse();
        }
        RatisMetadataLog log = member.log();
        member.running = null;
        closing.add(Thread.ofPlatform().start(log::close));
    }

    /** Stops in good order. */
    void stop(String name) throws IOException {
        Member member = member(name);
        RatisMetadataLog log = member.log();
        log.close();
        member.running = null;
        for (Relay relay : relaysOf(name)) {
            relay.refuse();
        }
    }

    /** It was closed by the test itself. */
    void closed(String name) {
        member(name).running = null;
    }

    /** Starts a node again that was killed or stopped, on another port. */
    void restart(String name) throws Exception {
        restart(name, 0);
    }

    void restart(String name, int port) throws Exception {
        awaitClosed();
        member(name).start(RaftSettings.Start.JOIN, port);
        for (Relay relay : relaysOf(name)) {
            relay.open();
        }
    }

    /** Starts a node that was killed or stopped on an empty disk; it waits to be added. */
    Member restartWiped(String name) throws Exception {
        Member wiped = startEmpty(name);
        for (Relay relay : relaysOf(name)) {
            relay.open();
        }
        return wiped;
    }

    /** Nothing gets through between these and the rest, and nobody is told. */
    void isolate(String name) {
        relaysOf(name).forEach(Relay::stall);
    }

    void heal(String name) throws IOException {
        for (Relay relay : relaysOf(name)) {
            relay.open();
        }
    }

    CommandResult done(String name, MetadataCommand command) throws Exception {
        CommandResult result = log(name).submit(command).get(20, TimeUnit.SECONDS);
        if (result instanceof CommandResult.Refused refused) {
            throw new AssertionError(command + ": " + refused);
        }
        return result;
    }

    /** Waits until all running nodes have the same image with that many producer ids. */
    void awaitProducerIds(long given) throws Exception {
        eventually(
                "all have " + given + " producer ids: " + producerIds(),
                () -> producerIds().values().stream().allMatch(ids -> ids == given));
        List<byte[]> images =
                running().stream().map(each -> ImageCodec.encode(each.log().image())).toList();
        for (byte[] image : images) {
            if (!Arrays.equals(image, images.getFirst())) {
                throw new AssertionError("images differ");
            }
        }
    }

    Map<String, Long> producerIds() {
        Map<String, Long> ids = new TreeMap<>();
        running().forEach(each -> ids.put(each.name, each.log().image().nextProducerId()));
        return ids;
    }

    /** The names of the voters as the node knows them. */
    List<String> voters(String name) {
        return log(name).view().voters().stream().map(each -> each.id().nodeId()).toList();
    }

    List<String> listeners(String name) {
        return log(name).view().listeners().stream().map(each -> each.id().nodeId()).toList();
    }

    /** How long the one who leads has not heard of that member. */
    long silentMs(PeerId member) {
        return leaders("").stream()
                .flatMap(leader -> leader.log().view().member(member).stream())
                .mapToLong(each -> each.silentMs().orElse(0))
                .max()
                .orElse(0);
    }

    QuorumView view(String name) {
        return log(name).view();
    }

    static void eventually(String what, BooleanSupplier condition) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new TimeoutException("not within 30 s: " + what);
            }
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    /** The failure of a future, as ours. */
    static Throwable failureOf(Future<?> future) throws Exception {
        try {
            Object result = future.get(40, TimeUnit.SECONDS);
            throw new AssertionError("did not fail but gave " + result);
        } catch (ExecutionException e) {
            return Objects.requireNonNull(e.getCause());
        }
    }

    @Override
    public void close() throws IOException {
        for (Member member : running()) {
            closing.add(Thread.ofPlatform().start(member.log()::close));
        }
        awaitClosed();
        for (Relay relay : relays.values()) {
            relay.close();
        }
    }

    HostPort relayedAddress(String from, String to) {
        return relay(from, to).address();
    }

    Relay relay(String from, String to) {
        return Objects.requireNonNull(relays.get(from + ">" + to));
    }

    /** Where each node is, as the named one reaches it. */
    Map<PeerId, HostPort> addressesFrom(String name) {
        return members.values().stream()
                .filter(each -> relays.containsKey(name + ">" + each.name))
                .collect(
                        Collectors.toMap(
                                each -> each.peer, each -> relayedAddress(name, each.name)));
    }

    private void awaitClosed() {
        for (Thread closer : closing) {
            try {
                closer.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        closing.clear();
    }

    private List<Member> running() {
        return members.values().stream().filter(Member::isRunning).toList();
    }

    private List<Member> leaders(String besides) {
        return others(besides).stream()
                .filter(each -> each.log().quorumLeadership().leading())
                .sorted((x, y) ->
                        Long.compare(
                                x.log().quorumLeadership().term(),
                                y.log().quorumLeadership().term()))
                .toList();
    }

    private void admit(Member member) throws IOException {
        boolean known = members.put(member.name, member) != null;
        if (known) {
            return;
        }
        for (String other : members.keySet()) {
            if (!other.equals(member.name)) {
                relays.put(other + ">" + member.name, relayTo(member.name));
                relays.put(member.name + ">" + other, relayTo(other));
            }
        }
    }

    private Relay relayTo(String name) throws IOException {
        return new Relay(() -> member(name).address);
    }

    private List<Relay> relaysOf(String name) {
        return relays.entrySet().stream()
                .filter(each ->
                        each.getKey().startsWith(name + ">") || each.getKey().endsWith(">" + name))
                .map(Map.Entry::getValue)
                .toList();
    }
}
