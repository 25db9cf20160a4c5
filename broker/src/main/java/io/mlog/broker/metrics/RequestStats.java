package io.mlog.broker.metrics;

import java.util.concurrent.atomic.LongAdder;

/**
 * Latencies and failures of one kind of request. Any thread; recording is a few additions and
 * allocates nothing.
 */
public final class RequestStats {
    /** Upper bounds of the latency buckets, in nanoseconds; one more bucket takes the rest. */
    private static final long[] BOUNDS_NANOS = {
        50_000,
        100_000,
        250_000,
        500_000,
        1_000_000,
        2_500_000,
        5_000_000,
        10_000_000,
        25_000_000,
        50_000_000,
        100_000_000,
        250_000_000,
        500_000_000,
        1_000_000_000,
        5_000_000_000L
    };

    private final LongAdder[] buckets = new LongAdder[BOUNDS_NANOS.length + 1];
    private final LongAdder totalNanos = new LongAdder();
    private final LongAdder failures = new LongAdder();

    RequestStats() {
        for (int i = 0; i < buckets.length; i++) {
            buckets[i] = new LongAdder();
        }
    }

    /**
     * Records one answered request.
     *
     * @param nanos from the last byte of the request to the hand-over of its answer
     * @param failed whether the whole request was answered by an error
     */
    public void answered(long nanos, boolean failed) {
        buckets[bucketOf(nanos)].increment();
        totalNanos.add(nanos);
        if (failed) {
            failures.increment();
        }
    }

    private static int bucketOf(long nanos) {
        int bucket = 0;
        while (bucket < BOUNDS_NANOS.length && nanos > BOUNDS_NANOS[bucket]) {
            bucket++;
        }
        return bucket;
    }

    /** How many were answered. */
    public long count() {
        long count = 0;
        for (LongAdder bucket : buckets) {
            count += bucket.sum();
        }
        return count;
    }

    /** How many were answered by an error. */
    public long failures() {
        return failures.sum();
    }

    Samples.Histogram histogram() {
        double[] bounds = new double[buckets.length];
        long[] counts = new long[buckets.length];
        for (int i = 0; i < buckets.length; i++) {
            bounds[i] = i < BOUNDS_NANOS.length ? BOUNDS_NANOS[i] / 1e9 : Double.POSITIVE_INFINITY;
            counts[i] = buckets[i].sum();
        }
        return new Samples.Histogram(bounds, counts, totalNanos.sum() / 1e9);
    }
}
