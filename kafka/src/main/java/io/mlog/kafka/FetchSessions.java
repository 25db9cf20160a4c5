package io.mlog.kafka;

import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.LongSupplier;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * The fetch sessions of consumers (KIP-227), one for each connection at most: a client has one for
 * each broker, gives it up when it has to connect again, and what belongs to a connection that is
 * gone can be forgotten at once. Any thread; its monitor guards which sessions there are and how
 * large, never what is in them.
 *
 * <p>Both numbers are bounded. When a new session does not fit, one that was silent for long makes
 * room, else one that is old and smaller than it; else the client is told that it has no session
 * and goes on naming all partitions in every request. That is Kafka's rule.
 */
final class FetchSessions {
    private static final int NEW = 0;
    private static final int CLOSED = -1;

    private final Limits limits;
    private final LongSupplier clockMs;

    /** The one that was silent for the longest time first. */
    private final LinkedHashMap<Integer, Entry> byId = new LinkedHashMap<>();

    private final IdentityHashMap<KafkaConnection, Entry> byConnection = new IdentityHashMap<>();
    private int lastId;
    private int partitions;
    private long evictions;

    /**
     * The bounds.
     *
     * @param maxSessions most sessions
     * @param maxPartitions most partitions in all sessions together
     * @param maxPartitionsOfOne most partitions of one session, which each of its requests reads
     * @param evictionMs age and silence from which on a session may have to go
     */
    record Limits(int maxSessions, int maxPartitions, int maxPartitionsOfOne, long evictionMs) {
        /** Kafka's 1,000 sessions and 2 minutes; about 20 MB when it is full. */
        static final Limits DEFAULTS = new Limits(1_000, 100_000, 10_000, 120_000);
    }

    private static final class Entry {
        private final FetchSession session;
        private final KafkaConnection connection;
        private final long createdMs;
        private long usedMs;
        private int size;

        Entry(FetchSession session, KafkaConnection connection, long nowMs) {
            this.session = session;
            this.connection = connection;
            this.createdMs = nowMs;
            this.usedMs = nowMs;
        }
    }

    /** No sessions yet; {@code clockMs} never goes back. */
    FetchSessions(Limits limits, LongSupplier clockMs) {
        this.limits = limits;
        this.clockMs = clockMs;
    }

    /** What a request means; called on the connection's event loop. */
    FetchTurn turn(FetchRequestData request, boolean byTopicId, KafkaConnection connection) {
        List<FetchWish> wishes = FetchWish.of(request);
        int epoch = request.sessionEpoch();
        if (epoch == NEW || epoch == CLOSED) {
            close(request.sessionId(), connection);
            return epoch == NEW
                    ? begin(wishes, byTopicId, connection)
                    : new FetchTurn.Whole(wishes);
        }
        FetchSession session = find(request.sessionId(), connection);
        if (session == null) {
            return new FetchTurn.Refused(Errors.FETCH_SESSION_ID_NOT_FOUND);
        }
        if (session.isByTopicId() != byTopicId) {
            return new FetchTurn.Refused(Errors.FETCH_SESSION_TOPIC_ID_ERROR);
        }
        if (session.nextEpoch() != epoch) {
            return new FetchTurn.Refused(Errors.INVALID_FETCH_SESSION_EPOCH);
        }
        return goOn(session, wishes, FetchWish.forgotten(request), connection);
    }

    private FetchTurn begin(List<FetchWish> wishes, boolean byTopicId, KafkaConnection connection) {
        FetchSession session = new FetchSession(nextId(), byTopicId);
        session.update(wishes, List.of());
        if (session.size() == 0 || !admit(session, session.size(), connection)) {
            return new FetchTurn.Whole(wishes);
        }
        connection.whenClosed(() -> closed(connection));
        return session.first();
    }

    private FetchTurn goOn(
            FetchSession session,
            List<FetchWish> wishes,
            List<FetchWish.Key> forgotten,
            KafkaConnection connection) {
        int size = session.sizeWith(wishes, forgotten);
        if (size == 0) {
            close(session.id(), connection);
            return new FetchTurn.Whole(wishes);
        }
        if (!admit(session, size, connection)) {
            close(session.id(), connection);
            return new FetchTurn.Refused(Errors.FETCH_SESSION_ID_NOT_FOUND);
        }
        session.update(wishes, forgotten);
        return session.next();
    }

    private synchronized int nextId() {
        lastId = lastId == Integer.MAX_VALUE ? 1 : lastId + 1;
        return lastId;
    }

    private synchronized @Nullable FetchSession find(int id, KafkaConnection connection) {
        Entry entry = byConnection.get(connection);
        return entry == null || entry.session.id() != id ? null : entry.session;
    }

    private synchronized void close(int id, KafkaConnection connection) {
        Entry entry = byConnection.get(connection);
        if (entry != null && entry.session.id() == id) {
            remove(entry);
        }
    }

    private synchronized void closed(KafkaConnection connection) {
        Entry entry = byConnection.get(connection);
        if (entry != null) {
            remove(entry);
        }
    }

    /** Makes room for a session of that size, which is the connection's only one then. */
    private synchronized boolean admit(FetchSession session, int size, KafkaConnection connection) {
        long nowMs = clockMs.getAsLong();
        Entry entry = byConnection.get(connection);
        if (entry == null || entry.session != session) {
            if (entry != null) {
                remove(entry);
            }
            entry = new Entry(session, connection, nowMs);
        }
        if (size > limits.maxPartitionsOfOne || !makeRoom(entry, size, nowMs)) {
            return false;
        }
        partitions += size - entry.size;
        entry.size = size;
        entry.usedMs = nowMs;
        byId.putLast(session.id(), entry);
        byConnection.put(connection, entry);
        return true;
    }

    private boolean makeRoom(Entry entry, int size, long nowMs) {
        while (sessionsWith(entry) > limits.maxSessions
                || partitions - entry.size + size > limits.maxPartitions) {
            Entry victim = victim(entry, size, nowMs);
            if (victim == null) {
                return false;
            }
            remove(victim);
            evictions++;
        }
        return true;
    }

    private int sessionsWith(Entry entry) {
        return byId.size() + (byId.containsKey(entry.session.id()) ? 0 : 1);
    }

    private @Nullable Entry victim(Entry entry, int size, long nowMs) {
        Entry smallest = null;
        for (Entry other : byId.values()) {
            if (other == entry) {
                continue;
            }
            if (nowMs - other.usedMs > limits.evictionMs) {
                return other;
            }
            boolean mayGo = nowMs - other.createdMs > limits.evictionMs && other.size < size;
            if (mayGo && (smallest == null || other.size < smallest.size)) {
                smallest = other;
            }
        }
        return smallest;
    }

    private void remove(Entry entry) {
        if (byId.remove(entry.session.id()) != null) {
            byConnection.remove(entry.connection);
            partitions -= entry.size;
        }
    }

    /** How many sessions there are. */
    synchronized int size() {
        return byId.size();
    }

    /** How many partitions they have together. */
    synchronized int partitions() {
        return partitions;
    }

    /** How many had to make room for others. */
    synchronized long evictions() {
        return evictions;
    }
}
