package io.mlog.broker.replica;

import java.util.random.RandomGenerator;

/**
 * How long to wait before trying again: twice as long after each failure in a row, and between half
 * of that and all of it, so that those who failed together do not try again together.
 *
 * @param firstMs the longest wait after one failure, 1 or more
 * @param mostMs the longest wait of all, {@code firstMs} or more
 */
public record Backoff(long firstMs, long mostMs) {
    private static final int MOST_DOUBLINGS = 30;

    public Backoff {
        if (firstMs < 1 || mostMs < firstMs) {
            throw new IllegalArgumentException(
                    "waits of %d to %d ms are not 1 or more and rising".formatted(firstMs, mostMs));
        }
    }

    /**
     * The wait in ms.
     *
     * @param failures how many there were in a row, 1 or more
     */
    long delayMs(int failures, RandomGenerator random) {
        long longest = Math.min(mostMs, firstMs << Math.clamp(failures - 1L, 0, MOST_DOUBLINGS));
        return longest - random.nextLong(longest / 2 + 1);
    }
}
