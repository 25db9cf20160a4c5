package io.mlog.storage;

/** Hears how far the opening of logs is; called by the threads that open them. */
@FunctionalInterface
public interface OpenProgress {
    /** One more log is open or failed. */
    void opened(int done, int total, OpenedLog log);
}
