package io.mlog.groups.embed;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * For each partition the load that its coordinator's present state comes from, with the leader
 * epoch that it began under. What is written goes under that epoch and no other: a state that was
 * loaded in an earlier leadership may lack what another broker wrote since.
 *
 * <p>A load that was superseded never completes. The runtime finds the state to complete by
 * partition alone, so the end of an old load would put a new state into service that has nothing in
 * it yet. Any thread.
 */
final class Tenures {
    private final Map<Integer, Tenure> tenures = new ConcurrentHashMap<>();

    /** One load and the leadership that it began in. */
    static final class Tenure {
        private final int epoch;
        private boolean superseded;

        private Tenure(int epoch) {
            this.epoch = epoch;
        }

        int epoch() {
            return epoch;
        }

        synchronized boolean superseded() {
            return superseded;
        }

        /** Completes something, unless this was superseded or is while that lasts. */
        synchronized void unlessSuperseded(Runnable completion) {
            if (!superseded) {
                completion.run();
            }
        }

        private synchronized void supersede() {
            superseded = true;
        }
    }

    /** A load of the partition begins under {@code epoch}; one that still runs is superseded. */
    Tenure begin(int partition, int epoch) {
        Tenure tenure = new Tenure(epoch);
        Tenure before = tenures.put(partition, tenure);
        if (before != null) {
            before.supersede();
        }
        return tenure;
    }

    /** Leadership changes: a load that still runs is worth nothing. */
    void end(int partition) {
        Tenure before = tenures.remove(partition);
        if (before != null) {
            before.supersede();
        }
    }

    /** The coordinator ends. */
    void endAll() {
        tenures.keySet().forEach(this::end);
    }

    /** The present one; null when the partition is not loaded or being loaded. */
    @Nullable Tenure present(int partition) {
        return tenures.get(partition);
    }
}
