package io.mlog.core.replication;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;

/**
 * Produce requests that wait for the high watermark to pass their records (Kafka: the produce
 * purgatory), in the order of their end offsets. Owned by the partition's lock; knows no time but
 * what it is told.
 *
 * @param <T> what is handed back when a request need not wait any more
 */
public final class WaitingProduces<T> {
    private record Waiting<T>(long endOffset, long deadlineMs, T request) {}

    private final ArrayDeque<Waiting<T>> waiting = new ArrayDeque<>();
    private final int limit;

    /** At most {@code limit} requests wait at a time. */
    public WaitingProduces(int limit) {
        this.limit = limit;
    }

    /** How many wait. */
    public int size() {
        return waiting.size();
    }

    /** Whether no more may be parked. */
    public boolean full() {
        return waiting.size() >= limit;
    }

    /**
     * Parks a request until the high watermark reaches {@code endOffset}.
     *
     * @param endOffset one past the request's last offset
     * @param deadlineMs time at which {@link #expire} gives it up
     * @throws IllegalStateException when {@link #full}
     */
    public void park(long endOffset, long deadlineMs, T request) {
        if (full()) {
            throw new IllegalStateException(limit + " produce requests wait already");
        }
        Waiting<T> added = new Waiting<>(endOffset, deadlineMs, request);
        if (waiting.isEmpty() || waiting.getLast().endOffset <= endOffset) {
            waiting.addLast(added);
        } else {
            insert(added); // a duplicate waits for records that were appended earlier
        }
    }

    private void insert(Waiting<T> added) {
        List<Waiting<T>> later = new ArrayList<>();
        while (!waiting.isEmpty() && waiting.getLast().endOffset > added.endOffset) {
            later.addFirst(waiting.removeLast());
        }
        waiting.addLast(added);
        waiting.addAll(later);
    }

    /** Takes out, in order, the requests whose records are all below {@code highWatermark}. */
    public List<T> release(long highWatermark) {
        if (waiting.isEmpty() || waiting.getFirst().endOffset > highWatermark) {
            return List.of();
        }
        List<T> released = new ArrayList<>();
        while (!waiting.isEmpty() && waiting.getFirst().endOffset <= highWatermark) {
            released.add(waiting.removeFirst().request);
        }
        return released;
    }

    /** Takes out the requests whose deadline is at or before {@code nowMs}. */
    public List<T> expire(long nowMs) {
        List<T> expired = new ArrayList<>();
        for (Iterator<Waiting<T>> all = waiting.iterator(); all.hasNext(); ) {
            Waiting<T> next = all.next();
            if (next.deadlineMs <= nowMs) {
                all.remove();
                expired.add(next.request);
            }
        }
        return expired;
    }

    /** The earliest deadline of those that wait, empty when none does. */
    public OptionalLong nextDeadlineMs() {
        return waiting.stream().mapToLong(Waiting::deadlineMs).min();
    }

    /** Takes all requests out, for a partition that stops serving. */
    public List<T> drain() {
        List<T> all = waiting.stream().map(Waiting::request).toList();
        waiting.clear();
        return all;
    }
}
