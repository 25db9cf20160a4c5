package io.mlog.services;

/** A fetch that may still be waiting for records. */
public interface WaitingFetch {
    /** Nothing to give up: the answer was delivered, or does not wait for records. */
    WaitingFetch NOT_WAITING = () -> {};

    /** Gives up: the answer will not be delivered unless it already was. Any thread; idempotent. */
    void cancel();
}
