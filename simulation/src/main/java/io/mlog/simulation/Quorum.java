package io.mlog.simulation;

import io.mlog.core.metadata.CommandResult;
import io.mlog.core.metadata.MetadataCommand;
import io.mlog.core.metadata.MetadataImage;
import io.mlog.core.metadata.MetadataMachine;
import io.mlog.core.metadata.QuorumLeadership;
import io.mlog.model.PeerId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Stands in for Raft: one order of commands, applied by the real {@link MetadataMachine}, which
 * every node learns in that order, each in its own time ({@link Seat}). It keeps what Raft promises
 * and no more: without a majority nothing is decided, and a command whose sender has given up may
 * be lost, or be applied long afterwards.
 */
final class Quorum {
    /** Time between two signs of life of the leader. */
    private static final long BEAT_MICROS = 100_000;

    /** So many beats without a majority, and another leads. */
    private static final int PATIENCE_BEATS = 3;

    private final Scheduler scheduler;
    private final RandomGenerator random;
    private final Network network;
    private final int nodes;
    private final MetadataMachine machine = new MetadataMachine(MetadataImage.EMPTY);
    private final List<MetadataImage> images = new ArrayList<>(List.of(MetadataImage.EMPTY));
    private final TreeMap<Integer, Seat> seats = new TreeMap<>();
    private final int[] appliedBy;
    private final boolean[] deaf;
    private final List<Consumer<MetadataImage>> listeners = new ArrayList<>();
    private int leader = 1;
    private long term = 1;
    private int beatsWithoutMajority;
    private boolean interrupted;
    private int slowMicros;
    private int lossPercent;
    private int latePercent;

    Quorum(Scheduler scheduler, RandomGenerator random, Network network, int nodes) {
        this.scheduler = scheduler;
        this.random = random;
        this.network = network;
        this.nodes = nodes;
        this.appliedBy = new int[nodes + 1];
        this.deaf = new boolean[nodes + 1];
        scheduler.after(BEAT_MICROS, "beat", this::beat);
    }

    // ---- faults

    /** Commands are in time, none is lost, and everybody learns of them. */
    void recover() {
        Arrays.fill(deaf, false);
        slow(0);
        unreliable(0, 0);
    }

    /** Nothing is decided until this ends. */
    void interrupt(boolean now) {
        interrupted = now;
    }

    /** A node learns nothing of what is decided, though its own commands arrive. */
    void deafen(int node, boolean now) {
        deaf[node] = now;
    }

    /** Images and commands take up to as much longer. */
    void slow(int micros) {
        slowMicros = micros;
    }

    /** How many of a hundred commands are lost, and how many come much too late. */
    void unreliable(int lost, int late) {
        lossPercent = lost;
        latePercent = late;
    }

    /** Another node leads from now on. */
    void moveLeader(int to) {
        if (to != leader && canLead(to)) {
            leads(to);
        }
    }

    // ---- commands

    /** Applies a command at once. */
    CommandResult apply(MetadataCommand command) {
        CommandResult result = machine.apply(images.size(), command);
        images.add(machine.image());
        scheduler
                .trace()
                .note(() -> "command %d: %s: %s".formatted(images.size() - 1, command, result));
        listeners.forEach(each -> each.accept(machine.image()));
        seats.values().forEach(this::tell);
        return result;
    }

    /** Told of each image as it is decided. */
    void listen(Consumer<MetadataImage> listener) {
        listeners.add(listener);
    }

    /** The metadata as decided, whoever knows of it. */
    MetadataImage image() {
        return machine.image();
    }

    MetadataImage image(int index) {
        return images.get(index);
    }

    int lastIndex() {
        return images.size() - 1;
    }

    int leader() {
        return leader;
    }

    /** What becomes of a command that reaches the leader. */
    Fate fate() {
        int dice = random.nextInt(100);
        if (dice < lossPercent) {
            return Fate.LOST;
        }
        return dice < lossPercent + latePercent ? Fate.LATE : Fate.APPLIED;
    }

