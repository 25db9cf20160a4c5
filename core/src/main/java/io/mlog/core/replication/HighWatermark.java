package io.mlog.core.replication;

/**
 * The high watermark of a replica: the first offset that is not yet known to be committed. It
 * outlives the replica's roles, and moves back only when the log is truncated below it. Owned by
 * the partition's lock.
 */
public final class HighWatermark {
    /** What an acknowledged record survives. */
    public enum Durability {
        /** The loss of power: it is on disk. */
        GROUP,
        /** The death of the process: the operating system has it. */
        OS;

        /** First offset of a log that is not as safe as promised. */
        long safeOffset(long flushedOffset, long logEndOffset) {
            if (flushedOffset > logEndOffset) {
                throw new IllegalStateException(
                        "flushed offset "
                                + flushedOffset
                                + " is beyond the log end offset "
                                + logEndOffset);
            }
            return this == GROUP ? flushedOffset : logEndOffset;
        }
    }

    /** In place of a high watermark: it is not known. */
    public static final long UNKNOWN = -1;

    private long value;

    /** Starts at {@code initial}, an offset at or below the log end. */
    public HighWatermark(long initial) {
        this.value = initial;
    }

    /** First offset not known to be committed. */
    public long value() {
        return value;
    }

    /** Moves up to {@code candidate}, never back; says whether it moved. */
    public boolean raise(long candidate) {
        if (candidate <= value) {
            return false;
        }
        value = candidate;
        return true;
    }

    /** Takes in that the log was cut and ends at {@code logEndOffset} now. */
    public void truncated(long logEndOffset) {
        value = Math.min(value, logEndOffset);
    }
}
