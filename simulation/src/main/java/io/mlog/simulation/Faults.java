package io.mlog.simulation;

import io.mlog.storage.fake.MemoryFileStore.Crash;
import java.util.List;
import java.util.random.RandomGenerator;

/** What goes wrong, as a seed wants it, until everything is healed. */
final class Faults {
    private static final int LEAST_GAP_MICROS = 20_000;
    private static final int MOST_CLOCK_JUMP_MS = 3_600_000;

    private final Machines machines;
    private final Counts counts;
    private final RandomGenerator random;
    private final int gapMicros;
    private boolean over;

    Faults(Machines machines, Counts counts, RandomGenerator random) {
        this.machines = machines;
        this.counts = counts;
        this.random = random;
        this.gapMicros = 40_000 + random.nextInt(300_000);
    }

    void begin() {
        after(LEAST_GAP_MICROS + random.nextInt(gapMicros), "fault", this::next);
    }

    private void next() {
        if (!over) {
            one();
            begin();
        }
    }

    private void one() {
        int dice = random.nextInt(100);
        if (dice < 4) {
            sleep();
        } else if (dice < 24) {
            crash();
        } else if (dice < 30) {
            isolate();
        } else if (dice < 42) {
            cutOneWay();
        } else if (dice < 50) {
            delay();
        } else if (dice < 60) {
            dropConnection();
        } else if (dice < 68) {
            slowDisk();
        } else if (dice < 73) {
            fullDisk();
        } else if (dice < 79) {
            jumpClock();
        } else if (dice < 87) {
            machines.quorum().moveLeader(any().id());
            counts.one(Counts.Kind.CONTROLLER_CHANGES);
        } else if (dice < 91) {
            interruptMetadata();
        } else if (dice < 94) {
            unreliableMetadata();
        } else if (dice < 96) {
            deafen();
        } else if (dice < 98) {
            moveLeadership();
        } else {
            machines.network().heal();
        }
    }

    private SimulatedBroker any() {
        return machines.broker(1 + random.nextInt(machines.settings().brokers()));
    }

    private void after(long delayMicros, String what, Runnable action) {
        machines.scheduler().after(delayMicros, what, action);
    }

    private void note(String what) {
        machines.scheduler().trace().note(() -> "FAULT " + what);
    }

    private void crash() {
        SimulatedBroker victim = any();
        if (victim.life() == null) {
            return;
        }
        int dice = random.nextInt(10);
        if (dice == 0) {
            counts.one(Counts.Kind.ORDERLY_STOPS);
            note("broker " + victim.id() + " stops in order");
            victim.stop();
        } else {
            Crash kind =
                    dice < 4 || !machines.settings().flushes()
                            ? Crash.PROCESS
                            : dice < 7 ? Crash.POWER : Crash.TORN;
            counts.one(Counts.Kind.CRASHES);
            note("broker " + victim.id() + " crashes: " + kind);
            victim.crash(kind);
        }
        restartLater(victim, 30_000 + random.nextInt(random.nextBoolean() ? 200_000 : 2_500_000));
    }

    private void sleep() {
        SimulatedBroker victim = any();
        int micros = 10_000 + random.nextInt(random.nextBoolean() ? 300_000 : 3_000_000);
        note("the process of broker " + victim.id() + " stops for " + micros + " µs");
        counts.one(Counts.Kind.PAUSES);
        victim.sleep(micros);
    }

    private void restartLater(SimulatedBroker victim, long delayMicros) {
        after(
                delayMicros,
                "restart",
                () -> {
                    if (victim.start()) {
                        counts.one(Counts.Kind.RESTARTS);
                    } else {
                        restartLater(victim, 400_000);
                    }
                });
    }

    private void isolate() {
        SimulatedBroker victim = any();
        boolean fromClients = random.nextInt(3) == 0;
        note("broker " + victim.id() + " is isolated" + (fromClients ? ", from clients too" : ""));
        counts.one(Counts.Kind.ISOLATIONS);
        machines.network().isolate(victim.id(), fromClients);
        healLater();
    }

