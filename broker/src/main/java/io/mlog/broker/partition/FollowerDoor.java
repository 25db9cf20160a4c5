package io.mlog.broker.partition;

import io.mlog.services.PartitionFetched;
import io.mlog.services.ReplicaAsk;
import io.mlog.services.ReplicaIdentity;
import org.jspecify.annotations.Nullable;

/** Where the followers of this broker come in. Any thread; takes the partition's lock. */
final class FollowerDoor implements LedPartition {
    private final Replica replica;
    private final PartitionReads reads;

    FollowerDoor(Replica replica, PartitionReads reads) {
        this.replica = replica;
        this.reads = reads;
    }

    @Override
    public @Nullable PartitionFetched acknowledge(ReplicaIdentity who, ReplicaAsk ask) {
        PartitionFetched refusal;
        replica.lock.lock();
        try {
            refusal = reads.wrongLeadership(ask.leaderEpoch());
            if (refusal == null && replica.role() instanceof Leading leading) {
                refusal = leading.acknowledge(who, ask);
            }
        } finally {
            replica.lock.unlock();
        }
        replica.effects.drain();
        return refusal;
    }

    @Override
    public PartitionFetched readForReplica(
            ReplicaAsk ask, int maxRecords, int maxBytes, boolean atLeastOneBatch) {
        return reads.forReplica(ask, maxRecords, maxBytes, atLeastOneBatch);
    }

    @Override
    public boolean watchForReplica(
            AdvanceListener watcher, int leaderEpoch, long seenLogEnd, long toldHighWatermark) {
        replica.lock.lock();
        try {
            boolean waits =
                    reads.wrongLeadership(leaderEpoch) == null
                            && replica.log.logEndOffset() <= seenLogEnd
                            && replica.toldHighWatermark() <= toldHighWatermark;
            if (waits) {
                replica.followers.add(watcher, seenLogEnd, toldHighWatermark);
            }
            return waits;
        } finally {
            replica.lock.unlock();
        }
    }

    @Override
    public void unwatchForReplica(AdvanceListener watcher) {
        replica.lock.lock();
        try {
            replica.followers.remove(watcher);
        } finally {
            replica.lock.unlock();
        }
    }
}
