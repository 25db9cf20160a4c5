package io.mlog.storage;

/**
 * How a log is cut into files.
 *
 * @param segmentBytes size at which the active segment is rolled, 1 to 2^31-1; an append larger
 *     than it gets a segment of its own
 * @param segmentMs age of the first append of the active segment at which it is rolled, at least 1
 * @param indexIntervalBytes bytes of log between two index entries, at least 1
 * @param snapshotIntervalBytes bytes of log after which the producer state is saved again, so that
 *     recovery replays no more than this many, at least 1
 */
public record LogConfig(
        int segmentBytes, long segmentMs, int indexIntervalBytes, int snapshotIntervalBytes) {
    /** 1 GiB, a week, 4 KiB, 64 MiB. */
    public static final LogConfig DEFAULT =
            new LogConfig(1 << 30, 7L * 24 * 3600 * 1000, 4096, 64 << 20);

    public LogConfig {
        atLeastOne("segment.bytes", segmentBytes);
        atLeastOne("segment.ms", segmentMs);
        atLeastOne("index.interval.bytes", indexIntervalBytes);
        atLeastOne("producer snapshot interval in bytes", snapshotIntervalBytes);
    }

    /** The same with other roll limits. */
    public LogConfig withSegment(int bytes, long ms) {
        return new LogConfig(bytes, ms, indexIntervalBytes, snapshotIntervalBytes);
    }

    private static void atLeastOne(String name, long value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " is " + value + ", must be at least 1");
        }
    }
}
