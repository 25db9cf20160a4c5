package io.mlog.broker.life;

import io.mlog.broker.partition.Timer;
import io.mlog.core.controller.BrokerWatch;
import io.mlog.core.controller.WatchStep;
import io.mlog.core.controller.WatchTimes;
import io.mlog.core.metadata.BrokerImage;
import io.mlog.core.metadata.CommandResult;
import io.mlog.core.metadata.MetadataCommand;
import io.mlog.core.metadata.MetadataImage;
import io.mlog.core.metadata.MetadataLog;
import io.mlog.core.metadata.MetadataQuorum;
import io.mlog.core.metadata.QuorumLeadership;
import io.mlog.core.metadata.QuorumListener;
import io.mlog.core.metadata.QuorumMember;
import io.mlog.model.PeerId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this node does for the cluster while it leads the metadata: it watches the other brokers and
 * fences those that are gone, and lets preferred leaders return. On a node that does not lead it
 * does nothing.
 *
 * <p>Everything mutable belongs to its timer's thread, which the events are handed to. It decides
 * nothing itself: {@link BrokerWatch} says whom to probe and fence, the metadata machine what
 * follows.
 */
public final class Controller implements QuorumListener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Controller.class);

    private static final long LOOK_MS = 100;
    private static final long IDLE_LOOK_MS = 1000;
    private static final long ELECTION_PERIOD_MS = 5000;
    private static final int ELECTIONS_AT_ONCE = 100;

    private final MetadataLog log;
    private final MetadataQuorum quorum;
    private final Probe probe;
    private final WatchTimes times;
    private final LongSupplier monotonicMs;
    private final Timer timer;

    /** Set while this node leads. */
    private @Nullable BrokerWatch watch;

    private long term;
    private long electedMs;
    private boolean electing;
    private boolean looking;
    private volatile boolean closed;

    /**
     * A controller that waits for leadership; {@link MetadataQuorum#listen} makes it hear of it.
     *
     * @param monotonicMs a clock in ms that only rises
     * @param timer runs the controller's tasks, one at a time: its thread
     */
    public Controller(
            MetadataLog log,
            MetadataQuorum quorum,
            Probe probe,
            WatchTimes times,
            LongSupplier monotonicMs,
            Timer timer) {
        this.log = log;
        this.quorum = quorum;
        this.probe = probe;
        this.times = times;
        this.monotonicMs = monotonicMs;
        this.timer = timer;
    }

    @Override
    public void leadershipChanged(QuorumLeadership leadership) {
        execute(() -> lead(leadership));
    }

    @Override
    public void connectionLost(PeerId peer) {
        execute(() -> brokerOf(peer).ifPresent(broker -> hintNow(broker.id())));
    }

    /** Somebody has reason to think that the broker is gone. Any thread. */
    public void hint(int brokerId) {
        execute(() -> hintNow(brokerId));
    }

    /** The node may be gone as far as gossip knows. Any thread. */
    public void nodeSuspected(String nodeId) {
        execute(() -> log.image().broker(nodeId).ifPresent(broker -> hintNow(broker.id())));
    }

    private void lead(QuorumLeadership leadership) {
        if (!leadership.leading()) {
            watch = null;
            return;
        }
        if (watch != null && term == leadership.term()) {
            return;
        }
        term = leadership.term();
        electedMs = monotonicMs.getAsLong();
        watch = new BrokerWatch(times);
        LOG.info("this node leads the metadata in term {}", term);
        if (!looking) {
            looking = true;
            look();
        }
    }

    /** One round: who is there, who has answered, what is due. Repeats itself while leading. */
    private void look() {
        BrokerWatch current = watch;
        if (current == null) {
            looking = false;
            return;
        }
        long now = monotonicMs.getAsLong();
        MetadataImage image = log.image();
        Map<Integer, Long> unfenced = unfencedOthers(image);
        carryOut(current.unfenced(unfenced, now));
        if (!unfenced.isEmpty()) {
            for (QuorumMember member : quorum.view().members()) {
                member.silentMs()
                        .ifPresent(silent ->
                                brokerOf(member.id())
                                        .ifPresent(broker ->
                                                current.contact(broker.id(), now - silent)));
            }
        }
        carryOut(current.tick(now));
        if (now - electedMs >= ELECTION_PERIOD_MS) {
            electedMs = now;
            electPreferred(image);
        }
        long waitMs = Math.clamp(current.nextDeadlineMs() - now, 1, LOOK_MS);
        schedule(this::look, unfenced.isEmpty() ? IDLE_LOOK_MS : waitMs);
    }

    private Map<Integer, Long> unfencedOthers(MetadataImage image) {
        Map<Integer, Long> unfenced = new HashMap<>();
        for (BrokerImage broker : image.brokers().values()) {
            if (!broker.fenced() && !broker.nodeId().equals(quorum.self().nodeId())) {
                unfenced.put(broker.id(), broker.bootEpoch());
            }
        }
        return unfenced;
    }

    private Optional<BrokerImage> brokerOf(PeerId peer) {
        return log.image()
                .broker(peer.nodeId())
                .filter(broker -> broker.directoryId().equals(peer.directoryId()));
    }

    private void hintNow(int brokerId) {
        BrokerWatch current = watch;
        if (current != null) {
            carryOut(current.hint(brokerId, monotonicMs.getAsLong()));
        }
    }

    private void carryOut(List<WatchStep> steps) {
        for (WatchStep step : steps) {
            switch (step) {
                case WatchStep.Probe wanted -> probe(wanted);
                case WatchStep.Fence wanted -> fence(wanted);
            }
        }
    }

    private void probe(WatchStep.Probe wanted) {
        BrokerImage broker = log.image().brokers().get(wanted.brokerId());
        if (broker == null) {
            return; // the next round takes it out of the watch
        }
        probe.connect(broker.rpcAddress(), refused -> execute(() -> probed(wanted, refused)));
    }

    private void probed(WatchStep.Probe wanted, boolean refused) {
        BrokerWatch current = watch;
        if (current == null) {
            return;
        }
        long now = monotonicMs.getAsLong();
        carryOut(current.probed(wanted.brokerId(), wanted.bootEpoch(), refused, now));
        long next = current.nextDeadlineMs();
        if (next - now < LOOK_MS) {
            schedule(this::tick, Math.max(1, next - now));
        }
    }

    private void tick() {
        BrokerWatch current = watch;
        if (current != null) {
            carryOut(current.tick(monotonicMs.getAsLong()));
        }
    }

    private void fence(WatchStep.Fence wanted) {
        LOG.warn(
                "broker {} is fenced: {}; its partitions get other leaders",
                wanted.brokerId(),
                wanted.reason());
        log.submit(new MetadataCommand.FenceBroker(wanted.brokerId(), wanted.bootEpoch()))
                .whenComplete((result, failure) -> {
                    if (failure != null) {
                        LOG.warn("broker {} is not fenced yet: {}", wanted.brokerId(), failure);
                    } else if (result instanceof CommandResult.Refused refused) {
                        LOG.info("broker {} stays: {}", wanted.brokerId(), refused.message());
                    } else {
                        execute(this::acquaint);
                    }
                });
    }

    /** Takes in at once who is unfenced, so that a broker that was fenced is not watched. */
    private void acquaint() {
        BrokerWatch current = watch;
        if (current != null) {
            carryOut(current.unfenced(unfencedOthers(log.image()), monotonicMs.getAsLong()));
        }
    }

    private void electPreferred(MetadataImage image) {
        if (electing || !PreferredLeaders.anyCanReturn(image)) {
            return;
        }
        electing = true;
        log.submit(
                        new MetadataCommand.ElectLeaders(
                                MetadataCommand.Election.PREFERRED, List.of(), ELECTIONS_AT_ONCE))
                .whenComplete((result, failure) -> execute(() -> electing = false));
    }

    private void execute(Runnable task) {
        schedule(task, 0);
    }

    private void schedule(Runnable task, long delayMs) {
        timer.after(
                delayMs,
                () -> {
                    if (!closed) {
                        task.run();
                    }
                });
    }

    /** It does nothing more. */
    @Override
    public void close() {
        closed = true;
    }
}
