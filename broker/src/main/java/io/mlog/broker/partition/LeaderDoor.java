package io.mlog.broker.partition;

import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import io.mlog.model.OffsetAndEpoch;
import io.mlog.records.CopiedRun;
import java.util.Optional;
import java.util.OptionalLong;
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

    /**
     * A cut of the log: at {@code offset}, or all of it, to begin anew there.
     *
     * @param rest the answer for which it begins anew, to be appended then; null when there is none
     */
    private record Cut(long offset, boolean restarts, @Nullable ReplicaData rest) {
        static Cut at(long offset) {
            return new Cut(offset, false, null);
        }

        static Cut anew(long offset) {
            return new Cut(offset, true, null);
        }
    }

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
        Cut cut = Cut.anew(replica.log.logStartOffset());
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
            return Cut.anew(data.logStartOffset());
        }
        if (data.error() != ErrorCode.NONE) {
            return null;
        }
        if (data.divergence().isEmpty()) {
            return isEmpty() ? toBeginOf(data) : null;
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
        return Cut.at(offset);
    }

    private boolean isEmpty() {
        return replica.log.logStartOffset() == replica.log.logEndOffset();
    }

    /**
     * The leader's log starts within a batch, of which the first records were deleted. Batches are
     * copied whole, so this log begins where that one does, and starts where the leader's does as
     * soon as it has the batch.
     */
    private @Nullable Cut toBeginOf(ReplicaData data) {
        OptionalLong begin = CopiedRun.beginsBelow(data.records(), replica.log.logEndOffset());
        if (begin.isEmpty()) {
            return null;
        }
        LOG.info(
                "{} begins anew at offset {}, with a batch within which its leader's log starts, at {}",
                replica.name,
                begin.getAsLong(),
                data.logStartOffset());
        return new Cut(begin.getAsLong(), true, data);
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
                if (failure == null && cut.rest != null && replica.stopped() == null) {
                    appendRest(following, cut.rest);
                }
                following.cut();
            }
            if (failure != null) {
                failed(failure);
            }
        } finally {
            replica.lock.unlock();
        }
    }

    /** In the leadership that was asked: the role has stayed while the log was cut. */
    private void appendRest(Following following, ReplicaData data) {
        append(
                following,
                data,
                CopiedRun.check(
                        data.records(),
                        replica.log.logEndOffset(),
                        replica.log.latestEpoch(),
                        following.leaderEpoch()));
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
