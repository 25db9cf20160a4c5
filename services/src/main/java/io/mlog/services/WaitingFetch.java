package io.mlog.services;

/** A fetch that may still be waiting for records. */
public interface WaitingFetch {
    /** Gives up: the answer will not be delivered unless it already was. Any thread; idempotent. */
    void cancel();
}
