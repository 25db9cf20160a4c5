package io.mlog.broker.flush;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/**
 * Flushes the partitions that ask for it, each by one {@code fdatasync} for everything that was
 * appended until it began: records that arrive while a partition's flush runs share the next one.
 *
 * <p>A few threads work side by side, so that a slow file delays only its own partition. The queue
 * holds every target at most once, so the number of partitions bounds it.
 */
public final class GroupFlusher implements Flusher, AutoCloseable {
    private static final FlushTarget STOP = new Stop();

    private final LinkedBlockingQueue<FlushTarget> queue = new LinkedBlockingQueue<>();
    private final List<Thread> threads = new ArrayList<>();
    private final Consumer<Throwable> fatal;
    private final LongAdder flushes = new LongAdder();
    private final LongAdder flushedRecords = new LongAdder();
    private final LongAdder flushNanos = new LongAdder();

    /**
     * Starts {@code threadCount} threads.
     *
     * @param fatal told of a bug in a target; the broker then stops
     */
    public GroupFlusher(int threadCount, Consumer<Throwable> fatal) {
        this.fatal = fatal;
        for (int i = 0; i < threadCount; i++) {
            threads.add(Thread.ofPlatform().daemon().name("mlog-flusher-" + i).start(this::work));
        }
    }

    @Override
    public void schedule(FlushTarget target) {
        if (target.ticket().want()) {
            queue.add(target);
        }
    }

    /** Flushes that did something, since the start. */
    public long flushes() {
        return flushes.sum();
    }

    /** Records made durable, since the start. */
    public long flushedRecords() {
        return flushedRecords.sum();
    }

    /** Time spent in flushes, in nanoseconds over all threads. */
    public long flushNanos() {
        return flushNanos.sum();
    }

    private void work() {
        try {
            for (FlushTarget next = queue.take(); next != STOP; next = queue.take()) {
                flush(next);
            }
        } catch (Throwable bug) {
            fatal.accept(bug);
        }
    }

    private void flush(FlushTarget target) {
        target.ticket().begin();
        long start = System.nanoTime();
        long records = target.flush();
        if (records > 0) {
            flushes.increment();
            flushedRecords.add(records);
            flushNanos.add(System.nanoTime() - start);
        }
        if (target.ticket().end()) {
            queue.add(target);
        }
    }

    /** Ends the threads once what is queued is flushed; waits for them. */
    @Override
    public void close() {
        threads.forEach(thread -> queue.add(STOP));
        boolean interrupted = false;
        for (Thread thread : threads) {
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static final class Stop implements FlushTarget {
        private final FlushTicket ticket = new FlushTicket();

        @Override
        public long flush() {
            return 0;
        }

        @Override
        public FlushTicket ticket() {
            return ticket;
        }
    }
}
