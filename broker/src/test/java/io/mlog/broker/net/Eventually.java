package io.mlog.broker.net;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Waits for what another thread brings about. */
public final class Eventually {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(15);

    private Eventually() {}

    /** Returns once the claim holds, and fails when it does not in time. */
    public static void holds(String claim, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not in time: " + claim);
            }
            Thread.sleep(2);
        }
    }
}
