package io.mlog.broker.flush;

/** Something that a {@link Flusher} makes durable: a partition. */
public interface FlushTarget {
    /**
     * Forces to disk what is appended by now and tells whoever waits for it. Runs on a flusher
     * thread, never twice at a time for one target. Handles its own failures: an exception from
     * here is a bug.
     *
     * @return how many records became durable, for the metrics; 0 when there was nothing to do
     */
    long flush();

    /** The target's own scheduling state, touched by the flusher only. */
    FlushTicket ticket();
}
