package io.mlog.broker.partition;

import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import io.mlog.model.OffsetAndEpoch;
import io.mlog.records.CopiedRun;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the answers of the leader come in that this broker follows. Any thread; takes the
 * partition's lock, but not while it cuts the log, which waits for the disk.
 */
final class LeaderDoor {
    private static final Logger LOG = LoggerFactory.getLogger(Partition.class);

    /** How long a follower waits after an answer that it could not append. */
    private static final long PAUSE_MS = 1000;

    private final Replica replica;

    LeaderDoor(Replica replica) {
        this.replica = replica;
    }

    /** A cut of the log: at {@code offset}, or all of it, to begin anew there. */
    private record Cut(long offset, boolean restarts) {}

    Optional<FetchPosition> position() {
        replica.lock.lock();
        try {
            return replica.stopped() == null
                            && !replica.cutting()
                            && replica.role() instanceof Following following
                    ? following.position()
                    : Optional.empty();
        } finally {
            replica.lock.unlock();
        }
    }

    /**
     * Gives up a log in which something was found damaged, to copy the leader's. Only at the
     * beginning of a leader epoch, and out of the ISR: nobody has counted on this copy in that
     * epoch yet, and nobody can before it is whole again, since nothing is asked meanwhile. With
     * the lock held.
     */
    void beginAnew(Following following) {
        LOG.warn(
                "{} is damaged here: all of it is copied anew from broker {}",
                replica.name,
                following.leaderId());
        Cut cut = new Cut(replica.log.logStartOffset(), true);
        replica.cutBegins();
        replica.effects.add(() -> {
            carryOut(cut);
            replica.locked(replica::fetchable);
        });
    }

    void received(FetchPosition asked, ReplicaData data) {
        CopiedRun run =
                CopiedRun.check(
                        data.records(),
                        asked.fetchOffset(),
                        asked.lastFetchedEpoch(),
                        asked.leaderEpoch());
        Cut cut;
        replica.lock.lock();
        try {
            cut = take(asked, data, run);
        } finally {
            replica.lock.unlock();
        }
        if (cut != null) {
            carryOut(cut);
        }
        replica.effects.drain();
    }

    private @Nullable Cut take(FetchPosition asked, ReplicaData data, CopiedRun run) {
        if (replica.stopped() != null
                || replica.cutting()
                || !(replica.role() instanceof Following following)
                || !following.takes(asked)) {
            return null;
        }
        Cut cut = cut(following, data);
        if (cut != null) {
            replica.cutBegins();
        } else if (data.error() == ErrorCode.NONE) {
            append(following, data, run);
        }
        return cut;
    }

    /** What of the log must go before anything can be copied, null for nothing. */
    private @Nullable Cut cut(Following following, ReplicaData data) {
        if (data.error() == ErrorCode.OFFSET_OUT_OF_RANGE && data.logStartOffset() >= 0) {
            LOG.info(
                    "{} begins anew at offset {}, where its leader's log starts",
                    replica.name,
                    data.logStartOffset());
            return new Cut(data.logStartOffset(), true);
        }
        if (data.error() != ErrorCode.NONE || data.divergence().isEmpty()) {
            return null;
        }
        OffsetAndEpoch leaderEnd = data.divergence().get();
        long offset = following.truncationPoint(leaderEnd);
        LOG.info(
                "{} is cut from offset {} to {}: its leader's epoch {} ended at {}",
                replica.name,
                replica.log.logEndOffset(),
                offset,
                leaderEnd.leaderEpoch(),
                leaderEnd.offset());
        return new Cut(offset, false);
    }

    private void append(Following following, ReplicaData data, CopiedRun run) {
        try {
            following.append(data, run);
        } catch (MlogException failure) {
            failed(failure);
            return;
        }
        if (run.isRefused()) {
            LOG.warn("{} refuses what its leader sent: {}", replica.name, run.problem());
            pause(following);
        }
    }

    private void carryOut(Cut cut) {
        MlogException failure = null;
        try {
            if (cut.restarts) {
                replica.log.restartAt(cut.offset);
            } else {
                replica.log.truncateTo(cut.offset);
            }
        } catch (MlogException e) {
            failure = e;
        }
        replica.lock.lock();
        try {
            replica.cutEnds();
            if (replica.role() instanceof Following following) {
                following.cut();
            }
            if (failure != null) {
                failed(failure);
            }
        } finally {
            replica.lock.unlock();
        }
    }

    /** A full disk passes; a log that is offline does not. */
    private void failed(MlogException failure) {
        if (replica.log.offlineReason().isPresent()) {
            replica.stop(failure.code(), failure.reason());
        } else if (replica.role() instanceof Following following) {
            LOG.warn("{} cannot follow for now: {}", replica.name, failure.reason());
            pause(following);
        }
    }

    private void pause(Following following) {
        following.pause();
        replica.ports
                .timer()
                .after(
                        PAUSE_MS,
                        () ->
                                replica.locked(() -> {
                                    following.resume();
                                    replica.fetchable();
                                }));
    }
}
