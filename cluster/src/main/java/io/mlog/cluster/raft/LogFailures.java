package io.mlog.cluster.raft;

import io.mlog.model.ErrorCode;

/** What callers are told when the log cannot be written. */
final class LogFailures {
    private LogFailures() {}

    static ErrorCode code(Throwable cause) {
        return isFull(cause) ? ErrorCode.DISK_FULL : ErrorCode.STORAGE_ERROR;
    }

    static String sentence(Throwable cause) {
        return "the metadata log cannot be written (%s): %s"
                .formatted(
                        Causes.root(cause),
                        isFull(cause)
                                ? "free some space; changes of metadata resume by themselves"
                                : "check the disk and restart this node");
    }

    /** Whether the disk, or its quota, was full: then the log may be written again later. */
    static boolean isFull(Throwable cause) {
        String why = Causes.root(cause);
        return why.contains("No space left") || why.contains("quota exceeded");
    }
}
