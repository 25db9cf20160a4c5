package io.mlog.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * One run: a cluster with clients, and faults that the seed chooses, for at least so many events;
 * then everything is healed, and must come to rest with nothing lost. The same seed is the same
 * run.
 */
public final class Simulation {
    private static final long SETTLE_MS = 60_000;
    private static final int PRODUCERS = 2;
    private static final int CONSUMERS = 2;

    private final long seed;
    private final int leastEvents;
    private final Trace trace;
    private final Settings settings;
    private final Cluster cluster;
    private final Faults faults;
    private final List<VirtualProducer> producers = new ArrayList<>();

    /**
     * What became of a run.
     *
     * @param failure what was violated, empty when nothing was
     * @param traceHash the same for the same seed
     * @param trace what happened, when it was asked for
     */
    public record Outcome(long seed, String failure, long traceHash, List<String> trace) {
        public Outcome {
            trace = List.copyOf(trace);
        }

        /** Whether all promises were kept. */
        public boolean isGood() {
            return failure.isEmpty();
        }
    }

    private Simulation(long seed, int leastEvents, boolean keepsTrace) {
        SplittableRandom random = new SplittableRandom(seed);
        this.seed = seed;
        this.leastEvents = leastEvents;
        this.trace = new Trace(keepsTrace);
        this.settings = Settings.chosenBy(random);
        this.cluster = new Cluster(settings, random, trace);
        this.faults = new Faults(cluster.machines(), cluster.counts(), random.split());
    }

    /**
     * Runs a seed.
     *
     * @param leastEvents before everything is healed
     * @param keepsTrace whether the outcome has the text of the trace
     * @param totals the run's counts are added to it
     */
    static Outcome run(long seed, int leastEvents, boolean keepsTrace, Counts totals) {
        Simulation run = new Simulation(seed, leastEvents, keepsTrace);
        String failure = run.failure();
        Counts counts = run.cluster.counts();
        counts.one(Counts.Kind.RUNS);
        counts.add(Counts.Kind.EVENTS, run.cluster.scheduler().executed());
        totals.add(counts);
        return new Outcome(seed, failure, run.trace.hash(), run.trace.lines());
    }

    /** Runs a seed for its failure alone; empty when there is none. */
    public static String failureOf(long seed, int leastEvents) {
        return run(seed, leastEvents, false, new Counts()).failure();
    }

    private String failure() {
        try {
            runAll();
            return "";
        } catch (Violation broken) {
            return "seed %d, event %d: %s"
                    .formatted(seed, cluster.scheduler().executed(), broken.getMessage());
        } catch (RuntimeException | Error bug) {
            return "seed %d, event %d: %s at %s"
                    .formatted(
                            seed,
                            cluster.scheduler().executed(),
                            bug,
                            List.of(bug.getStackTrace())
                                    .subList(0, Math.min(12, bug.getStackTrace().length)));
        }
    }

    private void runAll() {
        trace.note(() -> "seed " + seed + ": " + settings);
        cluster.start();
        beginClients();
        faults.begin();
        long least = cluster.scheduler().executed() + leastEvents;
        while (cluster.scheduler().executed() < least) {
            cluster.step();
        }
        faults.end();
        cluster.until("heals", SETTLE_MS, () -> isHealed());
        cluster.promises().checkAtRest();
    }

    private boolean isHealed() {
        if (cluster.clients().writing()) {
            cluster.clients().stopWriting();
        }
        return producers.stream().allMatch(VirtualProducer::isDone) && cluster.isSettled();
    }

    private void beginClients() {
        for (int partition = 0; partition < settings.partitions(); partition++) {
            for (int i = 1; i <= PRODUCERS; i++) {
                VirtualProducer producer =
                        new VirtualProducer(cluster.clients(), partition, 10L * partition + i);
                producers.add(producer);
                producer.begin();
            }
            for (int i = 1; i <= CONSUMERS; i++) {
                new VirtualConsumer(cluster.clients(), partition, 10 * partition + i).begin();
            }
            new CarelessProducer(cluster.clients(), partition).begin();
        }
    }
}
