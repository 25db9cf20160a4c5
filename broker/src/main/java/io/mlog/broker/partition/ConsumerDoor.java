package io.mlog.broker.partition;

import io.mlog.core.replication.HighWatermark;
import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import io.mlog.services.FetchCommand.PartitionFetch;
import io.mlog.services.PartitionFetched;

/**
 * Where consumers come in: they read, wait until there is more to read, and ask how far the log
 * goes. Any thread; reading takes no lock.
 */
final class ConsumerDoor {
    private final Replica replica;
    private final PartitionReads reads;

    ConsumerDoor(Replica replica, PartitionReads reads) {
        this.replica = replica;
        this.reads = reads;
    }

    /** Reads; may block on a cold page. What is refused is noted. */
    PartitionFetched read(
            PartitionFetch wanted, boolean allowFollower, int maxBytes, boolean atLeastOneBatch) {
        PartitionFetched fetched =
                reads.forConsumer(wanted, allowFollower, maxBytes, atLeastOneBatch);
        if (fetched.error() != ErrorCode.NONE) {
            replica.refusals.note(
                    fetched.error(),
                    String.valueOf(fetched.message()),
                    replica.ports.clock().millis());
        }
        return fetched;
    }

    /** As {@link Partition#watch}. */
    boolean watch(AdvanceListener watcher, long seen) {
        replica.lock.lock();
        try {
            boolean waits = replica.stopped() == null && replica.changes() == seen;
            if (waits) {
                replica.consumers.add(watcher);
            }
            return waits;
        } finally {
            replica.lock.unlock();
        }
    }

    /** Forgets a watcher. */
    void unwatch(AdvanceListener watcher) {
        replica.lock.lock();
        try {
            replica.consumers.remove(watcher);
        } finally {
            replica.lock.unlock();
        }
    }

    /**
     * The offset that the next committed record will have, when this broker leads.
     *
     * @throws MlogException NOT_LEADER; OFFSET_NOT_AVAILABLE soon after an election (R8)
     */
    long latestOffset() {
        replica.requireLeader();
        long told = replica.toldHighWatermark();
        if (told == HighWatermark.UNKNOWN) {
            throw new MlogException(
                    ErrorCode.OFFSET_NOT_AVAILABLE,
                    "the high watermark of %s is not known yet in leader epoch %d: its in-sync replicas have not reached the end that the leader before left; retry"
                            .formatted(replica.name, replica.role().leaderEpoch()));
        }
        return told;
    }

    /**
     * Raises the log start offset to {@code offset}, at most the high watermark (-1: to that);
     * answers the new one.
     */
    long deleteBefore(long offset) {
        replica.lock.lock();
        try {
            replica.requireLeader();
            long end = replica.highWatermark.value();
            long upTo = offset == -1 ? end : offset;
            if (upTo < 0 || upTo > end) {
                throw new MlogException(
                        ErrorCode.OFFSET_OUT_OF_RANGE,
                        "records of %s can be deleted before offset 0 to %d (its high watermark), not %d"
                                .formatted(replica.name, end, offset));
            }
            replica.log.advanceLogStart(upTo);
            return replica.log.logStartOffset();
        } finally {
            replica.lock.unlock();
        }
    }
}
