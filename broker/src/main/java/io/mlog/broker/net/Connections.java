package io.mlog.broker.net;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** The open connections, never more than the limit, and when they are to end. Any thread. */
final class Connections {
    private final int max;
    private final AtomicInteger count = new AtomicInteger();
    private final Set<Connection> open = ConcurrentHashMap.newKeySet();
    private volatile boolean ending;

    Connections(int max) {
        this.max = max;
    }

    /** Admits the connection, or returns false when there are enough. */
    boolean admit(Connection connection) {
        if (count.incrementAndGet() > max) {
            count.decrementAndGet();
            return false;
        }
        open.add(connection);
        return true;
    }

    /** The connection is gone. Idempotent. */
    void remove(Connection connection) {
        if (open.remove(connection)) {
            count.decrementAndGet();
        }
    }

    /**
     * Ends each connection behind the answers to what it was asked. Requests of the JSON RPC and of
     * Kafka's protocol that are read after this has returned are not taken, wherever the event
     * loops are; HTTP, which only tells how the broker is, ends when its loop hears of it. Who is
     * admitted later finds out by itself.
     */
    void end() {
        ending = true;
        open.forEach(Connection::end);
    }

    /** Whether they were told to end, for good. */
    boolean isEnding() {
        return ending;
    }

    int count() {
        return count.get();
    }

    void forEach(Consumer<Connection> action) {
        open.forEach(action);
    }
}
