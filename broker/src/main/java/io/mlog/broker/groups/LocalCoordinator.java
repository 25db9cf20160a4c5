package io.mlog.broker.groups;

import io.mlog.core.metadata.MetadataImage;
import io.mlog.core.metadata.TopicImage;
import io.mlog.groups.CoordinatorLog;
import io.mlog.groups.CoordinatorLogs;
import io.mlog.groups.GroupCoordination;
import io.mlog.model.InternalTopics;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The coordinator of this broker's groups: none, no thread and no memory before the broker first
 * leads a partition of {@code __consumer_offsets}; from then on there is one, which is told what
 * the broker leads and which topics there are.
 *
 * <p>It is told so on one thread of its own, since it may hold that up for seconds: every end of a
 * leadership, then the topics, then every begin. An image that was overtaken is skipped; that a
 * leadership ended in between is seen by its leader epoch.
 *
 * <pre>
 * absent ── leads for the first time ─► starting ── started and told ─► running
 *    any ── close ─► closed
 * </pre>
 */
public final class LocalCoordinator implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LocalCoordinator.class);

    /** The coordinator gives up telling its partitions of a deleted topic after 5 s. */
    private static final long LAST_TURN_MS = 10_000;

    private final CoordinatorLogs logs;
    private final CoordinatorFactory factory;
    private final ExecutorService turns;
    private final Consumer<Throwable> fatal;

    /** Completes with the coordinator, or with nothing when it is closed before. */
    private final CompletableFuture<Optional<GroupCoordination>> started =
            new CompletableFuture<>();

    private @Nullable MetadataImage newest; // guarded by this
    private boolean present; // guarded by this: starting or running
    private boolean busy; // guarded by this: a turn is under way or about to begin
    private boolean closed; // guarded by this

    // the turns'
    private @Nullable GroupCoordination coordination;
    private final SubscribableTopics topics = new SubscribableTopics();
    private final Map<Integer, Integer> led = new HashMap<>();

    /**
     * Waits for the first leadership.
     *
     * @param logs the partitions of {@code __consumer_offsets} that this broker has
     * @param turns runs one turn at a time, on one thread, which may block; closed with this
     * @param fatal told of a bug; the broker then stops
     */
    public LocalCoordinator(
            CoordinatorLogs logs,
            CoordinatorFactory factory,
            ExecutorService turns,
            Consumer<Throwable> fatal) {
        this.logs = logs;
        this.factory = factory;
        this.turns = turns;
        this.fatal = fatal;
    }

    /**
     * The partitions have acted on the image. Called in order by the reconciler, which it does not
     * hold up.
     */
    public void acted(MetadataImage image) {
        synchronized (this) {
            present |= leadsAny(image);
            if (!present || closed) {
                return;
            }
            newest = image;
            if (busy) {
                return;
            }
            busy = true;
        }
        turns.execute(this::turn);
    }

    private boolean leadsAny(MetadataImage image) {
        return image.topic(InternalTopics.CONSUMER_OFFSETS)
                .filter(topic ->
                        topic.partitions().stream()
                                .anyMatch(each -> epochOf(each.partition()) >= 0))
                .isPresent();
    }

    /**
     * The coordinator once it is told of this broker's leaderships; empty at once when this broker
     * has never led, later when it is closed meanwhile. Any thread.
     */
    CompletableFuture<Optional<GroupCoordination>> running() {
        synchronized (this) {
            if (!present || closed) {
                return CompletableFuture.completedFuture(Optional.empty());
            }
        }
        return started;
    }

    /** Whether there is one, or there will be in a moment. */
    public synchronized boolean isPresent() {
        return present && !closed;
    }

    /** Counts its groups, for {@code sink}, unless there is none; some time later. */
    public void count(IntConsumer sink) {
        running()
                .thenAccept(here ->
                        here.ifPresent(coordinator ->
                                coordinator
                                        .list()
                                        .thenAccept(groups -> sink.accept(groups.size()))));
    }

    private void turn() {
        try {
            for (MetadataImage image = next(); image != null; image = next()) {
                act(image);
            }
        } catch (RuntimeException | Error bug) {
            fatal.accept(bug);
        }
    }

    private synchronized @Nullable MetadataImage next() {
        MetadataImage image = closed ? null : newest;
        newest = null;
        busy = image != null;
        return image;
    }

    private void act(MetadataImage image) {
        TopicImage offsets = image.topic(InternalTopics.CONSUMER_OFFSETS).orElse(null);
        GroupCoordination coordinator = coordination;
        if (coordinator == null) {
            if (offsets == null) {
                return;
            }
            coordinator = start();
        }
        endLeaderships(coordinator, offsets);
        topics.changed(image).ifPresent(coordinator::metadataChanged);
        if (offsets != null) {
            beginLeaderships(coordinator, offsets);
        }
        started.complete(Optional.of(coordinator));
    }

    private GroupCoordination start() {
        long begunNanos = System.nanoTime();
        GroupCoordination begun = factory.start(logs);
        coordination = begun;
        LOG.info(
                "the coordinator of consumer groups is started, in {} ms",
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begunNanos));
        return begun;
    }

    private void endLeaderships(GroupCoordination coordinator, @Nullable TopicImage offsets) {
        led.entrySet()
                .removeIf(each -> {
                    int partition = each.getKey();
                    boolean ended = epochOf(partition) != each.getValue();
                    if (ended) {
                        coordinator.stopLeading(
                                partition, endedBy(partition, each.getValue(), offsets));
                    }
                    return ended;
                });
    }

    /** The leader epoch after {@code epoch}; empty when that is not known, or the same. */
    private static OptionalInt endedBy(int partition, int epoch, @Nullable TopicImage offsets) {
        if (offsets == null || partition >= offsets.partitions().size()) {
            return OptionalInt.empty();
        }
        int now = offsets.partitions().get(partition).leaderEpoch();
        return now > epoch ? OptionalInt.of(now) : OptionalInt.empty();
    }

    private void beginLeaderships(GroupCoordination coordinator, TopicImage offsets) {
        for (int partition = 0; partition < offsets.partitions().size(); partition++) {
            int epoch = epochOf(partition);
            if (epoch >= 0 && !led.containsKey(partition)) {
                led.put(partition, epoch);
                coordinator.becomeLeader(partition, epoch);
            }
        }
    }

    /** The leader epoch in which this broker leads, negative when it does not. */
    private int epochOf(int partition) {
        return logs.log(partition).map(CoordinatorLog::leaderEpoch).orElse(-1);
    }

    /**
     * Ends it after the turn that is under way; whoever waits for an answer gets one. Idempotent.
     */
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        turns.shutdown();
        try {
            if (!turns.awaitTermination(LAST_TURN_MS, TimeUnit.MILLISECONDS)) {
                LOG.warn("the coordinator of consumer groups is still busy and is left behind");
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        } finally {
            started.complete(Optional.empty());
        }
        if (coordination != null) {
            coordination.close();
        }
    }
}
