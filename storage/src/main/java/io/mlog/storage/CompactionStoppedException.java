package io.mlog.storage;

/** A compaction cannot or shall not go on, and nothing is wrong with the log. */
final class CompactionStoppedException extends Exception {
    private static final long serialVersionUID = 1L;

    CompactionStoppedException(String reason) {
        super(reason);
    }
}
