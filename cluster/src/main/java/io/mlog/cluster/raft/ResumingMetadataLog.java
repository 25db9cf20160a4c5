package io.mlog.cluster.raft;

import io.mlog.cluster.raft.rpc.PeerAddresses;
import io.mlog.cluster.raft.rpc.RaftPort;
import io.mlog.core.metadata.CommandResult;
import io.mlog.core.metadata.MetadataCommand;
import io.mlog.core.metadata.MetadataImage;
import io.mlog.core.metadata.MetadataLog;
import io.mlog.core.metadata.MetadataQuorum;
import io.mlog.core.metadata.QuorumChange;
import io.mlog.core.metadata.QuorumLeadership;
import io.mlog.core.metadata.QuorumListener;
import io.mlog.core.metadata.QuorumView;
import io.mlog.model.MlogException;
import io.mlog.model.PeerId;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A metadata log that outlives a full disk. Ratis gives a log up for good at the first write that
 * fails; then this closes it, so that others lead on, and opens it anew once there is space.
 *
 * <table>
 * <caption>States</caption>
 * <tr><th>state</th><th>what callers get</th><th>next</th></tr>
 * <tr><td>open</td><td>what the log gives</td><td>down when it cannot be written, or is
 *     closed</td></tr>
 * <tr><td>down</td><td>the last image, no leader, and the reason for every change</td><td>open when
 *     the reason was a full disk that has space again. Never after another failure: what the disk
 *     holds then is known only to the next start</td></tr>
 * </table>
 *
 * <p>Images go forward only: what a log replays that was opened anew is not told again. A thread of
 * its own, which is there only while the log is down, opens it; any thread calls.
 */
public final class ResumingMetadataLog implements MetadataLog, MetadataQuorum {
    /** Free space at which the log is opened anew: some segments of it and a snapshot. */
    static final long LEAST_BYTES = 2 << 20;

    private static final Logger LOG = LoggerFactory.getLogger(ResumingMetadataLog.class);
    private static final long LOOK_EVERY_MS = 500;
    private static final long SAY_EVERY_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** One log from its opening to its end. */
    interface Life extends MetadataLog, MetadataQuorum {
        /** Done, with the reason, once the log cannot be written any more. */
        CompletableFuture<Throwable> unwritable();
    }

    /** Opens the log, each time anew. */
    interface Opening {
        /** Tells each image to {@code images}; fails when the directory cannot be used. */
        Life open(Consumer<MetadataImage> images) throws IOException;
    }

    private sealed interface State {}

    private record Open(Life life) implements State {}

    /**
     * @param last the quorum as it was
     * @param sinceNanos when it went down
     * @param refusal what changes are answered
     */
    private record Down(QuorumView last, long sinceNanos, MlogException refusal) implements State {
        QuorumLeadership leadership() {
            return new QuorumLeadership(last.leadership().term(), Optional.empty(), false);
        }

        <T> CompletableFuture<T> refuse() {
            return CompletableFuture.failedFuture(refusal);
        }
    }

    private final PeerId self;
    private final Opening opening;
    private final LongSupplier usableBytes;
    private final long lookEveryMs;
    private final Consumer<MetadataImage> images;
    private final List<Ear> ears = new CopyOnWriteArrayList<>();
    private boolean closed; // guarded by this
    private volatile MetadataImage shown = MetadataImage.EMPTY;
    private volatile State state; // written with the monitor held

    /**
     * Opens the log.
     *
     * @param usableBytes what is free where the log is
     * @param lookEveryMs how often that is looked at while the log is down
     * @param images told every new image, in order, on the apply thread
     */
    ResumingMetadataLog(
            PeerId self,
            Opening opening,
            LongSupplier usableBytes,
            long lookEveryMs,
            Consumer<MetadataImage> images)
            throws IOException {
        this.self = self;
        this.opening = opening;
        this.usableBytes = usableBytes;
        this.lookEveryMs = lookEveryMs;
        this.images = images;
        Life first = opening.open(this::show);
        state = new Open(first);
        watch(first);
    }

    /**
     * Starts, as {@link RatisMetadataLog#start}.
     *
     * @param port bound for this node; given back and bound again while the log is down
     */
    public static ResumingMetadataLog start(
            RaftSettings settings,
            RaftPort port,
            PeerAddresses addresses,
            Consumer<MetadataImage> images,
            Consumer<Throwable> fatal)
            throws IOException {
        AtomicReference<@Nullable RaftPort> bound = new AtomicReference<>(port);
        return new ResumingMetadataLog(
                settings.self(),
                told -> {
                    RaftPort first = bound.getAndSet(null);
                    return RatisMetadataLog.start(
                            settings,
                            first == null ? RaftPort.bind(port.address()) : first,
                            addresses,
                            told,
                            fatal);
                },
                () -> settings.directory().toFile().getUsableSpace(),
                LOOK_EVERY_MS,
                images);
    }

    @Override
    public CompletableFuture<CommandResult> submit(MetadataCommand command) {
        return switch (state) {
            case Open(Life life) -> life.submit(command);
            case Down down -> down.refuse();
        };
    }

    @Override
    public CompletableFuture<Long> barrier() {
        return switch (state) {
            case Open(Life life) -> life.barrier();
            case Down down -> down.refuse();
        };
    }

