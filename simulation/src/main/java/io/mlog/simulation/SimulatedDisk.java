package io.mlog.simulation;

import io.mlog.broker.flush.FlushTarget;
import io.mlog.broker.flush.Flusher;
import io.mlog.storage.fake.MemoryFileStore;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A machine's disk, which outlives its processes: in memory, with flushes that take as long as a
 * fault wants, and with room for as much as a fault leaves.
 */
final class SimulatedDisk {
    private static final int LEAST_FLUSH_MICROS = 200;
    private static final int FLUSH_SPREAD_MICROS = 4000;

    private final RandomGenerator random;
    private MemoryFileStore files;
    private int slowMicros;
    private boolean held;
    private @Nullable GatheredFlushes flushes;

    SimulatedDisk(LongSupplier clockMs, RandomGenerator random) {
        this.random = random;
        this.files = new MemoryFileStore(clockMs);
    }

    MemoryFileStore files() {
        return files;
    }

    void crash(MemoryFileStore.Crash kind) {
        files = files.crash(kind, random);
        flushes = null;
    }

    /** Every flush takes up to as much longer; 0 ends that. */
    void slow(int micros) {
        slowMicros = micros;
    }

    /** No flush begins any more, until {@link #release}. */
    void hold() {
        held = true;
    }

    void release() {
        held = false;
        if (flushes != null) {
            flushes.resume();
        }
    }

    void fill(long spareBytes) {
        files.faults().capacityBytes(files.usedBytes() + spareBytes);
    }

    void free() {
        files.faults().capacityBytes(Long.MAX_VALUE);
    }

    private long flushMicros() {
        return (long) LEAST_FLUSH_MICROS
                + random.nextInt(FLUSH_SPREAD_MICROS)
                + (slowMicros == 0 ? 0 : random.nextInt(slowMicros));
    }

    /** The flusher of a process that has begun on this disk. */
    Flusher flusher(Lifetime process) {
        GatheredFlushes begun = new GatheredFlushes(process);
        flushes = begun;
        return begun;
    }

    /**
     * Flushes that are asked for again before they begin are one. A flush happens at one moment, at
     * the end of its time, and takes in all that was written until then.
     */
    private final class GatheredFlushes implements Flusher {
        private final Lifetime process;
        private final String what;
        private final Set<FlushTarget> wanted = new LinkedHashSet<>();
        private final Set<FlushTarget> waiting = new LinkedHashSet<>();

        GatheredFlushes(Lifetime process) {
            this.process = process;
            this.what = process.name() + " flush";
        }

        @Override
        public void schedule(FlushTarget target) {
            if (!wanted.add(target)) {
                return;
            }
            if (held) {
                waiting.add(target);
            } else {
                begin(target);
            }
        }

        private void begin(FlushTarget target) {
            process.afterMicros(
                    flushMicros(),
                    what,
                    () -> {
                        if (held) {
                            waiting.add(target);
                        } else {
                            wanted.remove(target);
                            target.flush();
                        }
                    });
        }

        private void resume() {
            waiting.forEach(this::begin);
            waiting.clear();
        }
    }
}