    private void cutOneWay() {
        int from = any().id();
        int to = any().id();
        if (from != to) {
            note("nothing gets from " + from + " to " + to);
            counts.one(Counts.Kind.ONE_WAY_CUTS);
            machines.network().cut(from, to);
            healLater();
        }
    }

    private void healLater() {
        after(
                50_000 + random.nextInt(random.nextBoolean() ? 400_000 : 2_000_000),
                "heals",
                machines.network()::heal);
    }

    private void delay() {
        int from = any().id();
        int to = any().id();
        int micros = 5_000 + random.nextInt(300_000);
        note("from " + from + " to " + to + " takes " + micros + " µs longer");
        counts.one(Counts.Kind.DELAYS);
        machines.network().delay(from, to, micros);
    }

    private void dropConnection() {
        List<Connection> open = machines.network().connections();
        if (!open.isEmpty()) {
            Connection victim = open.get(random.nextInt(open.size()));
            note("a connection of " + victim.client() + " to " + victim.serverId() + " breaks");
            counts.one(Counts.Kind.DROPPED_CONNECTIONS);
            victim.drop();
        }
    }

    private void slowDisk() {
        SimulatedBroker victim = any();
        note("the disk of broker " + victim.id() + " is slow");
        counts.one(Counts.Kind.SLOW_DISKS);
        victim.disk().slow(20_000 + random.nextInt(600_000));
        after(100_000 + random.nextInt(1_000_000), "disk is fast", () -> victim.disk().slow(0));
    }

    private void fullDisk() {
        SimulatedBroker victim = any();
        note("the disk of broker " + victim.id() + " is full");
        counts.one(Counts.Kind.FULL_DISKS);
        victim.disk().fill(random.nextInt(600));
        after(50_000 + random.nextInt(800_000), "disk has space", () -> victim.disk().free());
    }

    private void jumpClock() {
        SimulatedBroker victim = any();
        int bound = random.nextBoolean() ? 5_000 : MOST_CLOCK_JUMP_MS;
        int jump = random.nextInt(2 * bound) - bound;
        note("the clock of broker " + victim.id() + " jumps by " + jump + " ms");
        counts.one(Counts.Kind.CLOCK_JUMPS);
        victim.clock().jump(jump);
    }

    private void interruptMetadata() {
        counts.one(Counts.Kind.METADATA_TROUBLES);
        note("nothing is decided");
        machines.quorum().interrupt(true);
        after(
                100_000 + random.nextInt(1_200_000),
                "metadata again",
                () -> machines.quorum().interrupt(false));
    }

    private void unreliableMetadata() {
        counts.one(Counts.Kind.METADATA_TROUBLES);
        note("commands are slow, late and lost");
        machines.quorum().slow(random.nextInt(500_000));
        machines.quorum().unreliable(random.nextInt(20), random.nextInt(40));
        after(
                300_000 + random.nextInt(2_000_000),
                "metadata is reliable",
                machines.quorum()::recover);
    }

    private void deafen() {
        SimulatedBroker victim = any();
        note("broker " + victim.id() + " learns nothing of what is decided");
        counts.one(Counts.Kind.METADATA_TROUBLES);
        machines.quorum().deafen(victim.id(), true);
        after(
                100_000 + random.nextInt(800_000),
                "hears again",
                () -> machines.quorum().deafen(victim.id(), false));
    }

    /** An operator wants another leader, while all replicas stay in sync. */
    private void moveLeadership() {
        int first = any().id();
        note("broker " + first + " shall lead");
        counts.one(Counts.Kind.LEADERSHIPS_MOVED);
        machines.prefer(first);
    }

    /** Nothing goes wrong any more, and what did is repaired. */
    void end() {
        over = true;
        note("all is healed");
        machines.network().heal();
        machines.quorum().recover();
        machines.quorum().interrupt(false);
        for (SimulatedBroker each : machines.all()) {
            each.disk().slow(0);
            each.disk().free();
            each.start();
        }
    }
}
