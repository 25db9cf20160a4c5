package io.mlog.client;

import java.util.random.RandomGenerator;

/**
 * How long to wait before trying again: doubling from the first wait to the longest, each cut by a
 * random part of up to a half, so that clients which lost the same node do not return in step. Any
 * thread, as far as the randomness allows it.
 */
final class Backoff {
    private final long firstMs;
    private final long maxMs;
    private final RandomGenerator random;

    Backoff(long firstMs, long maxMs, RandomGenerator random) {
        this.firstMs = firstMs;
        this.maxMs = maxMs;
        this.random = random;
    }

    /**
     * The wait, in ms.
     *
     * @param failures how many attempts have failed in a row, 1 or more
     */
    long delayMs(int failures) {
        long doubled = firstMs << Math.min(failures - 1, 30);
        long whole = Math.min(doubled, maxMs);
        return whole - random.nextLong(whole / 2 + 1);
    }
}
