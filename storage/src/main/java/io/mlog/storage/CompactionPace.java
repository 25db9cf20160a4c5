package io.mlog.storage;

/** How fast a compaction may go, and whether it may go on. Called by the thread that runs it. */
@FunctionalInterface
public interface CompactionPace {
    /**
     * So many bytes more were read or written. May block for a while.
     *
     * @return false to stop; what was finished stays
     */
    boolean passed(long bytes);
}
