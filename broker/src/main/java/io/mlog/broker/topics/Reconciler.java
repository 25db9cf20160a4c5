package io.mlog.broker.topics;

import io.mlog.broker.partition.HostedPartitions;
import io.mlog.core.metadata.MetadataImage;
import io.mlog.core.replication.IsrMember;
import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import io.mlog.model.TopicIdPartition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes the hosted partitions follow the metadata: hands the newest image to {@link HostedChanges}
 * on a thread of its own, never on the metadata log's, and skips images that were overtaken. It
 * acts on no image that is older or younger than this life of the broker.
 *
 * <p>Requests that changed the metadata wait here ({@link #actedOn}) until this broker has acted on
 * their change, so that the next request never meets a topic that is announced but not there.
 */
public final class Reconciler implements AutoCloseable {
    private static final long NOTHING_ACTED = -1;

    private final PartitionViews views;
    private final PartitionStore store;
    private final HostedChanges changes;
    private final Consumer<MetadataImage> acted;
    private final Executor executor;
    private final Consumer<Throwable> fatal;
    private final CompletableFuture<List<TopicIdPartition>> suspects = new CompletableFuture<>();
    private final List<Waiting> waiting = new ArrayList<>(); // guarded by this
    private @Nullable MetadataImage newest; // guarded by this
    private boolean busy; // guarded by this: a turn is under way or about to begin
    private boolean closed; // guarded by this
    private long actedIndex = NOTHING_ACTED; // the turns'

    private record Waiting(long index, CompletableFuture<MetadataImage> done) {}

    /**
     * Waits for the first image.
     *
     * @param self this life of the broker
     * @param acted told of each image after it was acted on, on the reconciler's thread
     * @param executor runs the reconciler's turns, of which one at a time is wanted: its thread,
     *     which may block on the disk
     * @param fatal told of a bug; the broker then stops
     */
    public Reconciler(
            IsrMember self,
            HostedPartitions hosted,
            PartitionStore store,
            Consumer<MetadataImage> acted,
            Executor executor,
            Consumer<Throwable> fatal) {
        this.views = new PartitionViews(self);
        this.store = store;
        this.changes = new HostedChanges(self.brokerId(), hosted, store, views);
        this.acted = acted;
        this.executor = executor;
        this.fatal = fatal;
    }

    /**
     * Takes in a newer image; called in order by the metadata log's thread, which it does not hold
     * up.
     */
    public void published(MetadataImage image) {
        synchronized (this) {
            if (!views.mayActOn(image)
                    || (newest != null && image.appliedIndex() <= newest.appliedIndex())) {
                return;
            }
            newest = image;
        }
        wake();
    }

    /** Completes, with the image, once this broker has acted on the command at {@code index}. */
    public CompletableFuture<MetadataImage> actedOn(long index) {
        CompletableFuture<MetadataImage> done = new CompletableFuture<>();
        synchronized (this) {
            if (closed) {
                return CompletableFuture.failedFuture(stopping(index));
            }
            waiting.add(new Waiting(index, done));
        }
        wake();
        return done;
    }

    /**
     * Completes, when the data directory is recovered, with the replicas that must not count as in
     * sync: they have less than an earlier life promised to have.
     */
    public CompletableFuture<List<TopicIdPartition>> suspects() {
        return suspects.copy();
    }

    private void wake() {
        synchronized (this) {
            if (busy || closed) {
                return;
            }
            busy = true;
        }
        executor.execute(this::turn);
    }

    private void turn() {
        try {
            for (MetadataImage next = next(); next != null; next = next()) {
                act(next);
            }
        } catch (RuntimeException | Error bug) {
            fatal.accept(bug);
        }
    }

    /** The image to act on or to complete waiting requests with; null ends the turn. */
    private synchronized @Nullable MetadataImage next() {
        MetadataImage image = newest;
        if (!closed && image != null && (image.appliedIndex() > actedIndex || isDue(image))) {
            return image;
        }
        busy = false;
        return null;
    }

    private void act(MetadataImage image) {
        if (actedIndex == NOTHING_ACTED) {
            recover(image);
        }
        if (image.appliedIndex() > actedIndex) {
            changes.act(image);
            acted.accept(image);
        }
        actedIndex = image.appliedIndex();
        complete(image);
    }

    private boolean isDue(MetadataImage image) {
        return waiting.stream().anyMatch(each -> each.index <= image.appliedIndex());
    }

    private void complete(MetadataImage image) {
        List<Waiting> due;
        synchronized (this) {
            due = waiting.stream().filter(each -> each.index <= image.appliedIndex()).toList();
            waiting.removeAll(due);
        }
        due.forEach(each -> each.done.complete(image));
    }

    private void recover(MetadataImage image) {
        try {
            suspects.complete(store.recover(image));
        } catch (IOException failure) {
            throw new UncheckedIOException("the data directory cannot be read", failure);
        }
    }

    private static MlogException stopping(long index) {
        return new MlogException(
                ErrorCode.NOT_READY,
                "this broker is stopping and will not act on change %d of the metadata; ask another one"
                        .formatted(index));
    }

    /**
     * Ends it after the image it is acting on, which whoever ends the executor can wait for;
     * requests that still wait are refused.
     */
    @Override
    public void close() {
        List<Waiting> left;
        synchronized (this) {
            closed = true;
            left = List.copyOf(waiting);
            waiting.clear();
        }
        left.forEach(each -> each.done.completeExceptionally(stopping(each.index)));
        suspects.cancel(false);
    }
}
