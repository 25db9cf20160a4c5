package io.mlog.core.replication;

/**
 * How far behind its leader a follower may be and still count as in sync.
 *
 * @param lagRecords records that it may be behind the log end and still be current ({@code
 *     --isr-lag-threshold})
 * @param lagTimeMs how long ago it may have been current last ({@code --isr-lag-time})
 */
public record IsrLimits(long lagRecords, long lagTimeMs) {
    public IsrLimits {
        if (lagRecords < 0 || lagTimeMs < 1) {
            throw new IllegalArgumentException(
                    "a follower cannot be allowed to lag by %d records and %d ms"
                            .formatted(lagRecords, lagTimeMs));
        }
    }
}
