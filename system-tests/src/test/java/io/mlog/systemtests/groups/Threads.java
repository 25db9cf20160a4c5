package io.mlog.systemtests.groups;

import java.time.Duration;

/** Waits for threads to end. */
final class Threads {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private Threads() {}

    static void join(Thread thread) {
        try {
            if (!thread.join(LIMIT)) {
                throw new AssertionError(thread.getName() + " did not end within " + LIMIT);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while " + thread.getName() + " was ending", e);
        }
    }
}
