package io.mlog.broker.partition;

import io.mlog.core.replication.Followership;
import io.mlog.core.replication.PartitionView;
import io.mlog.model.OffsetAndEpoch;
import io.mlog.records.CopiedRun;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The role of a replica that copies its leader's log: says what to ask next, and takes answers only
 * while they fit (R6). Guarded by the partition's lock.
 */
final class Following implements Role {
    private final Replica replica;
    private final Followership followership;
    private int partitionEpoch;
    private boolean paused;

    Following(Replica replica, PartitionView view) {
        this.replica = replica;
        this.followership = new Followership(view.leader(), view.leaderEpoch());
        this.partitionEpoch = view.partitionEpoch();
    }

    @Override
    public int leaderEpoch() {
        return followership.leaderEpoch();
    }

    @Override
    public int partitionEpoch() {
        return partitionEpoch;
    }

    /** A newer image of the same leadership. */
    void changed(PartitionView view) {
        partitionEpoch = view.partitionEpoch();
    }

    int leaderId() {
        return followership.leaderId();
    }

    /** What to ask next: nothing before what is in the log is as safe as it must be. */
    Optional<FetchPosition> position() {
        return paused || !replica.isSafe()
                ? Optional.empty()
                : Optional.of(
                        new FetchPosition(
                                followership.leaderId(),
                                followership.leaderEpoch(),
                                replica.log.logEndOffset(),
                                replica.log.latestEpoch(),
                                replica.log.logStartOffset()));
    }

    /** Whether an answer to {@code asked} is still one to what would be asked now. */
    boolean takes(FetchPosition asked) {
        return !paused
                && followership.takes(
                        asked.leaderId(),
                        asked.leaderEpoch(),
                        asked.fetchOffset(),
                        asked.lastFetchedEpoch(),
                        replica.log.logEndOffset(),
                        replica.log.latestEpoch());
    }

    /** Where to cut a log that differs from the leader's. */
    long truncationPoint(OffsetAndEpoch leaderEnd) {
        return Followership.truncationPoint(
                leaderEnd,
                replica.log.endOffsetOfEpoch(leaderEnd.leaderEpoch()),
                replica.log.logStartOffset());
    }

    /**
     * Appends the part of the answer that {@code run} found good, and follows the leader's ends.
     */
    void append(ReplicaData data, CopiedRun run) {
        ByteBuffer good = data.records().duplicate().limit(run.end());
        if (good.hasRemaining()) {
            try {
                replica.log.appendCopied(good, replica.ports.clock().millis());
            } finally {
                if (!replica.isSafe()) {
                    replica.flushSoon();
                }
            }
        }
        follow(data.logStartOffset(), data.highWatermark());
    }

    /**
     * The log start first: what lies below it may differ from the leader's, and must not be read.
     */
    private void follow(long leadersStart, long leadersHighWatermark) {
        long logEnd = replica.log.logEndOffset();
        if (leadersStart > replica.log.logStartOffset()) {
            replica.log.advanceLogStart(Math.min(leadersStart, logEnd));
        }
        replica.highWatermark.raise(Math.min(leadersHighWatermark, logEnd));
        replica.highWatermark.raise(replica.log.logStartOffset());
        boolean reached = leadersHighWatermark >= 0 && leadersHighWatermark <= logEnd;
        replica.publish(reached || replica.everTold());
    }

    /** The log was cut and ends where it does now. */
    void cut() {
        replica.highWatermark.truncated(replica.log.logEndOffset());
        replica.highWatermark.raise(replica.log.logStartOffset());
        replica.publish(replica.everTold());
    }

    void pause() {
        paused = true;
    }

    void resume() {
        paused = false;
    }
}
