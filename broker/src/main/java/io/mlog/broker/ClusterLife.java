package io.mlog.broker;

import io.mlog.broker.life.BrokerSession;
import io.mlog.broker.life.Controller;
import io.mlog.broker.life.CutOffRecords;
import io.mlog.broker.life.Departure;
import io.mlog.broker.life.SocketProbe;
import io.mlog.broker.partition.Timer;
import io.mlog.cluster.raft.VoterKeeper;
import io.mlog.core.controller.WatchTimes;
import io.mlog.core.membership.MemberState;
import io.mlog.core.membership.MembershipEvent;
import io.mlog.core.metadata.BrokerImage;
import io.mlog.core.metadata.MetadataImage;
import io.mlog.core.metadata.QuorumLeadership;
import io.mlog.core.metadata.QuorumListener;
import io.mlog.model.PeerId;
import io.mlog.model.TopicIdPartition;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An admitted broker among the others: in service by its session, watching over the cluster while
 * it leads the metadata, and gone in order. Begun and ended by {@link RunningBroker}.
 */
final class ClusterLife {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterLife.class);
    private static final long HAND_OVER_MS = 5000;

    private final Admission admission;
    private final Controller controller;
    private final VoterKeeper voters;
    private final Runnable whenLeft;
    private final AtomicBoolean left = new AtomicBoolean();

    private ClusterLife(
            Admission admission, Controller controller, VoterKeeper voters, Runnable whenLeft) {
        this.admission = admission;
        this.controller = controller;
        this.voters = voters;
        this.whenLeft = whenLeft;
    }

    /**
     * Begins to watch over the cluster, should this node lead its metadata.
     *
     * @param whenLeft told once when the others have taken this node out: the process is to end
     */
    static ClusterLife begin(
            Admission admission, Consumer<Throwable> fatal, Runnable whenLeft, Undo undo) {
        Controller controller =
                undo.begun(
                        new Controller(
                                admission.log(),
                                admission.quorum(),
                                new SocketProbe(),
                                WatchTimes.DEFAULTS,
                                ClusterLife::monotonicMs,
                                undo.begun(new ScheduledTimer("mlog-controller", fatal))));
        VoterKeeper voters =
                undo.begun(
                        VoterKeeper.start(
                                admission.quorum(),
                                () -> belonging(admission.log().image()),
                                admission.neighbours()::raftPeers));
        ClusterLife life = new ClusterLife(admission, controller, voters, whenLeft);
        admission.quorum().listen(controller);
        admission.quorum().listen(new Removal(life::left));
        admission.neighbours().follow(life::heard);
        return life;
    }

    /** Hears that the others have taken this node out of the quorum. */
    private record Removal(Runnable left) implements QuorumListener {
        @Override
        public void leadershipChanged(QuorumLeadership leadership) {}

        @Override
        public void removed() {
            left.run();
        }
    }

    private void left() {
        if (left.compareAndSet(false, true)) {
            LOG.info(
                    "node {} has left cluster {}: this process ends, and its data directory cannot take part again",
                    admission.quorum().self().nodeId(),
                    admission.log().image().clusterId());
            whenLeft.run();
        }
    }

    private void heard(MembershipEvent event) {
        if (event instanceof MembershipEvent.Failed || event instanceof MembershipEvent.Suspected) {
            controller.nodeSuspected(event.member().nodeId());
        }
        voters.wake();
    }

    /** The metadata has changed: who belongs to the cluster may have, too. Must not block. */
    void published(MetadataImage image) {
        voters.wake();
    }

    /** A connection to the broker was refused or broke. Any thread. */
    void hint(int brokerId) {
        controller.hint(brokerId);
    }

    /**
     * Has this broker taken into service; completes with the index of the metadata from which on it
     * is.
     */
    CompletableFuture<Long> enterService(
            List<TopicIdPartition> suspects,
            CutOffRecords records,
            Timer timer,
            Consumer<Throwable> fatal,
            Undo undo) {
        BrokerSession session =
                undo.begun(
                        new BrokerSession(
                                admission.identity(),
                                suspects,
                                admission.log(),
                                admission.quorum(),
                                records,
                                timer,
                                WatchTimes.DEFAULTS.sessionMs(),
                                fatal,
                                this::left));
        admission.neighbours().say(MemberState.SERVING);
        return session.begin();
    }

    /** Hands everything over to others, as far as they can take it; blocks for seconds at most. */
    void depart() {
        if (left.get()) {
            admission.neighbours().sayGoodbye(MemberState.LEAVING);
            return;
        }
        new Departure(
                        admission.identity(),
                        admission.log(),
                        admission.quorum(),
                        ClusterLife::monotonicMs)
                .handOver(HAND_OVER_MS);
        admission.neighbours().sayGoodbye(MemberState.RESTARTING);
    }

    private static Set<PeerId> belonging(MetadataImage image) {
        Set<PeerId> peers = new HashSet<>();
        for (BrokerImage broker : image.brokers().values()) {
            peers.add(new PeerId(broker.nodeId(), broker.directoryId()));
        }
        return peers;
    }

    private static long monotonicMs() {
        return System.nanoTime() / 1_000_000;
    }
}
