package io.mlog.systemtests.harness;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Waits for something that only shows when it is looked at, such as the state of a process. */
public final class Await {
    private static final long LOOK_EVERY_NANOS = 5_000_000;

    private Await() {}

    /** A look at the world that may fail; a failed look counts as "not yet". */
    public interface Look {
        boolean isThere() throws Exception;
    }

    /**
     * Returns as soon as {@code look} is true.
     *
     * @throws AssertionError after {@code limit}, naming {@code what} and the last failure
     */
    public static void until(Duration limit, String what, Look look) {
        long deadline = System.nanoTime() + limit.toNanos();
        Throwable last = null;
        do {
            try {
                if (look.isThere()) {
                    return;
                }
            } catch (Exception e) {
                last = e;
            }
            LockSupport.parkNanos(LOOK_EVERY_NANOS);
        } while (System.nanoTime() < deadline);
        throw new AssertionError("waited " + limit + " in vain for " + what, last);
    }
}
