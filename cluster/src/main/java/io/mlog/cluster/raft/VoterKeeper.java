package io.mlog.cluster.raft;

import io.mlog.core.metadata.MetadataQuorum;
import io.mlog.core.metadata.QuorumChange;
import io.mlog.core.metadata.QuorumLeadership;
import io.mlog.core.metadata.QuorumView;
import io.mlog.core.metadata.VoterPlan;
import io.mlog.model.HostPort;
import io.mlog.model.PeerId;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out {@link VoterPlan} while this node leads: one step at a time, each decided anew on
 * what the last one left. Looks when it is woken, when this node begins to lead, and every second
 * while it does. Owned by its one thread.
 */
public final class VoterKeeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(VoterKeeper.class);

    private static final int LOOK_MS = 1000;
    private static final int STEP_MS = 40_000;
    private static final long LEFT_ALONE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final MetadataQuorum quorum;
    private final Supplier<Set<PeerId>> belonging;
    private final Supplier<Map<PeerId, HostPort>> present;
    private final Semaphore due = new Semaphore(0);
    private final Map<PeerId, Long> failedNanos = new HashMap<>();
    private final Thread thread;

    private VoterKeeper(
            MetadataQuorum quorum,
            Supplier<Set<PeerId>> belonging,
            Supplier<Map<PeerId, HostPort>> present) {
        this.quorum = quorum;
        this.belonging = belonging;
        this.present = present;
        thread = Thread.ofPlatform().daemon().name("voter-keeper").unstarted(this::keep);
    }

    /**
     * Starts.
     *
     * @param belonging the peers that the metadata knows as the cluster's, one for each node
     * @param present the peers whose processes are there, with their Raft addresses
     */
    public static VoterKeeper start(
            MetadataQuorum quorum,
            Supplier<Set<PeerId>> belonging,
            Supplier<Map<PeerId, HostPort>> present) {
        VoterKeeper keeper = new VoterKeeper(quorum, belonging, present);
        keeper.thread.start();
        quorum.listen(keeper::leadershipChanged);
        return keeper;
    }

    /** Something changed that may call for a step: a broker, a member, the metadata. */
    public void wake() {
        if (due.availablePermits() == 0) {
            due.release();
        }
    }

    /** Stops; a change that is under way may still happen. */
    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void leadershipChanged(QuorumLeadership leadership) {
        if (leadership.leading()) {
            wake();
        }
    }

    private void keep() {
        try {
            while (true) {
                due.tryAcquire(LOOK_MS, TimeUnit.MILLISECONDS);
                due.drainPermits();
                stepAll();
            }
        } catch (InterruptedException e) {
            LOG.debug("closed");
        }
    }

    /** A failure of ours, or of who is asked, must not end the keeping. */
    private void stepAll() throws InterruptedException {
        try {
            while (quorum.quorumLeadership().leading() && step()) {
                LOG.debug("looking for the next step");
            }
        } catch (RuntimeException e) {
            LOG.error("metadata quorum: the next step could not be decided", e);
        }
    }

    /** Whether a step was made, so that there may be another one. */
    private boolean step() throws InterruptedException {
        QuorumView view = quorum.view();
        Optional<VoterPlan.Step> next = VoterPlan.next(view, belonging.get(), presentAndWilling());
        if (next.isEmpty()) {
            return false;
        }
        VoterPlan.Step step = next.get();
        LOG.info("metadata quorum: {}: {}", step.why(), step);
        try {
            switch (step) {
                case VoterPlan.Step.Change(QuorumChange change, String why) ->
                        quorum.change(view, change).get(STEP_MS, TimeUnit.MILLISECONDS);
                case VoterPlan.Step.HandOver(PeerId to, String why) ->
                        quorum.transferLeadership(to).get(STEP_MS, TimeUnit.MILLISECONDS);
            }
            return true;
        } catch (ExecutionException | TimeoutException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            LOG.warn("metadata quorum: {} was not possible: {}", step, cause.getMessage());
            leaveAlone(step);
            return false;
        }
    }

    /** One that cannot be added must not keep others from it. */
    private void leaveAlone(VoterPlan.Step step) {
        if (step instanceof VoterPlan.Step.Change(QuorumChange.AddListener added, String why)) {
            failedNanos.put(added.peer(), System.nanoTime());
        }
    }

    private Map<PeerId, HostPort> presentAndWilling() {
        long now = System.nanoTime();
        failedNanos.values().removeIf(failed -> now - failed > LEFT_ALONE_NANOS);
        Map<PeerId, HostPort> willing = new HashMap<>(present.get());
        willing.keySet().removeAll(failedNanos.keySet());
        return willing;
    }
}
