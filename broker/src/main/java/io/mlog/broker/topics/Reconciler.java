package io.mlog.broker.topics;

import io.mlog.broker.partition.HostedPartitions;
import io.mlog.broker.partition.Partition;
import io.mlog.core.metadata.MetadataImage;
import io.mlog.core.metadata.PartitionImage;
import io.mlog.core.metadata.TopicImage;
import io.mlog.model.TopicPartition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the hosted partitions follow the metadata: compares what is hosted with the newest image
 * and opens, updates and deletes. It runs on a thread of its own, never on the metadata log's, and
 * skips images that were overtaken.
 *
 * <p>Requests that changed the metadata wait here ({@link #actedOn}) until this broker has acted on
 * their change, so that the next request never meets a topic that is announced but not there.
 */
public final class Reconciler implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Reconciler.class);

    private static final long NOTHING_ACTED = -1;

    private final int brokerId;
    private final HostedPartitions hosted;
    private final PartitionStore store;
    private final Thread thread;
    private final List<Waiting> waiting = new ArrayList<>(); // guarded by this
    private @Nullable MetadataImage newest; // guarded by this
    private boolean closed; // guarded by this

    private record Waiting(long index, CompletableFuture<MetadataImage> done) {}

    /**
     * Starts the thread.
     *
     * @param fatal told of a bug; the broker then stops
     */
    public Reconciler(
            int brokerId,
            HostedPartitions hosted,
            PartitionStore store,
            Consumer<Throwable> fatal) {
        this.brokerId = brokerId;
        this.hosted = hosted;
        this.store = store;
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
        if (newest == null || image.appliedIndex() > newest.appliedIndex()) {
            newest = image;
            notifyAll();
        }
    }

    /** Completes, with the image, once this broker has acted on the command at {@code index}. */
    public synchronized CompletableFuture<MetadataImage> actedOn(long index) {
        CompletableFuture<MetadataImage> done = new CompletableFuture<>();
        waiting.add(new Waiting(index, done));
        notifyAll();
        return done;
    }

    private void run() {
        long actedIndex = NOTHING_ACTED;
        for (MetadataImage next = next(actedIndex); next != null; next = next(actedIndex)) {
            if (actedIndex == NOTHING_ACTED) {
                recover(next);
            }
            if (next.appliedIndex() > actedIndex) {
                act(next);
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

    private void act(MetadataImage image) {
        for (Partition partition : hosted.all()) {
            if (!belongs(partition, image)) {
                delete(partition);
            }
        }
        for (TopicImage topic : image.topicsByName().values()) {
            for (PartitionImage partition : topic.partitions()) {
                if (partition.replicas().contains(brokerId)) {
                    host(topic, partition);
                }
            }
        }
    }

    private boolean belongs(Partition partition, MetadataImage image) {
        return image.topic(partition.topicId())
                .filter(topic -> topic.name().equals(partition.name().topic()))
                .flatMap(topic -> image.partition(partition.name()))
                .filter(known -> known.replicas().contains(brokerId))
                .isPresent();
    }

    private void host(TopicImage topic, PartitionImage partition) {
        TopicPartition name = new TopicPartition(topic.name(), partition.partition());
        Partition present = hosted.find(name);
        if (present != null) {
            store.update(present, topic, partition);
            return;
        }
        try {
            hosted.add(store.open(topic, partition));
        } catch (IOException failure) {
            LOG.error("partition {} cannot be opened and is offline: {}", name, failure.toString());
        }
    }

    private void delete(Partition partition) {
        hosted.remove(partition);
        try {
            store.delete(partition);
        } catch (IOException failure) {
            LOG.error(
                    "the records of deleted partition {} cannot be removed: {}",
                    partition.name(),
                    failure.toString());
        }
    }

    private void recover(MetadataImage image) {
        try {
            store.recover(image);
        } catch (IOException failure) {
            throw new UncheckedIOException("the data directory cannot be read", failure);
        }
    }

    /** Ends the thread after the image it is acting on; requests that still wait are cancelled. */
    @Override
    public void close() {
        List<Waiting> left;
        synchronized (this) {
            closed = true;
            left = List.copyOf(waiting);
            waiting.clear();
            notifyAll();
        }
        left.forEach(each -> each.done.cancel(false));
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
