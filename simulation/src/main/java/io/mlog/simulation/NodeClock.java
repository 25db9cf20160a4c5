package io.mlog.simulation;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** The clock on a machine's wall: goes with virtual time, and jumps when it is set. */
final class NodeClock extends Clock {
    private static final long BEGIN_MS = 1_800_000_000_000L;

    private final Scheduler scheduler;
    private long aheadMs;

    NodeClock(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    void jump(long ms) {
        aheadMs += ms;
    }

    @Override
    public long millis() {
        return BEGIN_MS + scheduler.nowMs() + aheadMs;
    }

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(millis());
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("machines here are in UTC, not in " + zone);
    }
}
