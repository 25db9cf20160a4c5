package io.mlog.simulation;

import io.mlog.core.metadata.CommandResult;
import io.mlog.core.metadata.MetadataCommand;
import io.mlog.core.metadata.MetadataImage;
import io.mlog.core.metadata.MetadataLog;
import io.mlog.core.metadata.MetadataQuorum;
import io.mlog.core.metadata.QuorumChange;
import io.mlog.core.metadata.QuorumLeadership;
import io.mlog.core.metadata.QuorumListener;
import io.mlog.core.metadata.QuorumMember;
import io.mlog.core.metadata.QuorumView;
import io.mlog.model.ErrorCode;
import io.mlog.model.HostPort;
import io.mlog.model.MlogException;
import io.mlog.model.PeerId;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** One process's place in the {@link Quorum}: what it knows of the metadata, and its commands. */
final class Seat implements MetadataLog, MetadataQuorum {
    private static final long TIMEOUT_MICROS = 1_500_000;
    private static final long TRY_AGAIN_MICROS = 80_000;
    private static final int LATEST_MICROS = 3_000_000;

    /** Images that come at once. */
    private static final int MOST_AT_ONCE = 4;

    private final Quorum quorum;
    private final int node;
    private final PeerId self;
    private final Lifetime lifetime;
    private final Scheduler scheduler;
    private final Consumer<MetadataImage> published;
    private final List<QuorumListener> listeners = new ArrayList<>();
    private final List<Awaited> awaited = new ArrayList<>();
    private final String told;
    private int applied;
    private boolean beingTold;
    private long heardMicros;
    private QuorumLeadership leadership = new QuorumLeadership(0, Optional.empty(), false);

    /** Something that completes when this node has applied an index. */
    private record Awaited(int index, Runnable done) {}

    Seat(
            Quorum quorum,
            int node,
            PeerId self,
            Lifetime lifetime,
            Scheduler scheduler,
            int applied,
            Consumer<MetadataImage> published) {
        this.quorum = quorum;
        this.node = node;
        this.self = self;
        this.lifetime = lifetime;
        this.scheduler = scheduler;
        this.applied = applied;
        this.published = published;
        this.heardMicros = scheduler.nowMicros();
        this.told = "node " + node + " applies";
    }

    int node() {
        return node;
    }

    Lifetime lifetime() {
        return lifetime;
    }

    // ---- what the quorum tells

    boolean isBeingTold() {
        return beingTold || applied == quorum.lastIndex();
    }

    /** What is decided now arrives after a while, if it can then. */
    void isTold(long delayMicros) {
        beingTold = true;
        int upTo = quorum.lastIndex();
        lifetime.afterMicros(
                delayMicros,
                told,
                () -> {
                    beingTold = false;
                    if (quorum.tells(node)) {
                        learns(Math.min(upTo, applied + MOST_AT_ONCE));
                        if (!isBeingTold()) {
                            isTold(quorum.delayMicros());
                        }
                    }
                });
    }

    /** This node applies what was decided up to an index. */
    void learns(int upTo) {
        while (applied < upTo) {
            applied++;
            published.accept(image());
            complete();
        }
    }

    private void complete() {
        for (Iterator<Awaited> all = awaited.iterator(); all.hasNext(); ) {
            Awaited next = all.next();
            if (next.index <= applied) {
                all.remove();
                lifetime.execute(next.done);
            }
        }
    }

    void hears(QuorumLeadership now) {
        heardMicros = scheduler.nowMicros();
        change(now);
    }

    /** A leader that hears nobody steps down after a while. */
    void hearsNothing(long patienceMs) {
        if (silentMs() > patienceMs && leadership.leading()) {
            change(new QuorumLeadership(leadership.term(), Optional.empty(), false));
        }
    }

    private void change(QuorumLeadership now) {
        if (!now.equals(leadership)) {
            leadership = now;
            List.copyOf(listeners).forEach(each -> each.leadershipChanged(now));
        }
    }

    boolean leads(long term) {
        return leadership.leading() && leadership.term() == term;
    }