    /** See {@link #fate}. */
    enum Fate {
        APPLIED,
        LATE,
        LOST
    }

    long delayMicros() {
        return 200L + random.nextInt(3000) + (slowMicros == 0 ? 0 : random.nextInt(slowMicros));
    }

    // ---- nodes

    /**
     * A seat for a process that begins; what it has applied is what its disk had, or a little less.
     */
    Seat seat(
            SimulatedBroker machine,
            String directoryId,
            Lifetime lifetime,
            Consumer<MetadataImage> published) {
        int known = appliedBy[machine.id()];
        int begin = Math.max(0, known - random.nextInt(6));
        PeerId self = new PeerId(machine.nodeId(), directoryId);
        return new Seat(this, machine.id(), self, lifetime, scheduler, begin, published);
    }

    void joined(int node, Seat seat) {
        seats.put(node, seat);
        tell(seat);
    }

    void left(int node) {
        Seat gone = seats.remove(node);
        if (gone != null) {
            appliedBy[node] = (int) gone.appliedIndex();
        }
    }

    @Nullable Seat seatOf(int node) {
        return seats.get(node);
    }

    List<Seat> seats() {
        return List.copyOf(seats.values());
    }

    /** The machine says that its process is gone: who was connected to it knows at once. */
    void connectionsLost(int node) {
        Seat controller = seats.get(leader);
        if (controller != null && network.passesBothWays(leader, node)) {
            controller
                    .lifetime()
                    .afterMicros(
                            network.latencyMicros(node, leader),
                            "connection lost",
                            () -> controller.connectionLost(node));
        }
    }

    /** Whether a node and the leader hear each other, and the leader has a majority. */
    boolean reaches(int node) {
        return !interrupted
                && canLead(leader)
                && seats.containsKey(node)
                && !network.isAsleep(node)
                && network.passesBothWays(node, leader);
    }

    /** Whether a node learns of what is decided. */
    boolean tells(int node) {
        return reaches(node) && !deaf[node];
    }

    private boolean canLead(int node) {
        if (!seats.containsKey(node) || network.isAsleep(node)) {
            return false;
        }
        int heard = 0;
        for (int other : seats.keySet()) {
            if (!network.isAsleep(other)
                    && (other == node || network.passesBothWays(node, other))) {
                heard++;
            }
        }
        return heard > nodes / 2;
    }

    /** Brings what was decided to a node, unless that is under way. */
    private void tell(Seat seat) {
        if (!seat.isBeingTold() && tells(seat.node())) {
            seat.isTold(delayMicros());
        }
    }

    private void beat() {
        if (interrupted || canLead(leader)) {
            beatsWithoutMajority = 0;
        } else if (++beatsWithoutMajority >= PATIENCE_BEATS) {
            beatsWithoutMajority = 0;
            elect();
        }
        for (Seat seat : seats.values()) {
            if (reaches(seat.node())) {
                seat.hears(leadership(seat));
                tell(seat);
            } else {
                seat.hearsNothing(PATIENCE_BEATS * BEAT_MICROS / 1000);
            }
        }
        scheduler.after(BEAT_MICROS, "beat", this::beat);
    }

    private void elect() {
        List<Integer> able = seats.keySet().stream().filter(this::canLead).toList();
        if (!able.isEmpty()) {
            leads(able.get(random.nextInt(able.size())));
        }
    }

    private void leads(int node) {
        leader = node;
        term++;
        scheduler.trace().note(() -> "node " + node + " leads the metadata in term " + term);
    }

    /** A leader decides once it has applied all that was decided before it led. */
    private QuorumLeadership leadership(Seat seat) {
        Seat leading = seats.get(leader);
        boolean decides = seat.node() == leader && seat.appliedIndex() == lastIndex();
        return new QuorumLeadership(
                term,
                leading == null ? Optional.empty() : Optional.of(leading.self()),
                decides || (seat.node() == leader && seat.leads(term)));
    }
}
