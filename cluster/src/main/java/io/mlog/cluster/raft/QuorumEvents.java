package io.mlog.cluster.raft;

import io.mlog.core.metadata.QuorumLeadership;
import io.mlog.core.metadata.QuorumListener;
import io.mlog.model.PeerId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells listeners of the quorum, on one thread of its own: Ratis reports with its locks held. The
 * listeners and what they were told belong to that thread.
 */
final class QuorumEvents {
    private static final Logger LOG = LoggerFactory.getLogger(QuorumEvents.class);

    private static final long BETWEEN_HINTS_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private final Supplier<QuorumLeadership> present;
    private final ExecutorService thread =
            Executors.newSingleThreadExecutor(
                    task -> Thread.ofPlatform().daemon().name("raft-events").unstarted(task));
    private final List<QuorumListener> listeners = new ArrayList<>();
    private final AtomicBoolean lookDue = new AtomicBoolean();
    private final AtomicBoolean hintsDue = new AtomicBoolean();
    private final Map<PeerId, Long> hintedNanos = new ConcurrentHashMap<>();
    private final Set<PeerId> lost = ConcurrentHashMap.newKeySet();
    private @Nullable QuorumLeadership told;

    QuorumEvents(Supplier<QuorumLeadership> present) {
        this.present = present;
    }

    void listen(QuorumListener listener) {
        run(() -> {
            QuorumLeadership first = lookNow();
            listeners.add(listener);
            tell(listener, each -> each.leadershipChanged(first));
        });
    }

    /** The leadership may have changed. */
    void look() {
        if (lookDue.compareAndSet(false, true)) {
            run(this::lookNow);
        }
    }

    /** A connection to or from the peer is gone. */
    void connectionLost(PeerId peer) {
        long now = System.nanoTime();
        Long last = hintedNanos.get(peer);
        if (last != null && now - last < BETWEEN_HINTS_NANOS) {
            return;
        }
        hintedNanos.put(peer, now);
        lost.add(peer);
        if (hintsDue.compareAndSet(false, true)) {
            run(this::hintNow);
        }
    }

    void removed() {
        run(() -> listeners.forEach(each -> tell(each, QuorumListener::removed)));
    }

    /** Nothing is told after what is due already. */
    void close() {
        thread.shutdown();
    }

    private QuorumLeadership lookNow() {
        lookDue.set(false);
        QuorumLeadership now = present.get();
        if (!now.equals(told)) {
            told = now;
            listeners.forEach(each -> tell(each, l -> l.leadershipChanged(now)));
        }
        return now;
    }

    private void hintNow() {
        hintsDue.set(false);
        for (PeerId peer : List.copyOf(lost)) {
            lost.remove(peer);
            listeners.forEach(each -> tell(each, l -> l.connectionLost(peer)));
        }
    }

    private static void tell(QuorumListener listener, Consumer<QuorumListener> event) {
        try {
            event.accept(listener);
        } catch (RuntimeException e) {
            LOG.error("a listener of the metadata quorum failed", e);
        }
    }

    private void run(Runnable task) {
        try {
            thread.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.debug("not told any more, since the log is closed");
        }
    }
}