    void connectionLost(int peer) {
        Seat gone = quorum.seatOf(peer);
        MetadataImage image = image();
        if (gone == null && image.brokers().get(peer) != null) {
            PeerId name = new PeerId("node-" + peer, image.brokers().get(peer).directoryId());
            listeners.forEach(each -> each.connectionLost(name));
        }
    }

    // ---- MetadataLog

    @Override
    public CompletableFuture<CommandResult> submit(MetadataCommand command) {
        CompletableFuture<CommandResult> done = new CompletableFuture<>();
        lifetime.afterMicros(
                TIMEOUT_MICROS,
                "command timeout",
                () ->
                        done.completeExceptionally(
                                new MlogException(
                                        ErrorCode.REQUEST_TIMED_OUT, "no answer in time")));
        scheduler.after(quorum.delayMicros(), "command arrives", () -> attempt(command, done));
        return done;
    }

    /** The command is on its way to the leader, whether or not its sender still lives. */
    private void attempt(MetadataCommand command, CompletableFuture<CommandResult> done) {
        if (done.isDone() || (lifetime.isOver() && !quorum.reaches(quorum.leader()))) {
            return;
        }
        if (!lifetime.isOver() && !quorum.reaches(node)) {
            scheduler.after(TRY_AGAIN_MICROS, "command again", () -> attempt(command, done));
            return;
        }
        switch (quorum.fate()) {
            case APPLIED -> decide(command, done);
            case LATE -> {
                long late = quorum.delayMicros() * LATEST_MICROS / 10_000;
                scheduler.after(
                        Math.min(late, LATEST_MICROS),
                        "late command",
                        () -> decideLate(command, done));
            }
            case LOST -> {}
        }
    }

    private void decideLate(MetadataCommand command, CompletableFuture<CommandResult> done) {
        if (quorum.reaches(quorum.leader())) {
            decide(command, done);
        }
    }

    private void decide(MetadataCommand command, CompletableFuture<CommandResult> done) {
        CommandResult result = quorum.apply(command);
        await(quorum.lastIndex(), () -> done.complete(result));
    }

    private void await(int index, Runnable done) {
        awaited.add(new Awaited(index, done));
        complete();
    }

    @Override
    public CompletableFuture<Long> barrier() {
        CompletableFuture<Long> done = new CompletableFuture<>();
        lifetime.afterMicros(
                quorum.delayMicros(),
                "barrier",
                () -> {
                    if (quorum.reaches(node)) {
                        await(quorum.lastIndex(), () -> done.complete((long) applied));
                    } else {
                        done.completeExceptionally(
                                new MlogException(ErrorCode.NOT_CONTROLLER, "nobody leads"));
                    }
                });
        return done;
    }

    @Override
    public MetadataImage image() {
        return quorum.image(applied);
    }

    @Override
    public Leadership leadership() {
        return new Leadership(
                leadership.leader().map(PeerId::nodeId), leadership.term(), List.of());
    }

    @Override
    public void close() {
        listeners.clear();
    }

    // ---- MetadataQuorum

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
        for (Seat each : quorum.seats()) {
            OptionalLong silent =
                    leadership.leading()
                            ? OptionalLong.of(each == this ? 0 : each.silentMs())
                            : OptionalLong.empty();
            members.add(
                    new QuorumMember(
                            each.self,
                            new HostPort("host-" + each.node, 1),
                            true,
                            OptionalLong.empty(),
                            silent));
        }
        return new QuorumView(leadership, quorum.lastIndex(), true, members);
    }

    @Override
    public CompletableFuture<Void> change(QuorumView present, QuorumChange change) {
        return CompletableFuture.failedFuture(
                new MlogException(ErrorCode.INVALID_REQUEST, "the members here do not change"));
    }

    @Override
    public CompletableFuture<Void> transferLeadership(PeerId to) {
        return CompletableFuture.failedFuture(
                new MlogException(ErrorCode.INVALID_REQUEST, "the leader here moves by faults"));
    }

    @Override
    public void listen(QuorumListener listener) {
        listeners.add(listener);
        QuorumLeadership now = leadership;
        lifetime.execute(() -> listener.leadershipChanged(now));
    }

    @Override
    public long silentMs() {
        return (scheduler.nowMicros() - heardMicros) / 1000;
    }
}
