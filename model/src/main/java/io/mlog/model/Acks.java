package io.mlog.model;

/** What a producer waits for. */
public enum Acks {
    /** Nothing: no reply is sent. */
    NONE,
    /** The leader's append to its own log. */
    LEADER,
    /**
     * The high watermark passing the batch: with {@code --flush=group}, on disk on every in-sync
     * replica.
     */
    ALL
}
