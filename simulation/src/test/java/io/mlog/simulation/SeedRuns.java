package io.mlog.simulation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/** Many seeds, side by side on as many threads as there are processors: each run has one thread. */
final class SeedRuns {
    private static final int TOLD_LINES = 80;

    private final int events;
    private final Counts counts = new Counts();
    private final ConcurrentLinkedQueue<Simulation.Outcome> failures =
            new ConcurrentLinkedQueue<>();

    SeedRuns(int events) {
        this.events = events;
    }

    /** Runs {@code count} seeds from {@code first} on, or until one fails. */
    Optional<Simulation.Outcome> run(long first, long count) throws InterruptedException {
        AtomicLong next = new AtomicLong();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
            threads.add(
                    Thread.ofPlatform()
                            .name("simulation-" + i)
                            .start(() -> {
                                Counts own = new Counts();
                                for (long at = next.getAndIncrement();
                                        at < count && failures.isEmpty();
                                        at = next.getAndIncrement()) {
                                    note(Simulation.run(first + at, events, false, own));
                                }
                                synchronized (counts) {
                                    counts.add(own);
                                }
                            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        return Optional.ofNullable(failures.peek());
    }

    private void note(Simulation.Outcome outcome) {
        if (!outcome.isGood()) {
            failures.add(outcome);
        }
    }

    Counts counts() {
        synchronized (counts) {
            return counts;
        }
    }

    /** What a failure is told with: its seed, how to see it again, and how it ended. */
    static String story(long seed, int events) {
        Simulation.Outcome again = Simulation.run(seed, events, true, new Counts());
        Path file = Path.of("target", "seed-" + seed + ".trace");
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.write(file, again.trace());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        List<String> lines = again.trace();
        return "%s%nrepeat it with: make simulate SEED=%d; its trace is in simulation/%s and ends:%n%s"
                .formatted(
                        again.failure(),
                        seed,
                        file,
                        String.join(
                                "\n",
                                lines.subList(
                                        Math.max(0, lines.size() - TOLD_LINES), lines.size())));
    }
}
