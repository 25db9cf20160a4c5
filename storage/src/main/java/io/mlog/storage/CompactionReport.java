package io.mlog.storage;

/**
 * What a compaction came to.
 *
 * @param reason why it did not get to its end; empty when it did
 * @param readBytes read from the disk, bytes that were read twice counted twice
 * @param writtenBytes written to it
 * @param keys different keys met in the dirty part
 * @param whole whether all that was dirty is clean now; else the memory for keys was too small, and
 *     the next round goes on
 */
public record CompactionReport(
        End end, String reason, long readBytes, long writtenBytes, long keys, boolean whole) {
    /** How it ended. */
    public enum End {
        /** As it should. */
        DONE,
        /** It was told to stop, or the log was changed or closed under it: nothing is wrong. */
        STOPPED,
        /** The disk has no space for the new segments. */
        DISK_FULL,
        /** Something in the log cannot be read; another try would meet it again. */
        UNCLEANABLE
    }
}
