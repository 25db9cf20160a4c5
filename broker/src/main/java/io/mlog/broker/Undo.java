package io.mlog.broker;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was begun and has to be ended, the last first: the same list serves a start that fails
 * half-way and an orderly stop. Used by one thread at a time.
 */
final class Undo {
    private static final Logger LOG = LoggerFactory.getLogger(Undo.class);

    private final Deque<AutoCloseable> begun = new ArrayDeque<>();

    /** Notes that {@code resource} was begun, and returns it. */
    <T extends AutoCloseable> T begun(T resource) {
        begun.push(resource);
        return resource;
    }

    /** Notes that {@code end} has to be done. */
    void onEnd(AutoCloseable end) {
        begun.push(end);
    }

    /** Ends everything; a failure is logged and does not keep the rest from ending. */
    void all() {
        while (!begun.isEmpty()) {
            AutoCloseable next = begun.pop();
            try {
                next.close();
            } catch (Exception failure) {
                LOG.error("the broker did not stop cleanly: {}", failure.toString(), failure);
            }
        }
    }
}
