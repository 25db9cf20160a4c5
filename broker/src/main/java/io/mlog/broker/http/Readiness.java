package io.mlog.broker.http;

/** How far the broker is. Written by the thread that starts and stops it, read by any. */
public final class Readiness {
    /** What is true now. */
    public enum Phase {
        STARTING,
        READY,
        STOPPING
    }

    /**
     * A phase with what there is to say about it.
     *
     * @param detail such as the progress of recovery
     */
    public record State(Phase phase, String detail) {}

    private volatile State state = new State(Phase.STARTING, "starting");

    /** The present state. */
    public State state() {
        return state;
    }

    /** Whether requests are served. */
    public boolean ready() {
        return state.phase == Phase.READY;
    }

    /** Says what is true from now on. */
    public void become(Phase phase, String detail) {
        state = new State(phase, detail);
    }
}
