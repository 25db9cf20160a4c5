package io.mlog.systemtests.harness;

import io.mlog.systemtests.history.History;
import io.mlog.systemtests.history.RecordId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Writes numbered records at a steady pace, in turn to the partitions of a topic, and has the
 * partitions' histories know. A record that fails may be stored or not; the writer goes on. At most
 * {@link #MOST_UNACKNOWLEDGED} are on their way. Owns its sink.
 */
public final class SteadyWriter implements AutoCloseable {
    private static final int MOST_UNACKNOWLEDGED = 50_000;

    private final int id;
    private final NumberSink sink;
    private final List<History> partitions;
    private final long everyNanos;
    private final Semaphore room = new Semaphore(MOST_UNACKNOWLEDGED);
    private final AtomicLong number = new AtomicLong();
    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicReferenceArray<@Nullable Expected> expected;
    private final Thread thread;
    private volatile @Nullable Throwable lastFailure;
    private volatile @Nullable Throwable broken;
    private volatile boolean stopping;

    /** The next acknowledgement of a record of at least this number. */
    private record Expected(long fromNumber, CompletableFuture<Long> atNanos) {}

    /**
     * Starts writing.
     *
     * @param id the writer's number in the histories, unlike that of any other
     * @param partitions the history of each partition
     * @param every time from one record to the next
     */
    public SteadyWriter(int id, NumberSink sink, List<History> partitions, Duration every) {
        this.id = id;
        this.sink = sink;
        this.partitions = List.copyOf(partitions);
        this.everyNanos = every.toNanos();
        this.expected = new AtomicReferenceArray<>(partitions.size());
        this.thread = Thread.ofPlatform().daemon().name("writer-" + id).start(this::write);
    }

    private void write() {
        long next = System.nanoTime();
        try {
            while (!stopping) {
                room.acquire();
                writeOne(number.getAndIncrement());
                next = Math.max(next + everyNanos, System.nanoTime() - everyNanos * 100);
                LockSupport.parkNanos(next - System.nanoTime());
            }
        } catch (InterruptedException e) {
            // Closed before it was finished.
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            broken = e;
            throw e;
        }
    }

    private void writeOne(long sending) throws InterruptedException {
        int partition = (int) (sending % partitions.size());
        RecordId record = new RecordId(id, sending);
        Settled outcome = new Settled(partition, record);
        partitions.get(partition).sent(record);
        try {
            sink.send(partition, record.bytes(), outcome);
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            outcome.failed(e);
        }
    }

    private final class Settled implements NumberSink.Outcome {
        private final int partition;
        private final RecordId record;

        Settled(int partition, RecordId record) {
            this.partition = partition;
            this.record = record;
        }

        @Override
        public void acknowledged(long offset) {
            long now = System.nanoTime();
            partitions.get(partition).acknowledged(record, offset);
            acknowledged.incrementAndGet();
            Expected awaited = expected.get(partition);
            if (awaited != null && record.number() >= awaited.fromNumber) {
                awaited.atNanos.complete(now);
            }
            room.release();
        }

        @Override
        public void failed(Throwable why) {
            lastFailure = why;
            failed.incrementAndGet();
            room.release();
        }
    }

    /**
     * When, in {@link System#nanoTime}, the first record of the partition is acknowledged that is
     * not yet sent. One question for each partition at a time: a later one replaces it.
     */
    public CompletableFuture<Long> nextAcknowledged(int partition) {
        Expected next = new Expected(number.get(), new CompletableFuture<>());
        expected.set(partition, next);
        return next.atNanos;
    }

    /** Waits until a record that is sent from now on is acknowledged in every partition. */
    public void awaitProgress(Duration limit) {
        List<CompletableFuture<Long>> all = new ArrayList<>();
        for (int partition = 0; partition < partitions.size(); partition++) {
            all.add(nextAcknowledged(partition));
        }
        for (int partition = 0; partition < all.size(); partition++) {
            awaitIn(limit, partition, all.get(partition));
        }
    }

    /** Waits for what {@link #nextAcknowledged} has promised. */
    public long awaitIn(Duration limit, int partition, CompletableFuture<Long> next) {
        try {
            return next.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (Exception e) {
            throw new AssertionError(
                    "nothing that writer %d sent to partition %d was acknowledged within %s; %s"
                            .formatted(id, partition, limit, this),
                    broken != null ? broken : lastFailure);
        }
    }

    public long acknowledged() {
        return acknowledged.get();
    }

    /** How many failed, so that nobody knows what became of them. */
    public long failed() {
        return failed.get();
    }

    /** Stops writing and waits until every record has its outcome. */
    public void finish() throws Exception {
        stopping = true;
        thread.join();
        if (broken != null) {
            throw new AssertionError("writer " + id + " broke", broken);
        }
        sink.flush();
    }

    @Override
    public String toString() {
        return "writer %d: %,d sent, %,d acknowledged, %,d failed"
                .formatted(id, number.get(), acknowledged.get(), failed.get());
    }

    @Override
    public void close() {
        stopping = true;
        thread.interrupt();
        sink.close();
    }
}
