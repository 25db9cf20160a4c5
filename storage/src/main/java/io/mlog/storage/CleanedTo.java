package io.mlog.storage;

/**
 * How far a log was compacted.
 *
 * @param offset first dirty offset: below it no two records have the same key
 * @param deleteHorizonMs when the first tombstones below it may go, ms since the epoch; {@link
 *     #NO_TOMBSTONES} when there are none
 */
record CleanedTo(long offset, long deleteHorizonMs) {
    static final long NO_TOMBSTONES = Long.MAX_VALUE;
    static final CleanedTo NOTHING = new CleanedTo(0, NO_TOMBSTONES);

    /** When the log has no record at or above {@code offset} any more. */
    CleanedTo endingAt(long end) {
        return end < offset ? new CleanedTo(end, deleteHorizonMs) : this;
    }
}