    @Override
    public MetadataImage image() {
        return shown;
    }

    @Override
    public Leadership leadership() {
        return switch (state) {
            case Open(Life life) -> life.leadership();
            case Down down ->
                    new Leadership(
                            Optional.empty(),
                            down.leadership().term(),
                            down.last().voters().stream()
                                    .map(voter -> voter.id().nodeId())
                                    .toList());
        };
    }

    @Override
    public PeerId self() {
        return self;
    }

    @Override
    public QuorumLeadership quorumLeadership() {
        return switch (state) {
            case Open(Life life) -> life.quorumLeadership();
            case Down down -> down.leadership();
        };
    }

    @Override
    public QuorumView view() {
        return switch (state) {
            case Open(Life life) -> life.view();
            case Down down ->
                    new QuorumView(
                            down.leadership(),
                            down.last().commitIndex(),
                            false,
                            down.last().members());
        };
    }

    @Override
    public CompletableFuture<Void> change(QuorumView present, QuorumChange change) {
        return switch (state) {
            case Open(Life life) -> life.change(present, change);
            case Down down -> down.refuse();
        };
    }

    @Override
    public CompletableFuture<Void> transferLeadership(PeerId to) {
        return switch (state) {
            case Open(Life life) -> life.transferLeadership(to);
            case Down down -> down.refuse();
        };
    }

    @Override
    public void listen(QuorumListener listener) {
        Ear ear = new Ear(listener);
        ears.add(ear);
        switch (state) {
            case Open(Life life) -> ear.listenTo(life);
            case Down down -> ear.wentDown(down);
        }
    }

    /** While nobody else votes, nobody can have decided anything without this node. */
    @Override
    public long silentMs() {
        return switch (state) {
            case Open(Life life) -> life.silentMs();
            case Down(QuorumView last, long sinceNanos, MlogException _) ->
                    last.voters().size() == 1 && last.isVoter(self)
                            ? 0
                            : TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - sinceNanos);
        };
    }

    @Override
    public void close() {
        State before;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            before = state;
            notifyAll();
        }
        if (before instanceof Open(Life life)) {
            life.close();
        }
    }

    /** Apply thread of the present life; one life ends before the next begins. */
    private void show(MetadataImage image) {
        if (image.appliedIndex() > shown.appliedIndex()) {
            shown = image;
            images.accept(image);
        }
    }

    private void watch(Life life) {
        life.unwritable()
                .thenAccept(cause ->
                        Thread.ofPlatform()
                                .daemon()
                                .name("raft-resume")
                                .start(() -> outlive(life, cause)));
    }

    private void outlive(Life life, Throwable cause) {
        Down down =
                new Down(
                        life.view(),
                        System.nanoTime(),
                        new MlogException(LogFailures.code(cause), LogFailures.sentence(cause)));
        synchronized (this) {
            if (closed) {
                return;
            }
            state = down;
        }
        ears.forEach(ear -> ear.wentDown(down));
        life.close();
        if (LogFailures.isFull(cause)) {
            openOnceThereIsSpace();
        }
    }

    private void openOnceThereIsSpace() {
        long saidNanos = System.nanoTime() - SAY_EVERY_NANOS;
        while (awaitNextLook()) {
            if (usableBytes.getAsLong() < LEAST_BYTES) {
                continue;
            }
            try {
                resume(opening.open(this::show));
                return;
            } catch (IOException e) {
                if (System.nanoTime() - saidNanos >= SAY_EVERY_NANOS) {
                    saidNanos = System.nanoTime();
                    LOG.error("there is space again, and yet {}", e.getMessage(), e);
                }
            }
        }
    }

    private synchronized boolean awaitNextLook() {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(lookEveryMs);
        try {
            for (long left = lookEveryMs;
                    !closed && left > 0;
                    left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())) {
                wait(left);
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            return false;
        }
        return !closed;
    }

    private void resume(Life next) {
        boolean resumed;
        synchronized (this) {
            resumed = !closed;
            if (resumed) {
                state = new Open(next);
            }
        }
        if (!resumed) {
            next.close();
            return;
        }
        LOG.info("there is space again: the metadata log goes on");
        ears.forEach(ear -> ear.listenTo(next));
        watch(next);
    }

    /** A listener, for whom one life after the other is one log. Guarded by itself. */
    private static final class Ear {
        private final QuorumListener to;
        private @Nullable Life heard;

        Ear(QuorumListener to) {
            this.to = to;
        }

        synchronized void listenTo(Life life) {
            if (life.equals(heard)) {
                return;
            }
            heard = life;
            life.listen(
                    new QuorumListener() {
                        @Override
                        public void leadershipChanged(QuorumLeadership leadership) {
                            tell(life, () -> to.leadershipChanged(leadership));
                        }

                        @Override
                        public void connectionLost(PeerId peer) {
                            tell(life, () -> to.connectionLost(peer));
                        }

                        @Override
                        public void removed() {
                            tell(life, to::removed);
                        }
                    });
        }

        synchronized void wentDown(Down down) {
            heard = null;
            to.leadershipChanged(down.leadership());
        }

        private synchronized void tell(Life life, Runnable event) {
            if (life.equals(heard)) {
                event.run();
            }
        }
    }
}
