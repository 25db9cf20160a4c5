package io.mlog.simulation;

import io.mlog.core.metadata.PartitionImage;
import java.util.random.RandomGenerator;

/** What the clients of a cluster share: how they find a broker, and whether they still write. */
final class Clients {
    private static final int STALE_PERCENT = 12;

    private final Machines machines;
    private final Promises promises;
    private final Counts counts;
    private final RandomGenerator random;
    private boolean writing = true;

    Clients(Machines machines, Promises promises, Counts counts, RandomGenerator random) {
        this.machines = machines;
        this.promises = promises;
        this.counts = counts;
        this.random = random;
    }

    Machines machines() {
        return machines;
    }

    Promises promises() {
        return promises;
    }

    Counts counts() {
        return counts;
    }

    RandomGenerator random() {
        return random;
    }

    boolean writing() {
        return writing;
    }

    void stopWriting() {
        writing = false;
    }

    void after(long delayMicros, String what, Runnable action) {
        machines.scheduler().after(delayMicros, what, action);
    }

    SimulatedBroker any() {
        return machines.broker(1 + random.nextInt(machines.settings().brokers()));
    }

    /** Whom a client takes for the leader: mostly it knows, sometimes it is wrong. */
    SimulatedBroker leaderOf(int partition) {
        int known =
                machines.quorum()
                        .image()
                        .partition(machines.settings().partition(partition))
                        .map(PartitionImage::leader)
                        .orElse(PartitionImage.NO_LEADER);
        return known == PartitionImage.NO_LEADER || random.nextInt(100) < STALE_PERCENT
                ? any()
                : machines.broker(known);
    }
}
