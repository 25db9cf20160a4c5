package io.mlog.broker.partition;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Followers' asks that wait for records, or for a high watermark that they were not told. Guarded
 * by the partition's lock.
 */
final class FollowerWatchers {
    private record Seen(long logEnd, long highWatermark) {}

    private final Map<AdvanceListener, Seen> waiting = new LinkedHashMap<>();

    void add(AdvanceListener watcher, long seenLogEnd, long toldHighWatermark) {
        waiting.put(watcher, new Seen(seenLogEnd, toldHighWatermark));
    }

    void remove(AdvanceListener watcher) {
        waiting.remove(watcher);
    }

    /** Tells those once, after the lock is released, that have not seen as much. */
    void wake(long logEnd, long highWatermark, Effects effects) {
        if (waiting.isEmpty()) {
            return;
        }
        for (Iterator<Map.Entry<AdvanceListener, Seen>> all = waiting.entrySet().iterator();
                all.hasNext(); ) {
            Map.Entry<AdvanceListener, Seen> next = all.next();
            Seen seen = next.getValue();
            if (logEnd > seen.logEnd || highWatermark > seen.highWatermark) {
                AdvanceListener woken = next.getKey();
                all.remove();
                effects.add(woken::advanced);
            }
        }
    }

    /** Tells all once, after the lock is released: the leadership they asked has ended. */
    void wakeAll(Effects effects) {
        waiting.keySet().forEach(woken -> effects.add(woken::advanced));
        waiting.clear();
    }
}
