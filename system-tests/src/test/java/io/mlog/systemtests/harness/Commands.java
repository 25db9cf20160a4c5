package io.mlog.systemtests.harness;

import java.io.IOException;
import java.time.Duration;

/** Runs a process to its end. */
public final class Commands {
    private Commands() {}

    /**
     * Runs it; with no stdin file it reads an empty stdin.
     *
     * @throws AssertionError when it lives longer than {@code limit}
     */
    public static Ran run(Duration limit, Launch launch) throws IOException, InterruptedException {
        long began = System.nanoTime();
        try (Child child = Child.start(launch)) {
            if (launch.stdin().isEmpty()) {
                child.stdin().close();
            }
            int exit = child.awaitExit(limit);
            return new Ran(
                    String.join(" ", launch.command()),
                    exit,
                    child.out().text(),
                    child.err().text(),
                    Duration.ofNanos(System.nanoTime() - began));
        }
    }
}
