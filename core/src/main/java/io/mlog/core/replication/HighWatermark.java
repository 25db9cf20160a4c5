package io.mlog.core.replication;

/**
 * The high watermark of a partition whose only in-sync replica is its leader: the first offset that
 * is not yet as safe as the partition's durability mode promises.
 *
 * <p>With {@link Durability#GROUP} it follows the flushed offset, with {@link Durability#OS} the
 * log end. It never moves back, except when the log itself is truncated below it. Owned by the
 * partition's lock.
 */
public final class HighWatermark {
    /** What an acknowledged record survives. */
    public enum Durability {
        /** The loss of power: it is on disk. */
        GROUP,
        /** The death of the process: the operating system has it. */
        OS
    }

    private Durability durability;
    private long value;

    /** Starts at {@code initial}, an offset at or below the log end. */
    public HighWatermark(Durability durability, long initial) {
        this.durability = durability;
        this.value = initial;
    }

    /** First offset not yet committed. */
    public long value() {
        return value;
    }

    /** Sets what is promised from now on; what was already exposed stays exposed. */
    public void durability(Durability newDurability) {
        durability = newDurability;
    }

    /** What is promised now. */
    public Durability durability() {
        return durability;
    }

    /**
     * Takes the log's present ends in.
     *
     * @return whether the high watermark moved
     * @throws IllegalStateException when more is flushed than was appended
     */
    public boolean update(long flushedOffset, long logEndOffset) {
        if (flushedOffset > logEndOffset) {
            throw new IllegalStateException(
                    "flushed offset "
                            + flushedOffset
                            + " is beyond the log end offset "
                            + logEndOffset);
        }
        long candidate = durability == Durability.GROUP ? flushedOffset : logEndOffset;
        if (candidate <= value) {
            return false;
        }
        value = candidate;
        return true;
    }
}
