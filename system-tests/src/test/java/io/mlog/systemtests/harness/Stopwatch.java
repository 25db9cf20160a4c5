package io.mlog.systemtests.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.LongStream;

/**
 * Measures a span on a machine that others may use as well (Linux only).
 *
 * <p>{@link #undisturbed} is the wall time without the share that processes outside this test took
 * of the processors meanwhile: on an idle machine the wall time itself, and never less than the
 * processors needed for our own work. What a test promises about speed is held against that, so
 * that it says something about us and not about the neighbours.
 */
public final class Stopwatch {
    private static final Path PROC = Path.of("/proc");

    private final long startNanos = System.nanoTime();
    private final Ticks start = Ticks.now();

    private Stopwatch() throws IOException {}

    /** Begins now. */
    public static Stopwatch started() throws IOException {
        return new Stopwatch();
    }

    /** The time since the start. */
    public Duration wall() {
        return Duration.ofNanos(System.nanoTime() - startNanos);
    }

    /** The time since the start, less what others took of it. */
    public Duration undisturbed() throws IOException {
        double share = start.shareOfOthersUntil(Ticks.now());
        return Duration.ofNanos((long) (wall().toNanos() * (1 - share)));
    }

    /**
     * Processor time, in ticks of a hundredth of a second.
     *
     * @param all of all processors, busy or not
     * @param busy of that, what was used
     * @param ours of that, what this process and its children, living and dead, used
     */
    record Ticks(long all, long busy, long ours) {
        private static final int IDLE = 3;
        private static final int IO_WAIT = 4;
        private static final int FIRST_OF_GUESTS = 8;
        private static final int UTIME = 11;

        static Ticks now() throws IOException {
            String line = Files.readString(PROC.resolve("stat")).lines().findFirst().orElseThrow();
            long[] fields =
                    LongStream.of(numbers(line.substring(line.indexOf(' ')).strip()))
                            .limit(FIRST_OF_GUESTS)
                            .toArray();
            long all = LongStream.of(fields).sum();
            long ours = used(ProcessHandle.current());
            ours += ProcessHandle.current().descendants().mapToLong(Ticks::used).sum();
            return new Ticks(all, all - fields[IDLE] - fields[IO_WAIT], ours);
        }

        /** What a process used, and those of its children that are dead. */
        private static long used(ProcessHandle process) {
            try {
                String stat = Files.readString(PROC.resolve(process.pid() + "/stat"));
                String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
                long ticks = 0;
                for (int i = UTIME; i < UTIME + 4; i++) {
                    ticks += Long.parseLong(fields[i]);
                }
                return ticks;
            } catch (IOException e) {
                // It has ended meanwhile, so its parent counts it.
                return 0;
            }
        }

        private static long[] numbers(String text) {
            return Arrays.stream(text.split(" +")).mapToLong(Long::parseLong).toArray();
        }

        /** From 0 to 1. */
        double shareOfOthersUntil(Ticks end) {
            long passed = end.all - all;
            long others = (end.busy - busy) - (end.ours - ours);
            return passed <= 0 ? 0 : Math.clamp((double) others / passed, 0, 1);
        }
    }
}
