package io.mlog.simulation;

import io.mlog.broker.partition.LeaderStatus;
import io.mlog.core.metadata.MetadataImage;
import io.mlog.core.metadata.PartitionImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The invariants, checked after every event from where nobody in the cluster can see: all disks and
 * all that was decided.
 *
 * <ol>
 *   <li>What is below a high watermark is the same on every replica, byte for byte, for ever; a
 *       high watermark does not go back in a process's life, and nothing below it is cut.
 *   <li>What was acknowledged with acks=all, or read by a consumer, is below a high watermark.
 *   <li>Whatever was ever committed is on the disk of every broker in the committed ISR, so of
 *       whoever may be elected; when a leader commits, also of every broker in a set that it
 *       proposed on that partition epoch.
 *   <li>A leader commits only with the least number in sync.
 *   <li>The sequences of an idempotent producer follow each other in what is committed.
 *   <li>No leader tells a lower high watermark than was told in its epoch or an earlier one.
 *   <li>What a process had flushed is there in its machine's next life.
 *   <li>A producer is answered within the time it gave ({@link VirtualProducer}).
 * </ol>
 */
final class Promises {
    private final Machines machines;
    private final Counts counts;
    private final List<Ledger> ledgers = new ArrayList<>();
    private final List<List<ReplicaWatch>> watches = new ArrayList<>();
    private final List<Runnable> later = new ArrayList<>();
    private final List<PartitionImage> decided = new ArrayList<>();

    Promises(Machines machines, Counts counts) {
        this.machines = machines;
        this.counts = counts;
        for (int index = 0; index < machines.settings().partitions(); index++) {
            Ledger ledger = new Ledger(machines.settings().partition(index).toString());
            List<ReplicaWatch> replicas = new ArrayList<>();
            for (SimulatedBroker broker : machines.all()) {
                replicas.add(new ReplicaWatch(broker, index, ledger, counts));
            }
            ledgers.add(ledger);
            watches.add(replicas);
        }
        machines.quorum().listen(this::decided);
    }

    Ledger ledger(int partition) {
        return ledgers.get(partition);
    }

    /** Something to check at the end of this event, when what is committed is known. */
    void later(Runnable check) {
        later.add(check);
    }

    private void decided(MetadataImage image) {
        List<PartitionImage> present = new ArrayList<>();
        image.topic(Settings.TOPIC).ifPresent(topic -> present.addAll(topic.partitions()));
        for (int i = 0; i < Math.min(present.size(), decided.size()); i++) {
            PartitionImage before = decided.get(i);
            PartitionImage after = present.get(i);
            if (after.leaderEpoch() != before.leaderEpoch() && after.hasLeader()) {
                counts.one(Counts.Kind.ELECTIONS);
            }
            if (!after.isr().containsAll(before.isr())) {
                counts.one(Counts.Kind.ISR_SHRINKS);
            }
            if (!before.isr().containsAll(after.isr())) {
                counts.one(Counts.Kind.ISR_GROWTHS);
            }
        }
        decided.clear();
        decided.addAll(present);
    }

    /** Throws a {@link Violation} when one does not hold. */
    void check() {
        for (int index = 0; index < ledgers.size(); index++) {
            Ledger ledger = ledgers.get(index);
            for (ReplicaWatch each : watches.get(index)) {
                LeaderStatus committed = each.look();
                if (committed != null) {
                    checkMaximal(index, each, committed);
                }
            }
            ledger.checkAcknowledged();
            if (index < decided.size()) {
                checkCommitted(index, ledger.end());
            }
        }
        if (!later.isEmpty()) {
            later.forEach(Runnable::run);
            later.clear();
        }
    }

    /** All replicas are equal and in sync: whatever was promised is on each, and no more. */
    void checkAtRest() {
        for (int index = 0; index < ledgers.size(); index++) {
            for (ReplicaWatch each : watches.get(index)) {
                each.checkWhole();
            }
            counts.add(Counts.Kind.BATCHES_COMMITTED, ledgers.get(index).size());
        }
    }

    private void checkCommitted(int index, long end) {
        PartitionImage now = decided.get(index);
        for (int member : now.isr()) {
            long safe = machines.broker(member).safeOffset(index);
            if (safe < end) {
                throw new Violation(
                        "%s: everything below %d is committed, but broker %d of the ISR %s has %d on disk (leader %d, leader epoch %d, partition epoch %d)"
                                .formatted(
                                        machines.settings().partition(index),
                                        end,
                                        member,
                                        now.isr(),
                                        safe,
                                        now.leader(),
                                        now.leaderEpoch(),
                                        now.partitionEpoch()));
            }
        }
    }

    private void checkMaximal(int index, ReplicaWatch leader, LeaderStatus status) {
        Set<Integer> proposed =
                machines.proposals()
                        .membersOf(
                                machines.settings().partition(index),
                                status.leaderEpoch(),
                                status.partitionEpoch());
        for (int member : proposed) {
            long safe = machines.broker(member).safeOffset(index);
            if (safe < leader.highWatermark()) {
                throw new Violation(
                        "%s commits up to %d, but broker %d, which it proposed for the ISR, has %d on disk"
                                .formatted(leader.who(), leader.highWatermark(), member, safe));
            }
        }
    }
}
