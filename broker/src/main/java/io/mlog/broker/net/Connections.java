package io.mlog.broker.net;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** The open connections, never more than the limit. Any thread. */
final class Connections {
    private final int max;
    private final AtomicInteger count = new AtomicInteger();
    private final Set<Connection> open = ConcurrentHashMap.newKeySet();

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

    int count() {
        return count.get();
    }

    void forEach(Consumer<Connection> action) {
        open.forEach(action);
    }
}
