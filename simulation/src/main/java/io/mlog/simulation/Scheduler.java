package io.mlog.simulation;

import java.util.PriorityQueue;

/** Virtual time, and what will happen in it. What is due at the same time happens as it came in. */
final class Scheduler {
    private final PriorityQueue<Event> queue = new PriorityQueue<>();
    private final Trace trace;
    private long nowMicros;
    private long scheduled;
    private long executed;

    Scheduler(Trace trace) {
        this.trace = trace;
    }

    /** Something that will happen unless it is cancelled. */
    static final class Event implements Comparable<Event> {
        private final long atMicros;
        private final long number;
        private final String what;
        private final Runnable action;
        private boolean cancelled;

        private Event(long atMicros, long number, String what, Runnable action) {
            this.atMicros = atMicros;
            this.number = number;
            this.what = what;
            this.action = action;
        }

        void cancel() {
            cancelled = true;
        }

        @Override
        public int compareTo(Event other) {
            int byTime = Long.compare(atMicros, other.atMicros);
            return byTime != 0 ? byTime : Long.compare(number, other.number);
        }

        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return Long.hashCode(number);
        }
    }

    Trace trace() {
        return trace;
    }

    long nowMicros() {
        return nowMicros;
    }

    long nowMs() {
        return nowMicros / 1000;
    }

    /** How many events have happened. */
    long executed() {
        return executed;
    }

    /** Lets {@code action} happen later; {@code what} names it in the trace. */
    Event after(long delayMicros, String what, Runnable action) {
        Event event = new Event(nowMicros + Math.max(0, delayMicros), scheduled++, what, action);
        queue.add(event);
        return event;
    }

    /** Lets the next event happen; false when there is none. */
    boolean step() {
        for (Event next = queue.poll(); next != null; next = queue.poll()) {
            if (!next.cancelled) {
                nowMicros = next.atMicros;
                executed++;
                trace.event(nowMicros, next.what);
                next.action.run();
                return true;
            }
        }
        return false;
    }
}
