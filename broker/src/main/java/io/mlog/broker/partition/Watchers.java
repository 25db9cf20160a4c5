package io.mlog.broker.partition;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Who waits for something of a partition to change. Guarded by the partition's lock. */
final class Watchers {
    private final Set<AdvanceListener> waiting = new LinkedHashSet<>();

    void add(AdvanceListener watcher) {
        waiting.add(watcher);
    }

    void remove(AdvanceListener watcher) {
        waiting.remove(watcher);
    }

    /** Tells each once, after the lock is released. */
    void wake(Effects effects) {
        if (waiting.isEmpty()) {
            return;
        }
        List<AdvanceListener> woken = new ArrayList<>(waiting);
        waiting.clear();
        woken.forEach(watcher -> effects.add(watcher::advanced));
    }
}
