package io.mlog.cluster.raft;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/**
 * How far this node has applied the log, and who waits for more. Guarded by its monitor; completes
 * outside of it, on the apply thread.
 */
final class AppliedIndex {
    private final NavigableMap<Long, List<CompletableFuture<Long>>> waiting = new TreeMap<>();
    private long applied = -1;

    /** The last entry applied. */
    synchronized long last() {
        return applied;
    }

    /**
     * Done once {@code index} is applied, with what was applied by then. Whoever waits bounds the
     * wait; what was given up is forgotten.
     */
    CompletableFuture<Long> reached(long index) {
        CompletableFuture<Long> reached = new CompletableFuture<>();
        synchronized (this) {
            if (index > applied) {
                waiting.computeIfAbsent(index, key -> new ArrayList<>()).add(reached);
                reached.whenComplete((done, failure) -> forget(index));
                return reached;
            }
            reached.complete(applied);
            return reached;
        }
    }

    /** Apply thread. */
    void advance(long index) {
        List<CompletableFuture<Long>> done = new ArrayList<>();
        synchronized (this) {
            applied = Math.max(applied, index);
            NavigableMap<Long, List<CompletableFuture<Long>>> reached =
                    waiting.headMap(index, true);
            reached.values().forEach(done::addAll);
            reached.clear();
        }
        done.forEach(future -> future.complete(index));
    }

    /** After it was given up, or done. */
    private synchronized void forget(long index) {
        List<CompletableFuture<Long>> same = waiting.get(index);
        if (same != null) {
            same.removeIf(CompletableFuture::isDone);
            if (same.isEmpty()) {
                waiting.remove(index);
            }
        }
    }
}
