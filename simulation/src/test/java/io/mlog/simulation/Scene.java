package io.mlog.simulation;

import io.mlog.broker.partition.LeaderStatus;
import io.mlog.broker.partition.Partition;
import io.mlog.core.metadata.CommandResult;
import io.mlog.core.metadata.MetadataCommand;
import io.mlog.core.metadata.PartitionImage;
import io.mlog.core.replication.IsrMember;
import io.mlog.core.replication.IsrProposal;
import io.mlog.model.Acks;
import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import io.mlog.model.TopicIdPartition;
import io.mlog.records.BatchHeader;
import io.mlog.services.OffsetFound;
import io.mlog.services.OffsetWanted;
import io.mlog.services.PartitionProduced;
import io.mlog.services.ProduceCommand;
import io.mlog.storage.fake.MemoryFileStore.Crash;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A cluster of three in a story's words; broker 1 leads at first, and all are in sync. */
final class Scene {
    private static final int SOON_MS = 5000;
    static final int PRODUCE_TIMEOUT_MS = 5000;

    private final Settings settings;
    private final Cluster cluster;
    private int appended;

    Scene() {
        this(Settings.PLAIN);
    }

    Scene(Settings settings) {
        this.settings = settings;
        this.cluster = new Cluster(settings, new SplittableRandom(7), new Trace(false)).start();
        until("all are in sync", cluster::isSettled);
    }

    Network network() {
        return cluster.network();
    }

    Quorum quorum() {
        return cluster.quorum();
    }

    SimulatedBroker broker(int id) {
        return cluster.broker(id);
    }

    // ---- time

    void run(long ms) {
        cluster.run(ms);
    }

    void until(String what, BooleanSupplier holds) {
        cluster.until(what, SOON_MS, holds);
    }

    void settle() {
        network().heal();
        for (SimulatedBroker each : cluster.machines().all()) {
            each.disk().release();
            each.start();
        }
        until("all is settled", cluster::isSettled);
        cluster.promises().checkAtRest();
    }

    // ---- brokers

    void crash(int id, Crash kind) {
        broker(id).crash(kind);
    }

    void crashUntilFenced(int id, Crash kind) {
        crash(id, kind);
        until("broker " + id + " is out of sync", () -> !isr().contains(id));
    }

    void start(int id) {
        broker(id).start();
    }

    void startUntilServing(int id) {
        start(id);
        until("broker " + id + " serves", () -> broker(id).running().serves());
    }

    // ---- network

    void cutBothWays(int one, int other) {
        network().cut(one, other);
        network().cut(other, one);
    }

    // ---- metadata

    PartitionImage decided() {
        return cluster.decided(0);
    }

    List<Integer> isr() {
        return decided().isr();
    }

    void fence(int id) {
        quorum().apply(new MetadataCommand.FenceBroker(id, broker(id).running().bootEpoch()));
    }

    /** A leader's wish reaches the metadata, whenever it was made. */
    CommandResult propose(int leader, int leaderEpoch, int partitionEpoch, int... isr) {
        List<IsrMember> members =
                Arrays.stream(isr)
                        .mapToObj(id -> new IsrMember(id, broker(id).running().bootEpoch()))
                        .toList();
        return quorum().apply(
                        new MetadataCommand.ChangePartitions(
                                leader,
                                broker(leader).running().bootEpoch(),
                                List.of(
                                        new MetadataCommand.IsrChange(
                                                new TopicIdPartition(Settings.TOPIC_ID, 0),
                                                new IsrProposal(
                                                        leaderEpoch, partitionEpoch, members)))));
    }

    /** Whether the leader has asked for these to be in sync, on the present partition epoch. */
    boolean hasProposed(int member) {
        PartitionImage now = decided();
        return cluster.machines()
                .proposals()
                .membersOf(settings.partition(0), now.leaderEpoch(), now.partitionEpoch())
                .contains(member);
    }

    /** An operator makes another in-sync replica the leader; nobody is fenced. */
    void prefer(int first) {
        cluster.machines().prefer(first);
    }

    void knowsAll(int id) {
        broker(id).running().seat().learns(quorum().lastIndex());
    }

    // ---- records

    /** What a producer hears; empty for long when it has to wait. */
    static final class Answer {
        private final List<PartitionProduced> results = new ArrayList<>();

        boolean isGiven() {
            return !results.isEmpty();
        }

        boolean isGood() {
            return isGiven() && results.getFirst().error() == ErrorCode.NONE;
        }
    }

    /** One more record of nobody's, handed to a broker. */
    Answer append(int id, Acks acks) {
        Answer answer = new Answer();
        broker(id)
                .running()
                .records()
                .produce(
                        new ProduceCommand(
                                acks,
                                PRODUCE_TIMEOUT_MS,
                                List.of(
                                        new ProduceCommand.PartitionBatches(
                                                settings.partition(0),
                                                Batches.of(
                                                        BatchHeader.NO_PRODUCER_ID, appended++, 1),
                                                1))),
                        results -> heard(answer, acks, results.getFirst()));
        return answer;
    }

    private void heard(Answer answer, Acks acks, PartitionProduced result) {
        answer.results.add(result);
        if (acks == Acks.ALL && result.error() == ErrorCode.NONE) {
            cluster.promises()
                    .ledger(0)
                    .acknowledged(
                            result.baseOffset(),
                            result.lastOffset(),
                            BatchHeader.NO_PRODUCER_ID,
                            -1);
        }
    }

    /** Records that all have and that are committed everywhere. */
    void appendSettled(int count) {
        for (int i = 0; i < count; i++) {
            Answer answer = append(decided().leader(), Acks.ALL);
            until("it is acknowledged", answer::isGood);
        }
        until("everybody knows", cluster::isSettled);
    }

    // ---- state

    private Partition replica(int id) {
        Partition open = broker(id).running().partition(0);
        if (open == null) {
            throw new IllegalStateException("broker " + id + " has not opened its replica");
        }
        return open;
    }

    boolean isOpen(int id) {
        BrokerLife life = broker(id).life();
        return life != null && life.partition(0) != null;
    }

    long end(int id) {
        return replica(id).log().logEndOffset();
    }

    long flushed(int id) {
        return replica(id).log().flushedOffset();
    }

    long highWatermark(int id) {
        return replica(id).highWatermark();
    }

    /** The leader epoch in which a broker leads, -1 when it does not. */
    int leads(int id) {
        return isOpen(id) ? replica(id).leading().map(LeaderStatus::leaderEpoch).orElse(-1) : -1;
    }

    /**
     * What a consumer is told that asks a broker for the latest offset; null when it is refused.
     */
    @Nullable Long latest(int id) {
        CompletableFuture<OffsetFound> found =
                broker(id)
                        .running()
                        .records()
                        .findOffset(settings.partition(0), new OffsetWanted.Latest());
        if (found.isCompletedExceptionally()) {
            if (!(found.exceptionNow() instanceof MlogException)) {
                throw new Violation("no offset: " + found.exceptionNow());
            }
            return null;
        }
        long told = found.join().offset();
        cluster.promises().ledger(0).told(broker(id).running().name(), leads(id), told);
        return told;
    }
}
