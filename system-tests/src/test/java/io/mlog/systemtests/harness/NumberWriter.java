package io.mlog.systemtests.harness;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Writes 0, 1, 2, … through a producer until it is told to stop, and remembers which of them were
 * acknowledged. At most {@link #MOST_UNACKNOWLEDGED} are on their way, so that it stands still
 * while the broker is dead. Owns its sink.
 */
public final class NumberWriter implements AutoCloseable {
    private static final int MOST_UNACKNOWLEDGED = 2_000;
    private static final int PAUSE_MS = 10;

    private final NumberSink sink;
    private final int perPause;
    private final Semaphore room = new Semaphore(MOST_UNACKNOWLEDGED);
    private final Set<Long> acknowledged = ConcurrentHashMap.newKeySet();
    private final AtomicLong acknowledgedCount = new AtomicLong();
    private final AtomicLong acknowledgedNanos = new AtomicLong();
    private final AtomicLong longestGapNanos = new AtomicLong();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final Thread thread;
    private volatile boolean stopping;

    /** Starts writing at once, as fast as it goes. */
    public NumberWriter(String name, NumberSink sink) {
        this(name, sink, Integer.MAX_VALUE);
    }

    /** Starts writing at once, about so many a second, so that others get to work, too. */
    public NumberWriter(String name, NumberSink sink, int perSecond) {
        this.sink = sink;
        this.perPause = Math.max(1, perSecond / (1000 / PAUSE_MS));
        this.thread = Thread.ofPlatform().daemon().name("numbers-" + name).start(this::write);
    }

    private void write() {
        try {
            for (long number = 0; !stopping; number++) {
                room.acquire();
                if (number % perPause == perPause - 1) {
                    Thread.sleep(PAUSE_MS);
                }
                sink.send(0, value(number), new Remembering(number));
            }
        } catch (Exception e) {
            failure.compareAndSet(null, e);
        }
    }

    private final class Remembering implements NumberSink.Outcome {
        private final long number;

        Remembering(long number) {
            this.number = number;
        }

        @Override
        public void acknowledged(long offset) {
            acknowledged.add(number);
            acknowledgedCount.incrementAndGet();
            noteGap();
            room.release();
        }

        @Override
        public void failed(Throwable why) {
            failure.compareAndSet(null, why);
            room.release();
        }
    }

    private static byte[] value(long number) {
        return (number + " ".repeat((int) (number % 200))).getBytes(StandardCharsets.UTF_8);
    }

    private void noteGap() {
        long now = System.nanoTime();
        long before = acknowledgedNanos.getAndSet(now);
        if (before != 0) {
            longestGapNanos.accumulateAndGet(now - before, Math::max);
        }
    }

    /** Longest time between two acknowledgements since the last call, in ms. */
    public long longestGapMs() {
        return longestGapNanos.getAndSet(0) / 1_000_000;
    }

    public long acknowledgedCount() {
        return acknowledgedCount.get();
    }

    /** Waits until so many are acknowledged, counted from the first. */
    public void awaitAcknowledged(Duration limit, long wanted) {
        Await.until(
                limit,
                wanted + " acknowledged records by " + thread.getName(),
                () -> acknowledgedCount() >= wanted || failure.get() != null);
        failOnRefusal();
    }

    /**
     * Stops writing and waits until every record has its outcome.
     *
     * @return how many were acknowledged: all that were written
     */
    public long finish() throws Exception {
        stopping = true;
        thread.join();
        sink.flush();
        failOnRefusal();
        return acknowledgedCount();
    }

    private void failOnRefusal() {
        Throwable failed = failure.get();
        if (failed != null) {
            throw new AssertionError("a record was not acknowledged", failed);
        }
    }

    /**
     * Holds what a topic has against what was acknowledged.
     *
     * @throws AssertionError when an acknowledged number is missing, or any is there twice or out
     *     of order
     */
    public void checkAgainst(List<byte[]> stored) {
        long last = -1;
        Set<Long> missing = ConcurrentHashMap.newKeySet();
        missing.addAll(acknowledged);
        for (int i = 0; i < stored.size(); i++) {
            long number = number(stored.get(i));
            if (number <= last) {
                throw new AssertionError(
                        "record "
                                + i
                                + " holds "
                                + number
                                + " behind "
                                + last
                                + ": twice or out of order");
            }
            last = number;
            missing.remove(number);
        }
        if (!missing.isEmpty()) {
            throw new AssertionError(
                    missing.size()
                            + " of "
                            + acknowledged.size()
                            + " acknowledged records are lost, for example "
                            + missing.stream().sorted().limit(5).toList());
        }
    }

    /** The number in a value. */
    private static long number(byte[] value) {
        return Long.parseLong(new String(value, StandardCharsets.UTF_8).strip());
    }

    @Override
    public void close() {
        stopping = true;
        thread.interrupt();
        sink.close();
    }
}
