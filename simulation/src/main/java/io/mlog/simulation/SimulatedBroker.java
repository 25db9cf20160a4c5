package io.mlog.simulation;

import io.mlog.model.HostPort;
import io.mlog.storage.fake.MemoryFileStore.Crash;
import java.io.IOException;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A machine with a disk, a clock and an address, on which one broker runs at a time: what stays
 * when the process goes.
 */
final class SimulatedBroker {
    private static final int RPC_PORT = 9094;

    private final int id;
    private final Machines machines;
    private final RandomGenerator random;
    private final SimulatedDisk disk;
    private final NodeClock clock;
    private final long[] safeOffsets;
    private @Nullable BrokerLife life;
    private boolean power = true;
    private int lives;

    SimulatedBroker(int id, Machines machines, RandomGenerator random) {
        this.id = id;
        this.machines = machines;
        this.random = random;
        this.clock = new NodeClock(machines.scheduler());
        this.disk = new SimulatedDisk(clock::millis, random);
        this.safeOffsets = new long[machines.settings().partitions()];
    }

    int id() {
        return id;
    }

    String nodeId() {
        return "node-" + id;
    }

    HostPort address() {
        return new HostPort("host-" + id, RPC_PORT);
    }

    SimulatedDisk disk() {
        return disk;
    }

    NodeClock clock() {
        return clock;
    }

    /** The process, null while there is none. */
    @Nullable BrokerLife life() {
        return life;
    }

    /** The process, which must be there. */
    BrokerLife running() {
        if (life == null) {
            throw new IllegalStateException("broker " + id + " does not run");
        }
        return life;
    }

    boolean hasPower() {
        return power;
    }

    /** First offset of a partition that may not survive what the topic promises to survive. */
    long safeOffset(int partition) {
        BrokerLife present = life;
        long known = present == null ? -1 : present.safeOffset(partition);
        return known >= 0 ? known : safeOffsets[partition];
    }

    /** What the last life had made durable of a partition. */
    long safeOffsetOfLastLife(int partition) {
        return safeOffsets[partition];
    }

    /** Begins a process; false when the disk does not let it. */
    boolean start() {
        power = true;
        if (life != null) {
            return true;
        }
        Lifetime lifetime =
                new Lifetime(machines.scheduler(), random, "broker " + id + "." + ++lives);
        try {
            BrokerLife begun = new BrokerLife(this, lifetime, machines, random);
            life = begun;
            machines.quorum().joined(id, begun.seat());
            begun.begin();
            return true;
        } catch (IOException failure) {
            lifetime.end();
            disk.crash(Crash.PROCESS);
            machines.scheduler().trace().note(() -> "broker " + id + " does not start: " + failure);
            return false;
        }
    }

    /**
     * The process is stopped for a while, as by a debugger or a machine that is moved; unless it is
     * already.
     */
    void sleep(long micros) {
        BrokerLife present = life;
        if (present != null && !machines.network().isAsleep(id)) {
            long until = machines.scheduler().nowMicros() + micros;
            present.lifetime().sleep(until);
            machines.network().sleep(id, until);
        }
    }

    /** The process or the power goes. */
    void crash(Crash kind) {
        BrokerLife gone = life;
        if (gone == null) {
            return;
        }
        ends(gone);
        disk.crash(kind);
        power = kind == Crash.PROCESS;
        if (power) {
            machineTellsOthers();
        }
    }

    /** The process stops in order. */
    void stop() {
        BrokerLife gone = life;
        if (gone == null) {
            return;
        }
        gone.stopServing();
        ends(gone);
        gone.closeCleanly();
        for (int partition = 0; partition < safeOffsets.length; partition++) {
            safeOffsets[partition] = Math.max(safeOffsets[partition], gone.safeOffset(partition));
        }
        disk.crash(Crash.PROCESS);
        machineTellsOthers();
    }

    private void ends(BrokerLife gone) {
        for (int partition = 0; partition < safeOffsets.length; partition++) {
            safeOffsets[partition] = safeOffset(partition);
        }
        gone.end();
        life = null;
        machines.network().sleep(id, 0);
        machines.quorum().left(id);
    }

    private void machineTellsOthers() {
        for (Connection each : machines.network().connections()) {
            if (each.serverId() == id) {
                each.serverDied();
            } else if (each.client() == id) {
                each.clientDied();
            }
        }
        machines.quorum().connectionsLost(id);
    }
}
