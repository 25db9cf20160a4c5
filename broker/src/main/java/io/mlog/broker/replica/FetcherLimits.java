package io.mlog.broker.replica;

/**
 * The bounds of a fetcher.
 *
 * @param maxWaitMs how long a leader may keep a request when there is nothing to tell; it is also
 *     the time within which a follower shows that it lives
 * @param maxBytes most bytes of records in one answer, beyond a first batch
 * @param maxPartitionBytes most bytes of records of one partition in one answer
 * @param maxAsks most partitions asked for in one request; more wait for the next one
 * @param leaderPauses waits after the leader could not be reached or refused a request
 * @param partitionPauses waits after a leader had nothing but an error for a partition
 */
public record FetcherLimits(
        int maxWaitMs,
        int maxBytes,
        int maxPartitionBytes,
        int maxAsks,
        Backoff leaderPauses,
        Backoff partitionPauses) {
    /** 500 ms, 8 MiB, 2 MiB, 4096 partitions; pauses of 50 ms to 1 s and of 20 to 500 ms. */
    public static final FetcherLimits DEFAULTS =
            new FetcherLimits(
                    500, 8 << 20, 2 << 20, 4096, new Backoff(50, 1000), new Backoff(20, 500));

    /** Of how many of a follower's waits its leader may miss before it is out of sync. */
    private static final int WAITS_PER_LAG_TIME = 4;

    /** The defaults, with waits so short that a follower is heard of often enough. */
    public static FetcherLimits forLagTime(long isrLagMs) {
        return new FetcherLimits(
                Math.clamp(isrLagMs / WAITS_PER_LAG_TIME, 1, DEFAULTS.maxWaitMs),
                DEFAULTS.maxBytes,
                DEFAULTS.maxPartitionBytes,
                DEFAULTS.maxAsks,
                DEFAULTS.leaderPauses,
                DEFAULTS.partitionPauses);
    }

    public FetcherLimits {
        atLeastOne("maxWaitMs", maxWaitMs);
        atLeastOne("maxBytes", maxBytes);
        atLeastOne("maxPartitionBytes", maxPartitionBytes);
        atLeastOne("maxAsks", maxAsks);
    }

    private static void atLeastOne(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " is " + value + ", it must be 1 or more");
        }
    }
}
