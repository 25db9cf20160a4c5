package io.mlog.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/**
 * Clusters under faults that seeds choose: nothing acknowledged is lost, whatever happens. How many
 * seeds is set by {@code -Dsimulation.seeds}, where they begin by {@code -Dsimulation.seed}.
 */
final class SimulationTest {
    private static final int EVENTS = Integer.getInteger("simulation.events", 1000);
    private static final long SEEDS = Long.getLong("simulation.seeds", 5000);
    private static final String NO_SEED = "";

    @Test
    @Timeout(value = 12, unit = TimeUnit.HOURS, threadMode = ThreadMode.SAME_THREAD)
    void freshSeedsKeepEveryPromise() throws InterruptedException {
        String wanted = System.getProperty("simulation.seed", NO_SEED);
        long first =
                wanted.equals(NO_SEED)
                        ? ThreadLocalRandom.current().nextLong(1L << 48)
                        : Long.parseLong(wanted);
        System.out.printf(
                "simulating %d seeds of %d events from seed %d on%n", SEEDS, EVENTS, first);
        SeedRuns runs = new SeedRuns(EVENTS);
        runs.run(first, SEEDS)
                .ifPresent(failed -> {
                    throw new AssertionError(SeedRuns.story(failed.seed(), EVENTS));
                });
        Counts counts = runs.counts();
        System.out.println(counts);
        assertThat(counts.of(Counts.Kind.RUNS)).isEqualTo(SEEDS);
        assertThat(counts.of(Counts.Kind.EVENTS)).isGreaterThan(SEEDS * EVENTS);
        if (SEEDS >= 100) {
            assertThat(counts.zeros()).as("kinds of events that never happened").isEmpty();
        }
    }

    @Test
    void seedsThatFailedOnceDoNotFailAgain() throws IOException {
        for (String line : regressions()) {
            String[] words = line.split("\\s+", 3);
            long seed = Long.parseLong(words[0]);
            int events = Integer.parseInt(words[1]);
            if (!Simulation.run(seed, events, false, new Counts()).isGood()) {
                throw new AssertionError(words[2] + ": " + SeedRuns.story(seed, events));
            }
        }
    }

    private static List<String> regressions() throws IOException {
        List<String> lines = new ArrayList<>();
        try (BufferedReader reader =
                new BufferedReader(
                        new InputStreamReader(
                                Objects.requireNonNull(
                                        SimulationTest.class.getResourceAsStream(
                                                "/regression-seeds.txt")),
                                StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (!line.isBlank() && !line.startsWith("#")) {
                    lines.add(line);
                }
            }
        }
        return lines;
    }

    @Test
    void theSameSeedIsTheSameRun() {
        for (long seed = 1; seed <= 3; seed++) {
            Simulation.Outcome one = Simulation.run(seed, EVENTS, true, new Counts());
            Simulation.Outcome other = Simulation.run(seed, EVENTS, true, new Counts());

            assertThat(one.trace()).hasSizeGreaterThan(EVENTS).isEqualTo(other.trace());
            assertThat(one.traceHash()).isEqualTo(other.traceHash());
        }
        assertThat(Simulation.run(4, EVENTS, false, new Counts()).traceHash())
                .isNotEqualTo(Simulation.run(5, EVENTS, false, new Counts()).traceHash());
    }

    @Test
    void theSameSeedIsTheSameRunInAnotherProcess() throws IOException, InterruptedException {
        Process other =
                new ProcessBuilder(
                                System.getProperty("java.home") + "/bin/java",
                                "-XX:TieredStopAtLevel=1",
                                "-XX:+UseSerialGC",
                                "-Xshare:auto",
                                "-cp",
                                System.getProperty("java.class.path"),
                                TraceHashes.class.getName(),
                                "1",
                                "4")
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        String told = new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(other.waitFor()).isZero();
        assertThat(told.strip()).isEqualTo(TraceHashes.of(1, 4));
    }
}
