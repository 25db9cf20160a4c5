package io.mlog.broker.flush;

/** Makes appended records durable, off the thread that appended them. */
public interface Flusher {
    /**
     * Asks for {@link FlushTarget#flush} of everything appended to {@code target} so far; asked
     * again before that flush has begun, one flush serves both. Any thread; does not wait, and
     * never flushes on the caller's thread, who may hold the target's lock.
     */
    void schedule(FlushTarget target);
}
