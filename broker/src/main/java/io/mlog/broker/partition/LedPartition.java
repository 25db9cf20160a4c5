package io.mlog.broker.partition;

import io.mlog.services.PartitionFetched;
import io.mlog.services.ReplicaAsk;
import io.mlog.services.ReplicaIdentity;
import org.jspecify.annotations.Nullable;

/** A partition as the fetch sessions of its followers see it. Any thread. */
interface LedPartition {
    /**
     * Takes the position of a follower in: an ask that has just arrived, or that it stands by.
     * Called with no lock held, since it may answer others who wait.
     *
     * @return why the ask cannot be served, or where the logs part; null when it is in order
     */
    @Nullable PartitionFetched acknowledge(ReplicaIdentity who, ReplicaAsk ask);

    /**
     * Reads for a follower, up to the log end; says nothing about how far the follower is. Answers
     * an error once the leadership that was asked has ended.
     */
    PartitionFetched readForReplica(
            ReplicaAsk ask, int maxRecords, int maxBytes, boolean atLeastOneBatch);

    /**
     * Registers {@code watcher} to be told once when the log end passes {@code seenLogEnd}, the
     * high watermark passes {@code toldHighWatermark}, or the leadership ends.
     *
     * @return false when that has happened already; the watcher is then not registered
     */
    boolean watchForReplica(
            AdvanceListener watcher, int leaderEpoch, long seenLogEnd, long toldHighWatermark);

    /** Forgets a watcher. */
    void unwatchForReplica(AdvanceListener watcher);
}
