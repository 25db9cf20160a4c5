package io.mlog.core.replication;

/**
 * Time that does not jump: the clock's steps backwards count as nothing, and large ones forwards
 * (the clock was set, the process was stopped) as one bounded step. Whoever measures silence with
 * it does not blame others for its own absence.
 */
final class SteadyTime {
    private final long maxStepMs;
    private long lastMs;
    private long steadyMs;

    SteadyTime(long nowMs, long maxStepMs) {
        this.lastMs = nowMs;
        this.maxStepMs = maxStepMs;
    }

    /** The steady time when the clock shows {@code nowMs}. */
    long at(long nowMs) {
        steadyMs += Math.clamp(nowMs - lastMs, 0, maxStepMs);
        lastMs = nowMs;
        return steadyMs;
    }
}
