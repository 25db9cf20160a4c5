package io.mlog.cli.terminal;

import java.time.Duration;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * How this process ends: by its command being through, or by SIGTERM or ^C, which ask the command
 * to stop, wait for it, and leave it its own exit code instead of the signal's.
 *
 * <p>There is one for the process, since a process ends once.
 */
public final class ProcessEnd {
    /** What is asked of the running command when the process is told to end. */
    @FunctionalInterface
    public interface Stop {
        /**
         * Stops the command; called on a thread of the JVM's shutdown.
         *
         * @return the exit code when nothing is left to do, or empty to wait for the command's own
         */
        OptionalInt stop();
    }

    /** What the running command has asked for until it is through. */
    public static final class Watch implements AutoCloseable {
        private final Stop stop;
        private final Duration limit;

        private Watch(Stop stop, Duration limit) {
            this.stop = stop;
            this.limit = limit;
        }

        /** The command needs no stop any more. */
        @Override
        public void close() {
            WATCH.compareAndSet(this, NOBODY);
        }
    }

    private static final Watch NOBODY = new Watch(OptionalInt::empty, Duration.ZERO);
    private static final AtomicReference<Watch> WATCH = new AtomicReference<>(NOBODY);
    private static final CountDownLatch THROUGH = new CountDownLatch(1);
    private static volatile int exitCode = 1;

    private ProcessEnd() {}

    /**
     * Has {@code stop} called when the process is told to end; a command that is not through within
     * {@code limit} of that is cut off with exit code 1.
     */
    public static Watch onSignal(Duration limit, Stop stop) {
        Watch watch = new Watch(stop, limit);
        if (WATCH.getAndSet(watch) == NOBODY) {
            Hook.installed();
        }
        return watch;
    }

    /** Ends the process with the command's exit code. */
    public static void exit(int code) {
        exitCode = code;
        THROUGH.countDown();
        // Explicitly: libraries may have started threads that would keep the process alive.
        System.exit(code);
    }

    /** Added to the JVM once, when a command first asks for it. */
    private static final class Hook {
        private static final Thread THREAD = new Thread(Hook::run, "stop");

        static {
            Runtime.getRuntime().addShutdownHook(THREAD);
        }

        static void installed() {
            Objects.requireNonNull(THREAD);
        }

        private static void run() {
            Watch watch = WATCH.get();
            if (THROUGH.getCount() == 0 || watch == NOBODY) {
                return;
            }
            Thread asking = Thread.ofPlatform().daemon().start(() -> ask(watch));
            try {
                if (!THROUGH.await(watch.limit.toMillis(), TimeUnit.MILLISECONDS)) {
                    System.err.println(
                            "mlog: not through after %d ms: cut off (%s)"
                                    .formatted(watch.limit.toMillis(), asking.getState()));
                    exitCode = 1;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            Runtime.getRuntime().halt(exitCode);
        }

        private static void ask(Watch watch) {
            watch.stop
                    .stop()
                    .ifPresent(code -> {
                        exitCode = code;
                        THROUGH.countDown();
                    });
        }
    }
}
