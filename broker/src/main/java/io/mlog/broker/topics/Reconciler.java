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
    private final CompletableFuture<List<TopicIdPartition>> suspects = new CompletableFuture<>();
    private final Thread thread;
    private final List<Waiting> waiting = new ArrayList<>(); // guarded by this
    private @Nullable MetadataImage newest; // guarded by this
    private boolean closed; // guarded by this

    private record Waiting(long index, CompletableFuture<MetadataImage> done) {}

    /**
     * Starts the thread.
     *
     * @param self this life of the broker
     * @param acted told of each image after it was acted on, on the reconciler's thread
     * @param fatal told of a bug; the broker then stops
     */
    public Reconciler(
            IsrMember self,
            HostedPartitions hosted,
            PartitionStore store,
            Consumer<MetadataImage> acted,
            Consumer<Throwable> fatal) {
        this.views = new PartitionViews(self);
        this.store = store;
        this.changes = new HostedChanges(self.brokerId(), hosted, store, views);
        this.acted = acted;
        this.thread =
                Thread.ofPlatform()
                        .daemon()
                        .name("mlog-reconciler")
                        .start(() -> {
                            try {
                                run();
                            } catch (RuntimeException | Error bug) {
                                fatal.accept(bug);
                            }
                        });
    }

    /**
     * Takes in a newer image; called in order by the metadata log's thread, which it does not hold
     * up.
     */
    public synchronized void published(MetadataImage image) {
        if (views.mayActOn(image)
                && (newest == null || image.appliedIndex() > newest.appliedIndex())) {
            newest = image;
            notifyAll();
        }
    }

    /** Completes, with the image, once this broker has acted on the command at {@code index}. */
    public synchronized CompletableFuture<MetadataImage> actedOn(long index) {
        if (closed) {
            return CompletableFuture.failedFuture(stopping(index));
        }
        CompletableFuture<MetadataImage> done = new CompletableFuture<>();
        waiting.add(new Waiting(index, done));
        notifyAll();
        return done;
    }

    /**
     * Completes, when the data directory is recovered, with the replicas that must not count as in
     * sync: they have less than an earlier life promised to have.
     */
    public CompletableFuture<List<TopicIdPartition>> suspects() {
        return suspects.copy();
    }

    private void run() {
        long actedIndex = NOTHING_ACTED;
        for (MetadataImage next = next(actedIndex); next != null; next = next(actedIndex)) {
            if (actedIndex == NOTHING_ACTED) {
                recover(next);
            }
            if (next.appliedIndex() > actedIndex) {
                changes.act(next);
                acted.accept(next);
            }
            actedIndex = next.appliedIndex();
            complete(next);
        }
    }

    /** The image to act on or to complete waiting requests with; null once closed. */
    private synchronized @Nullable MetadataImage next(long actedIndex) {
        try {
            while (!closed) {
                MetadataImage image = newest;
                if (image != null && (image.appliedIndex() > actedIndex || isDue(image))) {
                    return image;
                }
                wait();
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
        return null;
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

    /** Ends the thread after the image it is acting on; requests that still wait are refused. */
    @Override
    public void close() {
        List<Waiting> left;
        synchronized (this) {
            closed = true;
            left = List.copyOf(waiting);
            waiting.clear();
            notifyAll();
        }
        left.forEach(each -> each.done.completeExceptionally(stopping(each.index)));
        suspects.cancel(false);
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
