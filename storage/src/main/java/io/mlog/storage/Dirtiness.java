package io.mlog.storage;

/**
 * How much there is to compact in a log at a moment.
 *
 * @param cleanBytes of the part that was compacted before
 * @param dirtyBytes behind it, up to where compaction may go
 * @param overdue whether it must be compacted whatever the ratio: dirty for longer than {@code
 *     max.compaction.lag.ms}, or with tombstones whose time has come
 */
public record Dirtiness(long cleanBytes, long dirtyBytes, boolean overdue) {
    /** Nothing there to compact. */
    public static final Dirtiness NONE = new Dirtiness(0, 0, false);

    /** Share of the dirty bytes, 0 to 1. */
    public double ratio() {
        return dirtyBytes == 0 ? 0 : (double) dirtyBytes / (cleanBytes + dirtyBytes);
    }

    /** Whether compaction is due. */
    public boolean isDue(CompactionConfig config) {
        return overdue || ratio() > config.minDirtyRatio();
    }
}
